namespace OptDsl.Models;

/// <summary>How a searched step ended.</summary>
public enum StepOutcome
{
    /// <summary>A rate was found, and the step was made.</summary>
    Accepted,

    /// <summary>
    /// No rate was acceptable within the allowed tries. The parameters are at the best point that was tried, or where they were if none
    /// was better; the optimizer's state is as before.
    /// </summary>
    NoAcceptableRate,

    /// <summary>The direction does not descend: its slope is negative. Nothing was written.</summary>
    NoDescent,

    /// <summary>The loss is at or below the one that <see cref="PolyakStep.OptimalLoss"/> says is least. Nothing was written.</summary>
    AtOptimum,

    /// <summary>
    /// The loss, the slope or the rate at the start is not finite, or the rate is too small to be told from 0, or the optimizer refused the
    /// gradients. Nothing was written.
    /// </summary>
    NotFinite,
}
