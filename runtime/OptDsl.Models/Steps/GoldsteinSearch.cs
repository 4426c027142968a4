namespace OptDsl.Models;

/// <summary>
/// The two conditions of Goldstein (1965): f(w) - (1 - c) eta &lt;g, d&gt; &lt;= f(w - eta d) &lt;= f(w) - c eta &lt;g, d&gt;. The second
/// is Armijo's; by the first a rate is not too short either, except where no larger one is allowed.
/// </summary>
/// <remarks>A rate that is too long is shortened, one that is too short is lengthened; once both are known, the middle is tried.</remarks>
public sealed record GoldsteinSearch : StepSearch
{
    /// <summary>A search with rates up to 10.</summary>
    public GoldsteinSearch() => MaxRate = 10;

    /// <summary>c, between 0 and 1/2.</summary>
    public double SufficientDecrease { get; init; } = 0.1;

    /// <summary>What a rate that was too long is multiplied by; between 0 and 1.</summary>
    public double Backtrack { get; init; } = 0.9;

    /// <summary>What a rate that was too short is multiplied by; more than 1.</summary>
    public double Forward { get; init; } = 2;

    /// <summary>Trials of one search, at least 1.</summary>
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
