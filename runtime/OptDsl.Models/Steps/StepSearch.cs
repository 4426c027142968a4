namespace OptDsl.Models;

/// <summary>
/// How the rate of a step is found: <see cref="ArmijoSearch"/>, <see cref="GoldsteinSearch"/> or <see cref="PolyakStep"/>.
/// </summary>
/// <remarks>A value. Whoever uses it checks its ranges first.</remarks>
public abstract record StepSearch
{
    private protected StepSearch()
    {
    }

    /// <summary>The rate of the first trial of all; positive and finite.</summary>
    public double InitialRate { get; init; } = 1;

    /// <summary>
    /// gamma: what the rate grows by in an epoch, at least 1. A search begins at gamma^(1/<see cref="StepsPerEpoch"/>) times the rate of
    /// the last one.
    /// </summary>
    public double Growth { get; init; } = 2;

    /// <summary>Steps in an epoch, n/B for batches of B out of n examples; at least 1.</summary>
    public double StepsPerEpoch { get; init; } = 1;

    /// <summary>No larger rate is tried; positive, and infinite for none.</summary>
    public double MaxRate { get; init; } = double.PositiveInfinity;

    /// <summary>Trials of one search; 0 where the rate needs none.</summary>
    internal abstract int TrialLimit { get; }

    internal virtual void Validate()
    {
        Require(InitialRate > 0 && double.IsFinite(InitialRate), nameof(InitialRate), InitialRate, "must be positive and finite");
        Require(Growth >= 1, nameof(Growth), Growth, "must be at least 1");
        Require(StepsPerEpoch >= 1 && double.IsFinite(StepsPerEpoch), nameof(StepsPerEpoch), StepsPerEpoch,
            "must be at least 1 and finite");
        Require(MaxRate > 0, nameof(MaxRate), MaxRate, "must be positive; infinite for no bound");
    }

    /// <summary>What a rate has become by the next search.</summary>
    internal double Grown(double previous) => Math.Min(MaxRate, previous * Math.Pow(Growth, 1 / StepsPerEpoch));

    /// <summary>The rate to try first.</summary>
    /// <param name="bound">The last search's rate, grown; before any, the initial one.</param>
    /// <param name="before">The loss at the origin.</param>
    /// <param name="slope">Not negative.</param>
    internal virtual double First(double bound, double before, double slope) => bound;

    /// <summary>Whether a trial is good; if not, what to try next.</summary>
    internal abstract bool Accepts(in Trial trial, ref RateBracket bracket, out double next);

    private protected void Require(bool holds, string name, double value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} of {GetType().Name} {range}.");
        }
    }

    /// <summary>The loss at a rate, beside what it was at the origin.</summary>
    internal readonly record struct Trial(double Before, double Slope, double Rate, double Loss)
    {
        /// <summary>Armijo's condition. A loss that is not finite never fulfils it.</summary>
        internal bool Falls(double share) => double.IsFinite(Loss) && Loss <= Before - (share * Rate * Slope);
    }
}

/// <summary>The largest rate known to be too short, and the smallest known to be too long; 0 where none is.</summary>
internal record struct RateBracket(double Short, double Long);
