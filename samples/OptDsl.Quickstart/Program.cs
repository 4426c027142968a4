using OptDsl;
using OptDsl.Schedules;

// The Rosenbrock valley, (1 - x)^2 + 100 (y - x^2)^2, whose least value is 0 at (1, 1).
using var parameters = new ParameterBuffer<double>();
ParameterTensor<double> point = parameters.Add("point", [2]);
point.Values[0] = -1.2;
point.Values[1] = 1;

Optimizer<double, CautiousMomentum> optimizer = parameters.Optimize(new CautiousMomentum());
var schedule = new CosineSchedule(Rate: 1e-3, Steps: 5000);
for (int step = 1; step <= schedule.Steps; step++)
{
    double x = point.Values[0], y = point.Values[1];
    point.Gradients[0] = (-2 * (1 - x)) - (400 * x * (y - (x * x)));
    point.Gradients[1] = 200 * (y - (x * x));
    optimizer.Rule = optimizer.Rule with { LearningRate = schedule.At(step) };
    optimizer.Step();
    if (step % 1000 == 0)
    {
        Console.WriteLine(FormattableString.Invariant($"step {step}: ({point.Values[0]:F6}, {point.Values[1]:F6})"));
    }
}

/// <summary>Momentum that moves a parameter only where velocity and gradient agree in sign (Liang et al. 2024).</summary>
[Optimizer]
internal sealed partial record CautiousMomentum(double LearningRate = 1e-3, double Decay = 0.9)
{
    [State]
    double Velocity(double gradient, double previousVelocity) => Decay * previousVelocity + gradient;

    [Update]
    double Update(double parameter, double gradient, double velocity)
        => velocity * gradient > 0 ? parameter - LearningRate * velocity : parameter;
}
