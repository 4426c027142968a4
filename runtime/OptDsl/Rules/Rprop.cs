namespace OptDsl.Rules;

/// <summary>
/// Rprop (Riedmiller and Braun 1993) as in PyTorch: a parameter whose gradient changes its sign does not move in that step.
/// </summary>
[Optimizer]
public sealed partial record Rprop(
    [Domain("(0, inf)")] double LearningRate = 1e-2, [Domain("(0, 1)")] double Shrink = 0.5,
    [Domain("(1, inf)")] double Grow = 1.2, [Domain("[0, inf)")] double Smallest = 1e-6, [Domain("(0, inf)")] double Largest = 50)
{
    [State(Initial = nameof(LearningRate), SavedAs = "step_size")]
    double StepSize(double gradient, double previousKept, double previousStepSize)
    {
        double agreement = gradient * previousKept;
        return Math.Clamp(previousStepSize * (agreement > 0 ? Grow : agreement < 0 ? Shrink : 1), Smallest, Largest);
    }

    [State(SavedAs = "prev")]
    static double Kept(double gradient, double previousKept) => gradient * previousKept < 0 ? 0 : gradient;

    [Update]
    static double Update(double parameter, double kept, double stepSize) => parameter - stepSize * RuleMath.Sign(kept);
}
