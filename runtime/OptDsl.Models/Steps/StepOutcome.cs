namespace OptDsl.Models;

/// <summary>How a searched step ended.</summary>
public enum StepOutcome
{
    /// <summary>A rate was found and the step was made.</summary>
    Accepted,

    /// <summary>
    /// No rate was acceptable within the allowed number of trials. The parameters are at the best point tried, or unchanged if none was
    /// better. The optimizer's state is unchanged.
    /// </summary>
    NoAcceptableRate,

    /// <summary>The direction does not descend, because the sum of gradient x direction is negative. Nothing was written.</summary>
    NoDescent,

    /// <summary>The loss is at or below <see cref="PolyakStep.OptimalLoss"/>. Nothing was written.</summary>
    AtOptimum,

    /// <summary>
    /// The initial loss, slope or rate is not finite, the rate underflows to 0, or the optimizer refused the gradients. Nothing was
    /// written.
    /// </summary>
    NotFinite,
}
