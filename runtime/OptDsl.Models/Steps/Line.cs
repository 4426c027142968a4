using System.Numerics;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>
/// A line through the parameters of a buffer. It is walked by an optimizer of its own, since only optimizers write parameters.
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

        // A trial that overflows has a loss that is not finite, and is rejected for it.
        optimizer = parameters.OptimizeEither(AtOrigin, new OptimizerOptions { OnNonFinite = OnNonFinite.Ignore });
        rules = (IRuleBinding<AlongLine>)optimizer;
    }

    /// <summary>What is walked against, laid out like the parameters.</summary>
    internal Span<T> Direction => direction;

    internal static Line<T> Through(ParameterBuffer<T> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new Line<T>(parameters);
    }

    /// <summary>Lays the line through the parameters as they are, and keeps the gradients.</summary>
    internal void Begin()
    {
        parameters.ReadOnlyValues.CopyTo(optimizer.GetInput("origin"));
        parameters.Gradients.CopyTo(gradients);
    }

    /// <summary>
    /// Goes to origin - rate x direction, in one group or, if null, in all; the other groups are at the origin then. The gradients become
    /// the direction.
    /// </summary>
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

    /// <summary>Writes the parameters and what goes with them.</summary>
    internal void Save(string path, CheckpointCompanion companion, CancellationToken cancellation)
        => optimizer.Save(path, companion, cancellation);

    /// <summary>Takes over what Save wrote.</summary>
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
