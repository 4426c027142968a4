using System.Numerics;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>
/// A line through the parameters of a buffer. It has its own optimizer to move along it, because only optimizers write parameters.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
internal sealed class Line<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly AlongLine AtOrigin = new();

    private readonly ParameterBuffer<T> parameters;
    private readonly IOptimizer<T> optimizer;
    private readonly IRuleBinding<AlongLine> rules;
    private readonly string[] groups;
    private readonly T[] gradients, direction;

    private Line(ParameterBuffer<T> parameters)
    {
        this.parameters = parameters;
        gradients = new T[parameters.Count];
        direction = new T[parameters.Count];
        groups = [.. parameters.Tensors.Select(tensor => tensor.Group).Distinct()];

        // A trial that overflows has a loss that is not finite, and is therefore rejected.
        optimizer = parameters.OptimizeEither(AtOrigin, new OptimizerOptions { OnNonFinite = OnNonFinite.Ignore });
        rules = (IRuleBinding<AlongLine>)optimizer;
    }

    /// <summary>The direction, laid out like the parameters. A positive rate moves against it.</summary>
    internal Span<T> Direction => direction;

    internal static Line<T> Through(ParameterBuffer<T> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new Line<T>(parameters);
    }

    /// <summary>Starts the line at the current parameters, and stores the gradients.</summary>
    internal void Begin()
    {
        parameters.ReadOnlyValues.CopyTo(optimizer.GetInput("origin"));
        parameters.Gradients.CopyTo(gradients);
    }

    /// <summary>
    /// Moves to origin - rate x direction, in one group or, if null, in all groups. The other groups move to the origin. The gradients
    /// become the direction.
    /// </summary>
    internal void MoveTo(double rate, string? unit)
    {
        direction.CopyTo(parameters.Gradients);
        Walk(rate, unit);
    }

    /// <summary>Moves like <see cref="MoveTo"/>, and restores the gradients at the origin.</summary>
    internal void EndAt(double rate, string? unit)
    {
        MoveTo(rate, unit);
        gradients.CopyTo(parameters.Gradients);
    }

    /// <summary>Restores the parameters and the gradients.</summary>
    internal void Return() => EndAt(0, null);

    /// <summary>Writes the parameters and the companion data.</summary>
    internal void Save(string path, CheckpointCompanion companion, CancellationToken cancellation)
        => optimizer.Save(path, companion, cancellation);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    internal void Load(string path, CheckpointCompanion companion) => optimizer.Load(path, companion);

    /// <summary>The sum of gradient x direction, in one group or in all, in double.</summary>
    internal double ComputeSlope(string? unit)
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

    private void Walk(double rate, string? unit)
    {
        AlongLine there = rate == 0 ? AtOrigin : new AlongLine(rate);
        foreach (string name in groups)
        {
            rules.SetRule(name, unit is null || name == unit ? there : AtOrigin);
        }

        optimizer.Step();
    }

    /// <summary>Adds in four sums, because a single sum would wait for its own result.</summary>
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
