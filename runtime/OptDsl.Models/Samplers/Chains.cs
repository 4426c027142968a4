using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using OptDsl.Threads;

namespace OptDsl.Models;

/// <summary>
/// The positions of all chains, one per row, so that a rule steps them in one pass; and the target's potentials and gradients there.
/// </summary>
/// <remarks>
/// Many rows are split into several tensors, which are contiguous in memory. Rules do not notice, because they reduce over rows at most.
/// Threads step the tensors separately, so the data of a block of rows stays in a core's own cache.
/// </remarks>
internal sealed class Chains<T> : ITiledWork, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const uint StartStream = 0x73746172;

    // An evaluation that takes longer than the first is shared with threads that are awake, as they are after a step; longer than the
    // second, it wakes them. There are several tiles per thread, so that no thread waits long for the last tile.
    private const double SharedSeconds = 8e-6, WakeSeconds = 50e-6;
    private const int TilesAThread = 4, MaxThreads = 1024;

    // The number of components in a block of rows, if there are several blocks.
    private const int BlockComponents = 8192, LeastBlocks = 4;

    private readonly ITarget<T> target;
    private readonly SamplerOptions options;
    private readonly int threads, tileChains, tiles;
    private readonly object failing = new();
    private ExceptionDispatchInfo? failure;
    private int failedTile;
    private double seconds;
    private long step;
    private IRowWork? around;

    internal Chains(ITarget<T> target, SamplerOptions options, int replicas, ChainStart<T>? start)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Dimensions, 1, nameof(target));
        options.Validate(target.Dimensions);
        if (options.Threads is < 0 or > MaxThreads)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Threads,
                $"Threads must be from 0 to {MaxThreads}; 0 leaves the choice to the library.");
        }

        if ((double)options.Chains * replicas * target.Dimensions > Array.MaxLength / 2)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Chains,
                $"{options.Chains} chains{(replicas == 1 ? "" : $" of {replicas} replicas")} of {target.Dimensions} components are more than a buffer can hold. Use fewer chains.");
        }

        if (((long)options.FirstChain + options.Chains) * replicas > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.FirstChain,
                $"FirstChain must be at most {(int.MaxValue / replicas) - options.Chains}, so that the chains{(replicas == 1 ? "" : $", of {replicas} replicas each,")} can be numbered.");
        }

        (this.target, this.options, Replicas) = (target, options, replicas);
        Count = options.Chains * replicas;
        First = options.FirstChain * replicas;
        Dimensions = target.Dimensions;
        Potentials = new double[Count];
        int block = (long)Count * Dimensions < LeastBlocks * BlockComponents ? Count : Math.Clamp(BlockComponents / Dimensions, 1, Count);
        for (int from = 0; from < Count; from += block)
        {
            Buffer.Add(block == Count ? "position" : string.Create(CultureInfo.InvariantCulture, $"position.{from / block}"),
                [Math.Min(block, Count - from), Dimensions]);
        }

        threads = !target.IsThreadSafe ? 1 : options.Threads != 0 ? options.Threads : Environment.ProcessorCount;
        threads = Math.Min(threads, Count);
        tileChains = threads == 1 ? block : Math.Min(block, (Count + (threads * TilesAThread) - 1) / (threads * TilesAThread));
        tiles = (Count + tileChains - 1) / tileChains;
        Buffer.RequireThreads(threads);
        Start(start ?? Scattered);
    }

    /// <summary>The number of rows: chains times replicas.</summary>
    internal int Count { get; }

    /// <summary>The number of rows per chain.</summary>
    internal int Replicas { get; }

    /// <summary>The number of the first row among all rows of the run.</summary>
    internal int First { get; }

    internal int Dimensions { get; }

    internal ParameterBuffer<T> Buffer { get; } = new();

    internal ReadOnlySpan<T> Positions => Buffer.ReadOnlyValues;

    internal Span<T> WritablePositions => Buffer.Values;

    internal Span<T> Gradients => Buffer.Gradients;

    /// <summary>U of each row at its last evaluation.</summary>
    internal double[] Potentials { get; }

    /// <summary>The options for binding the rule. The noise of a row does not depend on the other rows.</summary>
    internal OptimizerOptions OptimizerOptions(OnNonFinite onNonFinite) => new()
    {
        Seed = options.Seed,
        Threads = options.Threads,
        Width = options.Width,
        OnNonFinite = onNonFinite,
        NoiseOffset = (ulong)First * (ulong)Dimensions,
    };

    /// <summary>A row's position.</summary>
    internal ReadOnlySpan<T> GetPosition(int row) => Positions.Slice(row * Dimensions, Dimensions);

    /// <summary>Evaluates U and its gradient at every position.</summary>
    /// <param name="transitions">The number of transitions that are complete after this evaluation.</param>
    /// <param name="work">Work on a block of rows before and after its evaluation, on the same thread; none if null.</param>
    internal void Evaluate(long transitions, IRowWork? work = null)
    {
        using Evaluation under = Buffer.BeginEvaluation(isOfAll: true, "The target's evaluation");
        (step, around) = (transitions, work);
        long began = Stopwatch.GetTimestamp();
        int used = seconds > SharedSeconds ? threads : 1;
        if (used > 1)
        {
            Buffer.Team.Run(this, tiles, threads, wake: seconds > WakeSeconds);
        }
        else
        {
            for (int tile = 0; tile < tiles && failure is null; tile++)
            {
                ((ITiledWork)this).Run(tile);
            }
        }

        if (failure is { } thrown)
        {
            failure = null;
            thrown.Throw();
        }

        // This depends on measured time and thus on chance, but the results do not depend on it.
        seconds = Stopwatch.GetElapsedTime(began).TotalSeconds * used;
    }

    void ITiledWork.Run(int tile)
    {
        try
        {
            int from = tile * tileChains, count = Math.Min(tileChains, Count - from);
            around?.Before(from, count);
            target.Evaluate(Batch(from, count));
            around?.After(from, count);
        }
        catch (Exception exception)
        {
            lock (failing)
            {
                // Of several failures, that of the first chain is reported, as on a single thread.
                if (failure is null || tile < failedTile)
                {
                    (failure, failedTile) = (ExceptionDispatchInfo.Capture(exception), tile);
                }
            }
        }
    }

    /// <summary>Computes the diagonal of U's Hessian at every position, and throws if it is not finite.</summary>
    internal void ComputeCurvature(ICurvatureTarget<T> curved, Span<T> diagonals, int transitions)
    {
        curved.ComputeCurvature(Batch(0, Count), diagonals);
        for (int row = 0; row < Count; row++)
        {
            Span<T> diagonal = diagonals.Slice(row * Dimensions, Dimensions);
            if (!TensorPrimitives.IsFiniteAll<T>(diagonal))
            {
                throw new SamplingException(ChainOf(row), transitions,
                    $"the curvature is {Describe(diagonal)} at {Describe(GetPosition(row))}; every component must be finite");
            }
        }
    }

    /// <summary>Draws one number per row, uniform in (0, 1), independent of the draws of rules.</summary>
    internal void Draw(uint stream, long transition, Span<double> draws)
        => Noise.Fill(NoiseKind.Uniform, new NoiseKey(options.Seed, (ulong)transition, stream), (ulong)First, draws, options.Width);

    /// <summary>Throws if a chain's potential is not finite.</summary>
    internal void RequireFinite(int transitions)
    {
        for (int row = 0; row < Count; row++)
        {
            double potential = Potentials[row];
            if (!double.IsFinite(potential))
            {
                string advice = !double.IsPositiveInfinity(potential)
                    ? "a potential is a finite number, or positive infinity outside of the density's support"
                    : transitions == 0 ? "begin within the density's support" : "a smaller step may keep it within the density's support";
                throw new SamplingException(ChainOf(row), transitions,
                    string.Create(CultureInfo.InvariantCulture, $"the potential is {potential} at {Describe(GetPosition(row))}; {advice}"));
            }
        }
    }

    /// <summary>Throws if a chain's potential or gradient is not finite.</summary>
    internal void RequireUsable(int transitions)
    {
        RequireFinite(transitions);
        if (RowNotFinite() is { } row)
        {
            throw new SamplingException(ChainOf(row), transitions,
                string.Create(CultureInfo.InvariantCulture,
                    $"the gradient is {Describe(Gradients.Slice(row * Dimensions, Dimensions))} at {Describe(GetPosition(row))}, where the potential is {Potentials[row]}; every component must be finite there"));
        }
    }

    /// <summary>The exception for a step that read or computed a number that is not finite.</summary>
    internal SamplingException Stopped(int transitions, NonFiniteException exception)
        => new(ChainOf(RowNotFinite() ?? 0), transitions, exception.Message.TrimEnd('.'), exception);

    /// <summary>The first row with a position or gradient that is not finite.</summary>
    private int? RowNotFinite()
    {
        for (int row = 0; row < Count; row++)
        {
            if (!TensorPrimitives.IsFiniteAll(GetPosition(row))
                || !TensorPrimitives.IsFiniteAll<T>(Gradients.Slice(row * Dimensions, Dimensions)))
            {
                return row;
            }
        }

        return null;
    }

    private int ChainOf(int row) => options.FirstChain + (row / Replicas);

    public void Dispose() => Buffer.Dispose();

    private ChainBatch<T> Batch(int from, int count)
        => new(Positions.Slice(from * Dimensions, count * Dimensions), Gradients.Slice(from * Dimensions, count * Dimensions),
            Potentials.AsSpan(from, count), First + from, step, options.Seed);

    private void Start(ChainStart<T> start)
    {
        for (int chain = 0; chain < options.Chains; chain++)
        {
            Span<T> first = WritablePositions.Slice(chain * Replicas * Dimensions, Dimensions);
            start(options.FirstChain + chain, first);
            if (!TensorPrimitives.IsFiniteAll<T>(first))
            {
                throw new ArgumentException(
                    $"Chain {options.FirstChain + chain} begins at {Describe(first)}; every component must be finite.", nameof(start));
            }

            for (int replica = 1; replica < Replicas; replica++)
            {
                first.CopyTo(WritablePositions.Slice(((chain * Replicas) + replica) * Dimensions, Dimensions));
            }
        }
    }

    /// <summary>Uniform in (-2, 2), as Stan initializes chains.</summary>
    private void Scattered(int chain, Span<T> position)
    {
        Noise.Fill(NoiseKind.Uniform, new NoiseKey(options.Seed, 0, StartStream), (ulong)chain * (ulong)Dimensions, position,
            options.Width);
        TensorPrimitives.Multiply(position, T.CreateTruncating(4), position);
        TensorPrimitives.Subtract(position, T.CreateTruncating(2), position);
    }

    /// <summary>Formats a position, or its first components if there are many.</summary>
    private static string Describe(ReadOnlySpan<T> position)
    {
        const int Shown = 6;
        string components = string.Join(", ",
            position[..Math.Min(Shown, position.Length)].ToArray().Select(value => value.ToString("G6", CultureInfo.InvariantCulture)));
        return position.Length > Shown ? $"({components}, ... {position.Length} in all)" : $"({components})";
    }
}

/// <summary>Work on consecutive rows around their evaluation. Rows are evaluated on several threads, each row once.</summary>
internal interface IRowWork
{
    /// <summary>Called before the target is evaluated: gradients and potentials are still the previous ones.</summary>
    void Before(int from, int count);

    /// <summary>Called after the target is evaluated.</summary>
    void After(int from, int count);
}
