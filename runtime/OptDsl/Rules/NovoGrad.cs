namespace OptDsl.Rules;

/// <summary>
/// NovoGrad (Ginsburg et al. 2019). Gradients are divided by the scale of their tensor, which starts as the first gradient's norm. Weight
/// decay is inside the momentum. It has Adam's bias corrections, which the paper does not have. In pytorch_optimizer, in contrast, the
/// momentum starts as the first normalised gradient, which the first step then adds again.
/// </summary>
[Optimizer]
public sealed partial record NovoGrad(
    [Domain("[0, inf)")] double LearningRate = 1e-3, double Beta1 = 0.95, double Beta2 = 0.98,
    [Domain("[0, inf)")] double Epsilon = 1e-8, [Domain("[0, inf)")] double WeightDecay = 0)
{
    [Reduce(Reduction.Sum, Scope = Scope.Tensor)]
    static double Squares(double gradient) => gradient * gradient;

    [State(Initial = nameof(Squares))]
    double Energy(double squares, double previousEnergy) => Beta2 * previousEnergy + (1 - Beta2) * squares;

    [State]
    double Velocity(double parameter, double gradient, double energy, double previousVelocity)
        => Beta1 * previousVelocity + (gradient / (Math.Sqrt(energy) + Epsilon) + WeightDecay * parameter);

    // 1 - Beta1^step, computed as the average of ones, so that no digits cancel.
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.None)]
    static double Seen1() => 1;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.None)]
    static double Seen2() => 1;

    [Update]
    double Update(double parameter, double velocity, double seen1, double seen2)
        => parameter - LearningRate * (Math.Sqrt(seen2) / seen1) * velocity;
}
