namespace OptDsl.Rules;

/// <summary>
/// Prodigy (Mishchenko and Defazio 2023): Adam that estimates its distance to the solution, and from it the learning rate. As in the
/// authors' code, the distance before this step scales the step, and the distance after it scales epsilon.
/// </summary>
[Optimizer]
public sealed partial record Prodigy(
    [Domain("[0, inf)")] double LearningRate = 1, double Beta1 = 0.9, double Beta2 = 0.999,
    [Domain("[0, inf)")] double Epsilon = 1e-8, [Domain("(0, inf)")] double First = 1e-6,
    [Domain("[0, inf)")] double Coefficient = 1, [Domain("[0, inf)")] double WeightDecay = 0)
{
    [Derived]
    static double Start(double parameter) => parameter;

    [State(Initial = nameof(Start))]
    static double Origin(double previousOrigin) => previousOrigin;

    double Beta3 => Math.Sqrt(Beta2);

    [Derived]
    double Scaled(double previousDistance) => previousDistance * LearningRate;

    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double Inner(double parameter, double gradient, double origin, double scaled) => scaled * (gradient * (origin - parameter));

    [State]
    double Numerator(double inner, double previousDistance, double previousNumerator)
    => Beta3 * previousNumerator + previousDistance / First * inner;

    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.None)]
    static double Mean(double gradient, double previousDistance) => previousDistance * gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.None)]
    static double MeanSquare(double gradient, double previousDistance) => (previousDistance * gradient) * (previousDistance * gradient);

    [State]
    double Sum(double gradient, double previousDistance, double scaled, double previousSum)
    => Beta3 * previousSum + previousDistance / First * scaled * gradient;

    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double AbsoluteSum(double sum) => Math.Abs(sum);

    [State(Initial = nameof(First))]
    double Distance(double numerator, double absoluteSum, double previousDistance)
        => absoluteSum == 0 ? previousDistance : Math.Max(previousDistance, Coefficient * numerator / absoluteSum);

    [Update]
    double Update(double parameter, double mean, double meanSquare, double scaled, double distance)
        => parameter * (1 - WeightDecay * scaled) - scaled * mean / (Math.Sqrt(meanSquare) + distance * Epsilon);
}
