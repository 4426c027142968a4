namespace OptDsl.Models;

/// <summary>
/// Backtracking until f(w - eta d) &lt;= f(w) - c eta &lt;g, d&gt; (Armijo 1966). The rate grows again between searches, so with batches
/// this is the stochastic line search of Vaswani et al. 2019.
/// </summary>
public sealed record ArmijoSearch : StepSearch
{
    /// <summary>c, the share of the initial slope by which the loss must fall; between 0 and 1.</summary>
    public double SufficientDecrease { get; init; } = 0.1;

    /// <summary>beta, the factor that shortens a rate that is too long; between 0 and 1.</summary>
    public double Backtrack { get; init; } = 0.9;

    /// <summary>The largest number of trials per search; at least 1.</summary>
    public int Tries { get; init; } = 100;

    internal override int TrialLimit => Tries;

    internal override void Validate()
    {
        base.Validate();
        Require(double.IsFinite(Growth), nameof(Growth), Growth, "must be finite");
        Require(SufficientDecrease is > 0 and < 1, nameof(SufficientDecrease), SufficientDecrease, "must be between 0 and 1");
        Require(Backtrack is > 0 and < 1, nameof(Backtrack), Backtrack, "must be between 0 and 1");
        Require(Tries >= 1, nameof(Tries), Tries, "must be at least 1");
    }

    internal override bool Accepts(in Trial trial, ref RateBracket bracket, out double next)
    {
        next = trial.Rate * Backtrack;
        return trial.Falls(SufficientDecrease);
    }
}
