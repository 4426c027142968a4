namespace OptDsl.Models;

/// <summary>The result of a step along a line.</summary>
/// <param name="Outcome">How the step ended.</param>
/// <param name="LossBefore">The loss before the step.</param>
/// <param name="TrialLoss">
/// The loss at origin - rate x direction, as the search evaluated it; NaN if it did not. For a rule that steps to that point, such as plain
/// gradient descent, it is the loss after the step. A rule with momentum steps to another point, at which nothing is evaluated.
/// </param>
/// <param name="Rate">
/// The accepted rate. If none was accepted, the rate of the best point; 0 if nothing was tried or no point was better than the start.
/// </param>
/// <param name="Slope">The sum of gradient x direction, which is the initial decrease of the loss per unit of rate.</param>
/// <param name="Evaluations">The evaluations that the step took.</param>
/// <param name="Unit">The parameter group that the search moved; null if it moved all groups.</param>
public readonly record struct StepReport(
    StepOutcome Outcome, double LossBefore, double TrialLoss, double Rate, double Slope, EvaluationCounts Evaluations, string? Unit = null)
{
    /// <summary>Whether the step was made.</summary>
    public bool Accepted => Outcome == StepOutcome.Accepted;
}
