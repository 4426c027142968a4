namespace OptDsl.Models;

/// <summary>What a searched step came to.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="LossBefore">The loss where it began.</param>
/// <param name="TrialLoss">
/// The loss at origin - rate x direction, as the search evaluated it; NaN where it did not. Of a rule whose update is that point, such as
/// plain descent, it is the loss after the step; a rule with momentum steps elsewhere, where nothing is evaluated.
/// </param>
/// <param name="Rate">The rate that was accepted, or the one of the best point where none was; 0 where nothing was tried.</param>
/// <param name="Slope">The sum of gradient x direction: how fast the loss falls with the rate at first.</param>
/// <param name="Evaluations">What the step cost.</param>
/// <param name="Unit">The group the search moved; null where it moved all.</param>
public readonly record struct StepReport(
    StepOutcome Outcome, double LossBefore, double TrialLoss, double Rate, double Slope, EvaluationCounts Evaluations, string? Unit = null)
{
    /// <summary>Whether the step was made.</summary>
    public bool Accepted => Outcome == StepOutcome.Accepted;
}
