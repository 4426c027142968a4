namespace OptDsl.Rules;

/// <summary>
/// Adam whose model is a running average of the iterates from the first step on (Polyak and Juditsky 1992; exponential as in Izmailov et
/// al. 2018).
/// </summary>
[Optimizer]
public sealed partial record WeightAverageAdam(
    [Domain("[0, inf)")] double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999,
    [Domain("[0, inf)")] double Epsilon = 1e-8, double AverageDecay = 0.999)
{
    [Derived]
    static double Start(double parameter) => parameter;

    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double mean, double meanSquare)
        => parameter - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);

    [RunningAverage(Decay = nameof(AverageDecay), Initial = nameof(Start))]
    static double Average(double update) => update;

    [ReadAt]
    static double Read(double average) => average;
}
