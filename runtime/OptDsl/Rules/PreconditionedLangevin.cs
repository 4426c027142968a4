namespace OptDsl.Rules;

/// <summary>
/// Stochastic gradient Langevin dynamics preconditioned like RMSProp, with G = 1 / (epsilon + root of the mean square) (Li, Chen, Carlson
/// and Carin 2016, equations 4 and 5). As in their experiments, the term with the derivative of G is left out. The result is biased where G
/// depends on the parameters. <see cref="CorrectedPreconditionedLangevin"/> has the term.
/// </summary>
[Optimizer]
public sealed partial record PreconditionedLangevin(
    [Domain("[0, inf)")] double StepSize = 1e-2, [Domain("[0, inf)")] double Temperature = 1, double Decay = 0.99,
    [Domain("(0, inf)")] double Epsilon = 1e-5)
{
    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Rate]
    double Rate(double meanSquare) => StepSize / (Epsilon + Math.Sqrt(meanSquare));

    [Update]
    double Update(double parameter, double gradient, double rate, [Gaussian] double noise)
        => parameter - rate * gradient + Math.Sqrt(2 * Temperature * rate) * noise;
}
