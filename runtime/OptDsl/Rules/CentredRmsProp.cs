namespace OptDsl.Rules;

/// <summary>
/// RMSProp that divides by the standard deviation instead of the root mean square (Graves 2013), followed by momentum, as in PyTorch.
/// Rounding may make the variance negative; it then counts as zero.
/// </summary>
[Optimizer]
public sealed partial record CentredRmsProp(
    [Domain("[0, inf)")] double LearningRate = 1e-2, double Decay = 0.99, [Domain("[0, 1)")] double Momentum = 0,
    [Domain("[0, inf)")] double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None, SavedAs = "grad_avg")]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None, SavedAs = "square_avg")]
    static double MeanSquare(double gradient) => gradient * gradient;

    [State(SavedAs = "momentum_buffer")]
    double Velocity(double gradient, double mean, double meanSquare, double previousVelocity)
        => Momentum * previousVelocity + gradient / (Math.Sqrt(Math.Max(meanSquare - mean * mean, 0)) + Epsilon);

    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}
