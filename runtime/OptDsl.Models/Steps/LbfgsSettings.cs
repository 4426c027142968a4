namespace OptDsl.Models;

/// <summary>How <see cref="LimitedMemoryBfgs{T}"/> goes on and when it ends.</summary>
/// <param name="Rate">The first rate tried along a direction, or the rate where none is searched; finite, above 0. 1 is Newton's.</param>
/// <param name="History">m, pairs of changes kept, 2 m n numbers in double; at least 1.</param>
/// <param name="StrongWolfe">Whether the rate is searched until both conditions of Wolfe hold; else it is fixed.</param>
/// <param name="Decrease">c1, the share of the slope by which the loss must fall (Armijo); in (0, 1).</param>
/// <param name="Curvature">c2, the share of the slope that may be left (the curvature condition); in (c1, 1).</param>
/// <param name="SearchTries">Evaluations of one search at most, after the first; at least 1.</param>
/// <param name="GradientTolerance">Ends where no gradient is larger in size; at least 0.</param>
/// <param name="ChangeTolerance">Ends where neither a parameter nor the loss changes by more; at least 0.</param>
public sealed record LbfgsSettings(
    double Rate = 1, int History = 100, bool StrongWolfe = true, double Decrease = 1e-4, double Curvature = 0.9, int SearchTries = 25,
    double GradientTolerance = 1e-7, double ChangeTolerance = 1e-9)
{
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    internal void Validate()
    {
        Require(Rate > 0 && double.IsFinite(Rate), nameof(Rate), Rate, "must be a finite number above 0");
        Require(History >= 1, nameof(History), History, "must be at least 1");
        Require(Decrease is > 0 and < 1, nameof(Decrease), Decrease, "must lie in (0, 1)");
        Require(Curvature > Decrease && Curvature < 1, nameof(Curvature), Curvature, $"must lie between Decrease, {Decrease}, and 1");
        Require(SearchTries >= 1, nameof(SearchTries), SearchTries, "must be at least 1");
        Require(GradientTolerance >= 0, nameof(GradientTolerance), GradientTolerance, "must be at least 0");
        Require(ChangeTolerance >= 0, nameof(ChangeTolerance), ChangeTolerance, "must be at least 0");
    }

    private static void Require(bool holds, string name, object value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} {range}.");
        }
    }
}

/// <summary>Why a run of <see cref="LimitedMemoryBfgs{T}"/> ended.</summary>
public enum LbfgsOutcome
{
    /// <summary>No gradient is larger than the tolerance.</summary>
    SmallGradient,

    /// <summary>Parameters or loss changed by less than the tolerance, or the loss would along the direction.</summary>
    SmallChange,

    /// <summary>The allowed iterations were made.</summary>
    Iterations,

    /// <summary>The allowed evaluations were made.</summary>
    Evaluations,

    /// <summary>The direction does not descend: rounding rules. What was learnt is forgotten.</summary>
    NoDescent,

    /// <summary>The loss or a gradient is not finite. The parameters are at the best point that was met.</summary>
    NotFinite,
}

/// <summary>What a run came to.</summary>
/// <param name="Outcome">Why it ended.</param>
/// <param name="Loss">The loss where the parameters are; as last evaluated, without a search before the last step.</param>
/// <param name="Iterations">Directions gone along.</param>
/// <param name="Evaluations">Of the loss with its gradient.</param>
public readonly record struct LbfgsReport(LbfgsOutcome Outcome, double Loss, int Iterations, int Evaluations);
