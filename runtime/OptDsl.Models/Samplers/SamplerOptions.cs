using System.Numerics;

namespace OptDsl.Models;

/// <summary>The number of chains, the length of the run, and its checkpoints.</summary>
public sealed record SamplerOptions
{
    /// <summary>The number of chains; at least 1.</summary>
    public int Chains { get; init; } = 4;

    /// <summary>The number of warm-up transitions, which are not kept and in which a sampler adapts itself; at least 0.</summary>
    public int WarmUp { get; init; } = 1000;

    /// <summary>The number of draws kept per chain; at least 1. All of them are held in memory.</summary>
    public int Draws { get; init; } = 1000;

    /// <summary>The number of transitions per draw; at least 1.</summary>
    public int Thinning { get; init; } = 1;

    /// <summary>The seed. With the chain, the transition and the component, it determines every random number.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The number of the first chain; at least 0. Chains 4 to 7 run alone give the same draws as in a run of eight chains.
    /// </summary>
    public int FirstChain { get; init; }

    /// <summary>The number of threads, from 0 to 1024; 0 leaves the choice to the library. The draws do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// The vector width, for tests: it may be narrower than the hardware's, or wider and emulated. The draws do not depend on it.
    /// </summary>
    public SimdWidth Width { get; init; }

    /// <summary>
    /// The path of the checkpoint, which holds all that is needed to resume. It is written every <see cref="CheckpointEvery"/> draws and
    /// when the run ends, also by cancellation. If null, no checkpoint is written.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>The number of draws between two checkpoints; at 0, only the end is written. A checkpoint holds all draws so far.</summary>
    public int CheckpointEvery { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
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
                $"{Chains} chains of {Draws} draws of {dimensions} components are more than the {Array.MaxLength} numbers that an array can hold. Keep fewer draws, with a larger Thinning.");
        }

        if (WarmUp + ((double)Draws * Thinning) > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(Draws), Draws,
                $"{WarmUp} transitions of warm-up and {Draws} draws of {Thinning} transitions each are more than {int.MaxValue}; use fewer.");
        }
    }
}

/// <summary>Sets the initial position of a chain.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <param name="chain">The number of the chain, from <see cref="SamplerOptions.FirstChain"/>.</param>
/// <param name="position">Receives the position; all components must be finite.</param>
public delegate void ChainStart<T>(int chain, Span<T> position);

/// <summary>The progress of a run.</summary>
/// <param name="Transitions">The number of transitions so far, including the warm-up.</param>
/// <param name="OfTransitions">The number of all transitions of the run.</param>
/// <param name="IsWarmUp">Whether the run is still in its warm-up.</param>
/// <param name="Seconds">The seconds since <see cref="Sampler{T}.Run"/> was called.</param>
public readonly record struct SamplingProgress(int Transitions, int OfTransitions, bool IsWarmUp, double Seconds);

/// <summary>The draws of a sampler.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <param name="Samples">The draws of all chains; null if there is none yet.</param>
/// <param name="IsComplete">Whether these are all requested draws.</param>
/// <param name="Transitions">The number of transitions made, including the warm-up.</param>
public sealed record SamplingResult<T>(Samples<T>? Samples, bool IsComplete, int Transitions)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// A chain cannot continue, because its potential or gradient is not finite. The draws before it are in <see cref="Sampler{T}.GetResult"/>.
/// </summary>
public sealed class SamplingException : Exception
{
    internal SamplingException(int chain, int transition, string what, Exception? inner = null)
        : base($"Chain {chain}, transition {transition}: {what}. The draws before it are in GetResult().", inner)
    {
        Chain = chain;
        Transition = transition;
    }

    /// <summary>The number of the chain, from <see cref="SamplerOptions.FirstChain"/>.</summary>
    public int Chain { get; }

    /// <summary>The number of the transition that failed, from 1; 0 if the chain could not begin.</summary>
    public int Transition { get; }
}
