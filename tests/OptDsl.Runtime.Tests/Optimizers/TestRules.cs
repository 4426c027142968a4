namespace OptDsl.Runtime.Tests.Optimizers;

/// <summary>
/// Counts its steps in a uniform state, starts its per-parameter state at a hyperparameter, and has a condition that can fail.
/// </summary>
[Optimizer]
internal sealed partial record CountingRule(double LearningRate = 1, double Start = 2, double Low = -1, double High = 1)
{
    [State]
    static double Steps(double previousSteps) => previousSteps + 1;

    [State(Initial = nameof(Start))]
    static double Total(double gradient, double previousTotal) => previousTotal + gradient;

    [Update]
    double Update(double parameter, double total, double steps) => parameter - LearningRate * Math.Clamp(total, Low, High) * steps;
}

/// <summary>A state that overflows while the update stays finite, under a bound that hides infinities.</summary>
[Optimizer]
internal sealed partial record HidingRule(double LearningRate = 1)
{
    [State]
    static double Energy(double gradient, double previousEnergy) => previousEnergy + gradient * gradient;

#pragma warning disable OPT3017 // What it does with the parameters is nothing the tests look at.
    [Update]
    double Update(double parameter, double energy) => parameter - LearningRate * Math.Min(1, energy);
#pragma warning restore OPT3017
}

/// <summary>An update that does not show a gradient that is not finite.</summary>
[Optimizer]
internal sealed partial record DeafRule(double LearningRate = 1)
{
    [Update]
    double Update(double parameter, double gradient) => gradient > 0 ? parameter - LearningRate : parameter + LearningRate;
}
