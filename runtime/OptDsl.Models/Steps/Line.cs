using System.Numerics;

namespace OptDsl.Models;

/// <summary>A line through the parameters of a buffer. It is walked by an optimizer of its own, since only optimizers write parameters.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
internal abstract class Line<T>(ParameterBuffer<T> parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] gradients = new T[parameters.Count], direction = new T[parameters.Count];

    /// <summary>What is walked against, laid out like the parameters.</summary>
    internal Span<T> Direction => direction;

    private protected abstract Span<T> Origin { get; }

    internal static Line<T> Through(ParameterBuffer<T> parameters)
    {
        // A rule steps float and double, but C# cannot say that it steps every T.
        return parameters switch
        {
            ParameterBuffer<double> buffer => (Line<T>)(object)new Line<double, AlongLine>(buffer, new AlongLine(), static rate => new AlongLine(rate)),
            ParameterBuffer<float> buffer => (Line<T>)(object)new Line<float, AlongLine>(buffer, new AlongLine(), static rate => new AlongLine(rate)),
            _ => throw new ArgumentNullException(nameof(parameters)),
        };
    }

    /// <summary>Lays the line through the parameters as they are, and keeps the gradients.</summary>
    internal void Begin()
    {
        parameters.ReadOnlyValues.CopyTo(Origin);
        parameters.Gradients.CopyTo(gradients);
    }

    /// <summary>Goes to origin - rate x direction, in one group or, if null, in all; the other groups are at the origin then. The gradients become the direction.</summary>
    internal void MoveTo(double rate, string? unit)
    {
        direction.CopyTo(parameters.Gradients);
        Walk(rate, unit);
    }

    /// <summary>The same to stay there: the gradients become again those at the origin.</summary>
    internal void EndAt(double rate, string? unit)
    {
        MoveTo(rate, unit);
        gradients.CopyTo(parameters.Gradients);
    }

    /// <summary>Puts the parameters and the gradients back as they were.</summary>
    internal void Return() => EndAt(0, null);

    private protected abstract void Walk(double rate, string? unit);

    /// <summary>Writes the parameters and what goes with them.</summary>
    internal abstract void Save(string path, Checkpoints.CheckpointCompanion companion, CancellationToken cancellation);

    /// <summary>Takes over what Save wrote.</summary>
    internal abstract void Load(string path, Checkpoints.CheckpointCompanion companion);

    /// <summary>The sum of gradient x direction, in one group or in all, in double.</summary>
    internal double Slope(string? unit)
    {
        double slope = 0;
        foreach (ParameterTensor<T> tensor in parameters.Tensors)
        {
            if (unit is null || tensor.Group == unit)
            {
                slope += Products(gradients.AsSpan(tensor.Offset, tensor.Length), direction.AsSpan(tensor.Offset, tensor.Length));
            }
        }

        return slope;
    }

    /// <summary>In four sums, since one would wait for itself.</summary>
    private static double Products(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        double first = 0, second = 0, third = 0, fourth = 0;
        int i = 0;
        for (; i + 3 < a.Length; i += 4)
        {
            first += double.CreateTruncating(a[i]) * double.CreateTruncating(b[i]);
            second += double.CreateTruncating(a[i + 1]) * double.CreateTruncating(b[i + 1]);
            third += double.CreateTruncating(a[i + 2]) * double.CreateTruncating(b[i + 2]);
            fourth += double.CreateTruncating(a[i + 3]) * double.CreateTruncating(b[i + 3]);
        }

        for (; i < a.Length; i++)
        {
            first += double.CreateTruncating(a[i]) * double.CreateTruncating(b[i]);
        }

        return first + third + (second + fourth);
    }
}

/// <summary>The line as a rule with the input <c>origin</c>.</summary>
internal sealed class Line<T, TRule> : Line<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private readonly Optimizer<T, TRule> optimizer;
    private readonly Func<double, TRule> withRate;
    private readonly TRule atOrigin;

    internal Line(ParameterBuffer<T> parameters, TRule atOrigin, Func<double, TRule> withRate)
        : base(parameters)
    {
        // A trial that overflows has a loss that is not finite, and is rejected for it.
        optimizer = parameters.Optimize(atOrigin, new OptimizerOptions { OnNonFinite = OnNonFinite.Ignore });
        this.atOrigin = atOrigin;
        this.withRate = withRate;
    }

    private protected override Span<T> Origin => optimizer.Input("origin");

    private protected override void Walk(double rate, string? unit)
    {
        TRule there = rate == 0 ? atOrigin : withRate(rate);
        foreach ((string name, OptimizerGroup<T, TRule> group) in optimizer.Groups)
        {
            group.Rule = unit is null || name == unit ? there : atOrigin;
        }

        optimizer.Step();
    }

    internal override void Save(string path, Checkpoints.CheckpointCompanion companion, CancellationToken cancellation) => optimizer.Save(path, companion, cancellation);

    internal override void Load(string path, Checkpoints.CheckpointCompanion companion) => optimizer.Load(path, companion);
}
