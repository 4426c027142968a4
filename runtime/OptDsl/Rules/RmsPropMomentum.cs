namespace OptDsl.Rules;

/// <summary>
/// RMSProp with momentum over the normalised gradients (Graves 2013), as in PyTorch: the learning rate multiplies the velocity and is not
/// part of it.
/// </summary>
[Optimizer]
public sealed partial record RmsPropMomentum(
    [Domain("[0, inf)")] double LearningRate = 1e-2, double Decay = 0.99, [Domain("[0, 1)")] double Momentum = 0.9,
    [Domain("[0, inf)")] double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None, SavedAs = "square_avg")]
    static double MeanSquare(double gradient) => gradient * gradient;

    [State(SavedAs = "momentum_buffer")]
    double Velocity(double gradient, double meanSquare, double previousVelocity)
        => Momentum * previousVelocity + gradient / (Math.Sqrt(meanSquare) + Epsilon);

    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}
