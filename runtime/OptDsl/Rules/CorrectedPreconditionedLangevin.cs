namespace OptDsl.Rules;

/// <summary>
/// <see cref="PreconditionedLangevin"/> with the term Gamma, the derivative of G by its own parameter (Li et al. 2016, equation 4, after
/// Girolami and Calderhead 2011). It needs the diagonal of the Hessian, which the caller passes as the input <c>curvature</c>. With
/// <c>Decay</c> 0, G is a function of the parameters, and the stationary density is exp(-f / <c>Temperature</c>) as the step size goes to
/// zero.
/// </summary>
[Optimizer]
public sealed partial record CorrectedPreconditionedLangevin(
    [Domain("[0, inf)")] double StepSize = 1e-2, [Domain("[0, inf)")] double Temperature = 1, double Decay = 0.99,
    [Domain("(0, inf)")] double Epsilon = 1e-5)
{
    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Derived]
    double Preconditioner(double meanSquare) => 1 / (Epsilon + Math.Sqrt(meanSquare));

    // The mean square's derivative is 2 (1 - Decay) gradient curvature. If the mean square is zero, so is the gradient, and G has no
    // derivative.
    [Derived]
    double Gamma(double gradient, double meanSquare, double preconditioner, [PerParameter] double curvature)
        => meanSquare > 0 ? -(1 - Decay) * gradient * curvature * preconditioner * preconditioner / Math.Sqrt(meanSquare) : 0;

    [Update]
    double Update(double parameter, double gradient, double preconditioner, double gamma, [Gaussian] double noise)
        => parameter - StepSize * (preconditioner * gradient - Temperature * gamma)
        + Math.Sqrt(2 * Temperature * StepSize * preconditioner) * noise;
}
