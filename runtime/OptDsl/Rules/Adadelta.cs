namespace OptDsl.Rules;

/// <summary>Adadelta (Zeiler 2012). Both averages have epsilon under the root. The learning rate is a pure number.</summary>
[Optimizer]
public sealed partial record Adadelta(
    [Domain("[0, inf)")] double LearningRate = 1, double Decay = 0.9, [Domain("[0, inf)")] double Epsilon = 1e-6)
{
    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None, SavedAs = "square_avg")]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Derived]
    double Direction(double gradient, double meanSquare, double previousMeanChange)
        => Math.Sqrt(previousMeanChange + Epsilon) / Math.Sqrt(meanSquare + Epsilon) * gradient;

    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None, SavedAs = "acc_delta")]
    static double MeanChange(double direction) => direction * direction;

    [Update]
    double Update(double parameter, double direction) => parameter - LearningRate * direction;
}
