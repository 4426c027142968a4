namespace OptDsl.Rules;

/// <summary>
/// Overdamped Langevin dynamics with Euler steps (Rossky, Doll and Friedman 1978; unadjusted, Roberts and Tweedie 1996). With batch
/// gradients it is stochastic gradient Langevin dynamics (Welling and Teh 2011, whose epsilon is 2 <c>StepSize</c>). For a loss f the
/// stationary density is exp(-f / <c>Temperature</c>) as the step size goes to zero. For f = x^2 / 2 the variance is <c>Temperature</c> /
/// (1 - <c>StepSize</c> / 2).
/// </summary>
[Optimizer]
public sealed partial record Langevin([Domain("[0, inf)")] double StepSize = 1e-2, [Domain("[0, inf)")] double Temperature = 1)
{
    [Update]
    double Update(double parameter, double gradient, [Gaussian] double noise)
        => parameter - StepSize * gradient + Math.Sqrt(2 * StepSize * Temperature) * noise;
}
