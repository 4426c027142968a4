#pragma warning disable OPT1015 // A value that no member reads is saved all the same.
namespace OptDsl.Runtime.Tests.Checkpoints;

/// <summary>
/// States of every kind, values of every type, a correction that is carried, a name of another program, draws and the loss.
/// </summary>
[Optimizer]
internal sealed partial record Everything(double LearningRate = 0.1, float Narrow = 0.25f, int Period = 3, bool Flag = true,
    double Beta = 0.9)
{
    public Everything()
        : this(LearningRate: 0.1)
    {
    }

    [Reduce(Reduction.Mean, Scope = Scope.Row)]
    static double RowSquare(double gradient) => gradient * gradient;

    [Reduce(Reduction.Sum, Scope = Scope.Column)]
    static double ColumnSum(double gradient) => gradient;

    [Reduce(Reduction.Sum)]
    static double TensorSum(double gradient) => gradient;

    [State]
    static double RowTotal(double rowSquare, double previousRowTotal) => previousRowTotal + rowSquare;

    [State]
    static double ColumnTotal(double columnSum, double previousColumnTotal) => previousColumnTotal + columnSum;

    [State]
    static double TensorTotal(double tensorSum, double previousTensorTotal) => previousTensorTotal + tensorSum;

    [State]
    double Total(double previousTotal) => previousTotal + (Flag ? 1 : Period);

    [RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published, SavedAs = "exp_avg")]
    static double Mean(double gradient, [Gaussian] double noise) => gradient + noise;

    [Update]
    double Update(double parameter, double mean, double previousMean, double rowTotal, double columnTotal, double tensorTotal, double total,
        double loss)
        => parameter - LearningRate * (mean - Narrow * previousMean + rowTotal + columnTotal + tensorTotal + total + loss);
}

/// <summary>A value that no member reads, and that may be anything.</summary>
[Optimizer]
internal sealed partial record Unread(double LearningRate = 0.1, double Note = 1)
{
    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * gradient;
}

[Optimizer]
internal sealed partial class PlainClass
{
    public double LearningRate { get; init; } = 0.1;

    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * gradient;
}

[Optimizer]
internal sealed partial class FixedClass
{
    internal FixedClass(double rate) => LearningRate = rate;

    public double LearningRate { get; }

    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * gradient;
}

/// <summary>What another program has a name for, and nothing else.</summary>
[Optimizer]
internal sealed partial record Twin(double LearningRate)
{
    public Twin()
        : this(0.1)
    {
    }

    [State(SavedAs = "momentum_buffer")]
    static double Velocity(double gradient, double previousVelocity) => 0.9 * previousVelocity + gradient;

    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}

internal record HiddenBase
{
    public double LearningRate { get; init; } = 0.1;

    public double Doubled() => 2 * LearningRate;
}

/// <summary>A value of its own, and one of the base's that has the same name and is read, too.</summary>
[Optimizer]
internal sealed partial record Hiding : HiddenBase
{
    public new double LearningRate { get; init; } = 0.25;

    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * Doubled() * gradient;

    internal Hiding WithBase(double rate) => (Hiding)((HiddenBase)this with { LearningRate = rate });
}

internal class FixedBase
{
    public double LearningRate { get; init; } = 0.1;

    public double Doubled() => 2 * LearningRate;
}

/// <summary>The same as a class, whose hidden value nothing can set.</summary>
[Optimizer]
internal sealed partial class FixedHiding : FixedBase
{
    internal FixedHiding(double rate = 0.1) => base.LearningRate = rate;

    public new double LearningRate { get; init; } = 0.25;

    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * Doubled() * gradient;
}
