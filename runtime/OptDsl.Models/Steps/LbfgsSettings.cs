namespace OptDsl.Models;

/// <summary>The settings of <see cref="LimitedMemoryBfgs{T}"/>.</summary>
/// <param name="Rate">The first rate tried along a direction, or the fixed rate; finite, above 0. 1 is the rate of Newton's method.</param>
/// <param name="History">m, the number of pairs of changes kept, which take 2 m n doubles for n parameters; at least 1.</param>
/// <param name="StrongWolfe">Whether a rate is searched that satisfies the strong Wolfe conditions; otherwise the rate is fixed.</param>
/// <param name="Decrease">c1, the share of the initial slope by which the loss must fall (the Armijo condition); in (0, 1).</param>
/// <param name="Curvature">c2, the share of the initial slope that may remain (the curvature condition); in (c1, 1).</param>
/// <param name="SearchTries">The largest number of evaluations per search after the first; at least 1.</param>
/// <param name="GradientTolerance">The run ends when no gradient element is larger than this in absolute value; at least 0.</param>
/// <param name="ChangeTolerance">The run ends when no parameter changes by more than this, or the loss changes by less; at least 0.</param>
public sealed record LbfgsSettings(
    double Rate = 1, int History = 100, bool StrongWolfe = true, double Decrease = 1e-4, double Curvature = 0.9, int SearchTries = 25,
    double GradientTolerance = 1e-7, double ChangeTolerance = 1e-9)
{
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    internal void Validate()
    {
        Require(Rate > 0 && double.IsFinite(Rate), nameof(Rate), Rate, "must be a finite number above 0");
        Require(History >= 1, nameof(History), History, "must be at least 1");
        Require(Decrease is > 0 and < 1, nameof(Decrease), Decrease, "must lie in (0, 1)");
        Require(Curvature > Decrease && Curvature < 1, nameof(Curvature), Curvature, $"must lie between Decrease ({Decrease}) and 1");
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
    /// <summary>No gradient element is larger than the tolerance.</summary>
    SmallGradient,

    /// <summary>The parameters or the loss changed by less than the tolerance, or the slope along the direction is smaller.</summary>
    SmallChange,

    /// <summary>The allowed number of iterations is made.</summary>
    Iterations,

    /// <summary>The allowed number of evaluations is made.</summary>
    Evaluations,

    /// <summary>The direction does not descend, because of rounding error. The curvature information is discarded.</summary>
    NoDescent,

    /// <summary>The loss or a gradient is not finite. The parameters are at the point where the last direction began.</summary>
    NotFinite,
}

/// <summary>The result of a run.</summary>
/// <param name="Outcome">Why it ended.</param>
/// <param name="Loss">
/// The loss at the parameters. At a fixed rate, the last step of <see cref="LbfgsOutcome.Iterations"/> is not evaluated, and this is the
/// loss before it.
/// </param>
/// <param name="Iterations">The number of directions taken.</param>
/// <param name="Evaluations">The number of evaluations of the loss with its gradient.</param>
public readonly record struct LbfgsReport(LbfgsOutcome Outcome, double Loss, int Iterations, int Evaluations);
