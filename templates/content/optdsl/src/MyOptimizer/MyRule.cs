using OptDsl;

namespace MyNamespace;

/// <summary>Adam: the mean of the gradients, divided by the root of their mean square.</summary>
[Optimizer]
public sealed partial record MyRule(double LearningRate = 1e-2, double Beta1 = 0.9, double Beta2 = 0.99, double Epsilon = 1e-8)
{
    /// <summary>The mean of the gradients, in which a gradient's weight falls by Beta1 per step.</summary>
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    /// <summary>The mean of their squares.</summary>
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)]
    static double MeanSquare(double gradient) => gradient * gradient;

    /// <summary>The parameter after the step.</summary>
    [Update]
    double Update(double parameter, double mean, double meanSquare)
        => parameter - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);
}
