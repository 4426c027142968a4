namespace OptDsl.Conformance.Tests.Rules;

// What PyTorch 1.13 did, faults and single-precision scalars included: for its recorded runs only.

/// <summary>
/// NAdam as PyTorch 1.13 had it: the product of the schedule is kept in float, and has one factor twice in the second term.
/// </summary>
[Optimizer]
public sealed partial record NAdam113(
    double LearningRate = 2e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double MomentumDecay = 4e-3)
{
    double MomentumAt(int step) => Beta1 * (1 - 0.5 * RuleMath.Pow(0.96, step * MomentumDecay));

    [Derived]
    double Momentum(int step) => MomentumAt(step);

    [Derived]
    double NextMomentum(int step) => MomentumAt(step + 1);

    [State(Initial = 1.0)]
    static double Product(double momentum, double previousProduct) => (float)(previousProduct * (float)momentum);

    [Derived]
    static double NextProduct(double product, double momentum, double nextMomentum)
    {
        double twice = (float)(product * (float)momentum);
        return (float)(twice * (float)nextMomentum);
    }

    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.None)]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double gradient, double mean, double meanSquare, double product, double nextProduct, double momentum,
        double nextMomentum)
        => parameter - (LearningRate * (1 - momentum) / (1 - product) * gradient + LearningRate * nextMomentum / (1 - nextProduct) * mean)
            / (Math.Sqrt(meanSquare) + Epsilon);
}

/// <summary>ASGD as PyTorch 1.13 had it: rate and weight are kept in float.</summary>
[Optimizer]
public sealed partial record AveragedSgd113(double LearningRate = 1e-2, double Lambda = 1e-4, double Alpha = 0.75, double Begin = 1e6)
{
    [Derived]
    double Rate(int step) => (float)(LearningRate / RuleMath.Pow(1 + Lambda * LearningRate * (step - 1), Alpha));

    [Derived]
    double Newest(int step) => (float)(1 / Math.Max(1, step - 1 - Begin));

    [Update]
    double Update(double parameter, double gradient, double rate) => parameter * (1 - Lambda * rate) - rate * gradient;

    [RunningAverage(Weight = nameof(Newest))]
    static double Average(double update) => update;

    [ReadAt]
    static double Read(double average) => average;
}

/// <summary>Momentum with PyTorch's dampening, which spares the first gradient.</summary>
[Optimizer]
public sealed partial record DampenedMomentum(double LearningRate = 1e-2, double Decay = 0.9, double Dampening = 0.5)
{
    [State]
    double Velocity(double gradient, double previousVelocity, int step)
        => step == 1 ? gradient : Decay * previousVelocity + (1 - Dampening) * gradient;

    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}

/// <summary>AdamW with the greatest mean square so far.</summary>
[Optimizer]
public sealed partial record AmsGradW(
    double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 1e-2)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.None)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.None)]
    static double Seen() => 1;

    [State]
    static double Largest(double meanSquare, double previousLargest) => Math.Max(previousLargest, meanSquare);

    [Update]
    double Update(double parameter, double mean, double largest, double seen)
        => parameter * (1 - LearningRate * WeightDecay) - LearningRate * mean / (Math.Sqrt(largest) / Math.Sqrt(seen) + Epsilon);
}

/// <summary>Gradient descent with each gradient clipped by itself.</summary>
[Optimizer]
public sealed partial record ValueClip(double LearningRate = 0.1, double Largest = 1)
{
    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * Math.Clamp(gradient, -Largest, Largest);
}

/// <summary>Gradient descent clipped by the greatest of all gradients.</summary>
[Optimizer]
public sealed partial record GreatestClip(double LearningRate = 0.1, double Largest = 1)
{
    [Reduce(Reduction.Max, Scope = Scope.Global)]
    static double Greatest(double gradient) => Math.Abs(gradient);

    [Derived]
    double Scale(double greatest) => Math.Min(1, Largest / (greatest + 1e-6));

    [Update]
    double Update(double parameter, double gradient, double scale) => parameter - LearningRate * (scale * gradient);
}

/// <summary>Gradient descent clipped by the sum of the sizes of all gradients.</summary>
[Optimizer]
public sealed partial record AbsoluteClip(double LearningRate = 0.1, double Largest = 1)
{
    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double Total(double gradient) => Math.Abs(gradient);

    [Derived]
    double Scale(double total) => Math.Min(1, Largest / (total + 1e-6));

    [Update]
    double Update(double parameter, double gradient, double scale) => parameter - LearningRate * (scale * gradient);
}
