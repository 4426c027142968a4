namespace OptDsl.Models;

/// <summary>
/// The search for the rate of a step: <see cref="ArmijoSearch"/>, <see cref="GoldsteinSearch"/> or <see cref="PolyakStep"/>.
/// </summary>
/// <remarks>This record only holds settings. The class that uses it checks their ranges.</remarks>
public abstract record StepSearch
{
    private protected StepSearch()
    {
    }

    /// <summary>The rate of the very first trial; positive and finite.</summary>
    public double InitialRate { get; init; } = 1;

    /// <summary>
    /// gamma, the growth factor of the rate per epoch; finite, at least 1. A search begins at gamma^(1/<see cref="StepsPerEpoch"/>) times
    /// the last accepted rate.
    /// </summary>
    public double Growth { get; init; } = 2;

    /// <summary>The number of steps per epoch: n/B for batches of B out of n examples; finite, at least 1.</summary>
    public double StepsPerEpoch { get; init; } = 1;

    /// <summary>The largest rate that may be tried; positive, or infinite for no limit.</summary>
    public double MaxRate { get; init; } = double.PositiveInfinity;

    /// <summary>The largest number of trials per search; 0 if the rate needs no trial.</summary>
    internal abstract int TrialLimit { get; }

    internal virtual void Validate()
    {
        Require(InitialRate > 0 && double.IsFinite(InitialRate), nameof(InitialRate), InitialRate, "must be positive and finite");
        Require(Growth >= 1, nameof(Growth), Growth, "must be at least 1");
        Require(StepsPerEpoch >= 1 && double.IsFinite(StepsPerEpoch), nameof(StepsPerEpoch), StepsPerEpoch,
            "must be at least 1 and finite");
        Require(MaxRate > 0, nameof(MaxRate), MaxRate, "must be positive, or infinite for no limit");
    }

    /// <summary>The rate at which the next search begins.</summary>
    internal double Grown(double previous) => Math.Min(MaxRate, previous * Math.Pow(Growth, 1 / StepsPerEpoch));

    /// <summary>The first rate to try.</summary>
    /// <param name="bound">The last accepted rate times its growth; before any, the initial rate.</param>
    /// <param name="before">The loss at the origin.</param>
    /// <param name="slope">The sum of gradient x direction; not negative.</param>
    internal virtual double First(double bound, double before, double slope) => bound;

    /// <summary>Whether a trial is accepted; if not, <paramref name="next"/> is the rate to try next.</summary>
    internal abstract bool Accepts(in Trial trial, ref RateBracket bracket, out double next);

    private protected void Require(bool holds, string name, double value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} of {GetType().Name} {range}.");
        }
    }

    /// <summary>The loss at a rate, together with the loss and the slope at the origin.</summary>
    internal readonly record struct Trial(double Before, double Slope, double Rate, double Loss)
    {
        /// <summary>The Armijo condition. A loss that is not finite never satisfies it.</summary>
        internal bool Falls(double share) => double.IsFinite(Loss) && Loss <= Before - (share * Rate * Slope);
    }
}

/// <summary>The largest rate known to be too short, and the smallest rate known to be too long; 0 if unknown.</summary>
internal record struct RateBracket(double Short, double Long);
