using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using OptDsl.Kernels;

namespace OptDsl.Models;

/// <summary>
/// The positions of all chains, one row each of one tensor, so that a rule steps them in one pass, and what the target says there.
/// </summary>
internal sealed class Chains<T> : ITiledWork, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const uint StartStream = 0x73746172;

    // An evaluation that takes longer is worth waking other threads for; and tiles enough that nobody waits long for the last.
    private const double WakeSeconds = 50e-6;
    private const int TilesAThread = 4, MaxThreads = 1024;

    private readonly ITarget<T> target;
    private readonly SamplerOptions options;
    private readonly int threads, tileChains, tiles;
    // The pool's threads, which have room for what a target keeps on the stack.
    private readonly TileTeam? team;
    private readonly object failing = new();
    private ExceptionDispatchInfo? failure;
    private int failedTile;
    private bool isSlow;
    private long step;

    internal Chains(ITarget<T> target, SamplerOptions options, int replicas, ChainStart<T>? start)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Dimensions, 1, nameof(target));
        options.Validate(target.Dimensions);
        if (options.Threads is < 0 or > MaxThreads)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Threads, $"Threads must be from 0 to {MaxThreads}; 0 leaves the choice to the library.");
        }

        if ((double)options.Chains * replicas * target.Dimensions > Array.MaxLength / 2)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Chains, $"{options.Chains} chains{(replicas == 1 ? "" : $" of {replicas} replicas")} of {target.Dimensions} components are more than a buffer can hold.");
        }

        (this.target, this.options, Replicas) = (target, options, replicas);
        Count = options.Chains * replicas;
        First = options.FirstChain * replicas;
        Dimensions = target.Dimensions;
        Buffer.Add("position", [Count, Dimensions]);
        Potentials = new double[Count];
        threads = !target.IsThreadSafe ? 1 : options.Threads != 0 ? options.Threads : Environment.ProcessorCount;
        threads = Math.Min(threads, Count);
        tileChains = threads == 1 ? Count : (Count + (threads * TilesAThread) - 1) / (threads * TilesAThread);
        tiles = (Count + tileChains - 1) / tileChains;
        team = threads > 1 ? new TileTeam(threads) : null;

        Start(start ?? Scattered);
    }

    /// <summary>Rows: chains, or replicas of them.</summary>
    internal int Count { get; }

    /// <summary>Rows of a chain.</summary>
    internal int Replicas { get; }

    /// <summary>The number of the first row among all of the run.</summary>
    internal int First { get; }

    internal int Dimensions { get; }

    internal ParameterBuffer<T> Buffer { get; } = new();

    internal ReadOnlySpan<T> Positions => Buffer.ReadOnlyValues;

    internal Span<T> WritablePositions => Buffer.Values;

    internal Span<T> Gradients => Buffer.Gradients;

    /// <summary>U of each row when it was last evaluated.</summary>
    internal double[] Potentials { get; }

    /// <summary>How the rule is to be bound: a row's draws are its own, whatever rows are beside it.</summary>
    internal OptimizerOptions OptimizerOptions(OnNonFinite onNonFinite) => new()
    {
        Seed = options.Seed,
        Threads = options.Threads,
        Width = options.Width,
        OnNonFinite = onNonFinite,
        NoiseOffset = (ulong)First * (ulong)Dimensions,
    };

    /// <summary>A row's position.</summary>
    internal ReadOnlySpan<T> Position(int row) => Positions.Slice(row * Dimensions, Dimensions);

    /// <summary>U and its gradient at every position.</summary>
    internal void Evaluate(long transitions)
    {
        step = transitions;
        long began = Stopwatch.GetTimestamp();
        if (threads == 1 || !isSlow)
        {
            Evaluate(0, Count);
        }
        else
        {
            team!.Run(this, tiles);
            if (failure is { } thrown)
            {
                failure = null;
                thrown.Throw();
            }
        }

        // Of time, and so of luck; the numbers do not depend on it.
        isSlow = Stopwatch.GetElapsedTime(began).TotalSeconds * (isSlow ? threads : 1) > WakeSeconds;
    }

    void ITiledWork.Run(int tile)
    {
        try
        {
            int from = tile * tileChains;
            Evaluate(from, Math.Min(tileChains, Count - from));
        }
        catch (Exception exception)
        {
            lock (failing)
            {
                // The first chain's, as on one thread.
                if (failure is null || tile < failedTile)
                {
                    (failure, failedTile) = (ExceptionDispatchInfo.Capture(exception), tile);
                }
            }
        }
    }

    /// <summary>The diagonal of U's Hessian at every position.</summary>
    internal void Curvature(ICurvatureTarget<T> curved, Span<T> diagonals)
        => curved.Curvature(Batch(0, Count), diagonals);

    /// <summary>Draws of one number a row, uniform in (0, 1), apart from those of rules.</summary>
    internal void Draw(uint stream, long transition, Span<double> draws)
        => Noise.Fill(NoiseKind.Uniform, new NoiseKey(options.Seed, (ulong)transition, stream), (ulong)First, draws, options.Width);

    /// <summary>Throws where a chain cannot go on.</summary>
    internal void RequireFinite(int transitions)
    {
        for (int row = 0; row < Count; row++)
        {
            if (!double.IsFinite(Potentials[row]))
            {
                throw new SamplingException(options.FirstChain + (row / Replicas), transitions, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the potential is {Potentials[row]} at {Describe(Position(row))}{(transitions == 0 ? "; begin within the density's support" : "; a smaller step may keep it within the density's support")}"));
            }
        }
    }

    public void Dispose() => Buffer.Dispose();

    private void Evaluate(int from, int count) => target.Evaluate(Batch(from, count));

    private ChainBatch<T> Batch(int from, int count)
        => new(Positions.Slice(from * Dimensions, count * Dimensions), Gradients.Slice(from * Dimensions, count * Dimensions), Potentials.AsSpan(from, count), First + from, step, options.Seed);

    private void Start(ChainStart<T> start)
    {
        for (int chain = 0; chain < options.Chains; chain++)
        {
            Span<T> first = WritablePositions.Slice(chain * Replicas * Dimensions, Dimensions);
            start(options.FirstChain + chain, first);
            if (!TensorPrimitives.IsFiniteAll<T>(first))
            {
                throw new ArgumentException($"Chain {options.FirstChain + chain} begins at {Describe(first)}; every component must be finite.", nameof(start));
            }

            for (int replica = 1; replica < Replicas; replica++)
            {
                first.CopyTo(WritablePositions.Slice(((chain * Replicas) + replica) * Dimensions, Dimensions));
            }
        }
    }

    /// <summary>Uniform in (-2, 2), as Stan begins.</summary>
    private void Scattered(int chain, Span<T> position)
    {
        Noise.Fill(NoiseKind.Uniform, new NoiseKey(options.Seed, 0, StartStream), (ulong)chain * (ulong)Dimensions, position, options.Width);
        TensorPrimitives.Multiply(position, T.CreateTruncating(4), position);
        TensorPrimitives.Subtract(position, T.CreateTruncating(2), position);
    }

    /// <summary>A position, its first components if there are many.</summary>
    private static string Describe(ReadOnlySpan<T> position)
    {
        const int Shown = 6;
        string components = string.Join(", ", position[..Math.Min(Shown, position.Length)].ToArray().Select(value => value.ToString("G6", System.Globalization.CultureInfo.InvariantCulture)));
        return position.Length > Shown ? $"({components}, ... {position.Length} in all)" : $"({components})";
    }
}
