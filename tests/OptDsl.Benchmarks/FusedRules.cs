namespace OptDsl.Benchmarks;

/// <summary><see cref="Rules.Adam"/> with fused arithmetic.</summary>
[Optimizer(Arithmetic = Arithmetic.Fused)]
internal sealed partial record FusedAdam(
    double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double mean, double meanSquare)
        => parameter - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);
}

/// <summary><see cref="Rules.Momentum"/> with fused arithmetic.</summary>
[Optimizer(Arithmetic = Arithmetic.Fused)]
internal sealed partial record FusedMomentum(double LearningRate = 1e-2, double Decay = 0.9)
{
    [State]
    double Velocity(double gradient, double previousVelocity) => Decay * previousVelocity + gradient;

    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}
