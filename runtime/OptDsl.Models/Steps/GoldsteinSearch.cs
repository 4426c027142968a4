namespace OptDsl.Models;

/// <summary>
/// The two conditions of Goldstein (1965): f(w) - (1 - c) eta &lt;g, d&gt; &lt;= f(w - eta d) &lt;= f(w) - c eta &lt;g, d&gt;. The second
/// is Armijo's. The first excludes rates that are too short, except where no larger rate is allowed.
/// </summary>
/// <remarks>
/// A rate that is too long is shortened, and one that is too short is lengthened. Once both kinds are known, their midpoint is tried.
/// </remarks>
public sealed record GoldsteinSearch : StepSearch
{
    /// <summary>A search with rates up to 10.</summary>
    public GoldsteinSearch() => MaxRate = 10;

    /// <summary>c, the share of the initial slope in both conditions; between 0 and 1/2.</summary>
    public double SufficientDecrease { get; init; } = 0.1;

    /// <summary>The factor that shortens a rate that is too long; between 0 and 1.</summary>
    public double Backtrack { get; init; } = 0.9;

    /// <summary>The factor that lengthens a rate that is too short; more than 1, finite.</summary>
    public double Forward { get; init; } = 2;

    /// <summary>The largest number of trials per search; at least 1.</summary>
    public int Tries { get; init; } = 100;

    internal override int TrialLimit => Tries;

    internal override void Validate()
    {
        base.Validate();
        Require(double.IsFinite(Growth), nameof(Growth), Growth, "must be finite");
        Require(SufficientDecrease is > 0 and < 0.5, nameof(SufficientDecrease), SufficientDecrease, "must be between 0 and 1/2");
        Require(Backtrack is > 0 and < 1, nameof(Backtrack), Backtrack, "must be between 0 and 1");
        Require(Forward > 1 && double.IsFinite(Forward), nameof(Forward), Forward, "must be more than 1 and finite");
        Require(Tries >= 1, nameof(Tries), Tries, "must be at least 1");
    }

    internal override bool Accepts(in Trial trial, ref RateBracket bracket, out double next)
    {
        bool falls = trial.Falls(SufficientDecrease),
            farEnough = trial.Loss >= trial.Before - ((1 - SufficientDecrease) * trial.Rate * trial.Slope);
        if (falls && (farEnough || trial.Rate >= MaxRate))
        {
            next = trial.Rate;
            return true;
        }

        bracket = falls ? bracket with { Short = trial.Rate } : bracket with { Long = trial.Rate };
        next = bracket is { Short: > 0, Long: > 0 } ? bracket.Short + ((bracket.Long - bracket.Short) / 2)
            : falls ? Math.Min(MaxRate, trial.Rate * Forward)
            : trial.Rate * Backtrack;
        return false;
    }
}
