namespace OptDsl.Models.Tests.Steps;

/// <summary>A rule whose direction is not its gradient, with a state and draws beside, so that half a step would show.</summary>
[Optimizer]
internal sealed partial record Doubling(double LearningRate = 0.1, double Decay = 0.5)
{
    [State]
    double Velocity(double gradient, double previousVelocity) => Decay * previousVelocity + gradient;

    [SearchDirection]
    static double Direction(double gradient) => 2 * gradient;

    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}

/// <summary>A direction that climbs.</summary>
[Optimizer]
internal sealed partial record Climbing(double LearningRate = 0.1)
{
#pragma warning disable OPT3011 // That it climbs is what is tested.
    [SearchDirection]
    static double Direction(double gradient) => -gradient;
#pragma warning restore OPT3011

    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * gradient;
}

/// <summary>Steps by the loss it is given.</summary>
[Optimizer]
internal sealed partial record LossScaled(double LearningRate = 0.1)
{
    [Update]
    double Update(double parameter, double gradient, double loss) => parameter - LearningRate * loss * gradient;
}
