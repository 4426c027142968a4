using System.Numerics;

namespace OptDsl.Models;

/// <summary>How many chains a sampler runs, for how long, and what it leaves on the way.</summary>
public sealed record SamplerOptions
{
    /// <summary>Chains; at least 1.</summary>
    public int Chains { get; init; } = 4;

    /// <summary>Transitions before the first that counts, in which a sampler adapts itself; at least 0.</summary>
    public int WarmUp { get; init; } = 1000;

    /// <summary>Draws of each chain that are kept; at least 1. All of them are held in memory.</summary>
    public int Draws { get; init; } = 1000;

    /// <summary>Transitions from one draw to the next; at least 1.</summary>
    public int Thinning { get; init; } = 1;

    /// <summary>What all draws are keyed by, with the chain, the transition and the component.</summary>
    public ulong Seed { get; init; }

    /// <summary>The number of the first chain: chains 4 to 7 in a run of their own are those of a run of eight. At least 0.</summary>
    public int FirstChain { get; init; }

    /// <summary>Threads, from 0 to 1024; 0 leaves the choice to the library. The draws do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>The vector width; narrower than the hardware's, or wider and emulated, for tests. The draws do not depend on it.</summary>
    public SimdWidth Width { get; init; }

    /// <summary>A file that holds all that is needed to go on, written now and then, when cancelled and at the end; none if null.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Draws from one checkpoint to the next, at least 0; 0 for the end only. A checkpoint holds all draws so far.</summary>
    public int CheckpointEvery { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    internal void Validate(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Chains, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(WarmUp);
        ArgumentOutOfRangeException.ThrowIfLessThan(Draws, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Thinning, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(FirstChain);
        ArgumentOutOfRangeException.ThrowIfNegative(CheckpointEvery);
        if ((double)Chains * Draws * dimensions > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(nameof(Draws), Draws,
                $"{Chains} chains of {Draws} draws of {dimensions} components are more than an array can hold, {Array.MaxLength} numbers; keep fewer draws with a larger Thinning.");
        }

        if (WarmUp + ((double)Draws * Thinning) > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(Draws), Draws,
                $"{WarmUp} transitions of warm-up and {Draws} draws of {Thinning} each are more than {int.MaxValue}.");
        }
    }
}

/// <summary>Where a chain begins.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <param name="chain">The number of the chain, from <see cref="SamplerOptions.FirstChain"/>.</param>
/// <param name="position">To be filled with finite numbers.</param>
public delegate void ChainStart<T>(int chain, Span<T> position);

/// <summary>Where a run stands.</summary>
/// <param name="Transitions">Made so far, those of the warm-up too.</param>
/// <param name="OfTransitions">To be made in all.</param>
/// <param name="IsWarmUp">Whether it is warming up.</param>
/// <param name="Seconds">Since <see cref="Sampler{T}.Run"/> was called.</param>
public readonly record struct SamplingProgress(int Transitions, int OfTransitions, bool IsWarmUp, double Seconds);

/// <summary>What a sampler has drawn.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <param name="Samples">The draws of all chains; null where there is none yet.</param>
/// <param name="IsComplete">Whether these are all that were asked for.</param>
/// <param name="Transitions">Made in all, those of the warm-up too.</param>
public sealed record SamplingResult<T>(Samples<T>? Samples, bool IsComplete, int Transitions)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// A chain cannot go on: its potential or a gradient is not finite. The draws before it are in <see cref="Sampler{T}.GetResult"/>.
/// </summary>
public sealed class SamplingException : Exception
{
    internal SamplingException(int chain, int transition, string what, Exception? inner = null)
        : base($"Chain {chain}, transition {transition}: {what}. The draws before it are in Result().", inner)
    {
        Chain = chain;
        Transition = transition;
    }

    /// <summary>The number of the chain, from <see cref="SamplerOptions.FirstChain"/>.</summary>
    public int Chain { get; }

    /// <summary>Transitions the sampler had made.</summary>
    public int Transition { get; }
}
