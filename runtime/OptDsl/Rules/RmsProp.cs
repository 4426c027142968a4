namespace OptDsl.Rules;

/// <summary>RMSProp (Tieleman and Hinton 2012) as in PyTorch: epsilon outside the root, no bias correction.</summary>
[Optimizer]
public sealed partial record RmsProp(
    [Domain("[0, inf)")] double LearningRate = 1e-2, double Decay = 0.99, [Domain("[0, inf)")] double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None, SavedAs = "square_avg")]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double gradient, double meanSquare)
        => parameter - LearningRate * gradient / (Math.Sqrt(meanSquare) + Epsilon);
}
