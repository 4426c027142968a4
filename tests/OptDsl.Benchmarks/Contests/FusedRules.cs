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

/// <summary><see cref="Rules.AdamW"/> with fused arithmetic.</summary>
[Optimizer(Arithmetic = Arithmetic.Fused)]
internal sealed partial record FusedAdamW(
    double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 1e-2)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double mean, double meanSquare)
        => parameter * (1 - LearningRate * WeightDecay) - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);
}

/// <summary><see cref="Rules.RmsProp"/> with fused arithmetic.</summary>
[Optimizer(Arithmetic = Arithmetic.Fused)]
internal sealed partial record FusedRmsProp(double LearningRate = 1e-2, double Decay = 0.99, double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double gradient, double meanSquare)
        => parameter - LearningRate * gradient / (Math.Sqrt(meanSquare) + Epsilon);
}

/// <summary><see cref="Rules.Lion"/> with fused arithmetic.</summary>
[Optimizer(Arithmetic = Arithmetic.Fused)]
internal sealed partial record FusedLion(
    double LearningRate = 1e-4, double Beta1 = 0.9, double Beta2 = 0.99, double WeightDecay = 0)
{
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.None)]
    static double Mean(double gradient) => gradient;

    [Derived]
    double Direction(double gradient, double previousMean) => RuleMath.Sign(Beta1 * previousMean + (1 - Beta1) * gradient);

    [Update]
    double Update(double parameter, double direction)
        => parameter * (1 - LearningRate * WeightDecay) - LearningRate * direction;
}
