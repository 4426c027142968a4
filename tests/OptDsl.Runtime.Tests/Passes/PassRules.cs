#pragma warning disable OPT3005 // It divides by sums that the tests choose.
namespace OptDsl.Runtime.Tests.Passes;

/// <summary>Accelerated gradients (Nesterov 1983): the buffer holds the point of the gradient, the model is another.</summary>
[Optimizer]
internal sealed partial record Accelerated(double LearningRate = 0.05, double Mu = 0.1)
{
    [Derived]
    static double Start(double parameter) => parameter;

    [Derived]
    double Beta()
    {
        double root = Math.Sqrt(LearningRate * Mu);
        return (1 - root) / (1 + root);
    }

    [State(Initial = nameof(Start))]
    double Point(double parameter, double gradient) => parameter - LearningRate * gradient;

    [Update]
    static double Update(double point, double previousPoint, double beta) => point + beta * (point - previousPoint);

    [ReadAt]
    static double Model(double point) => point;
}

/// <summary>The average of the iterates, corrected.</summary>
[Optimizer]
internal sealed partial record AveragedIterates(double LearningRate = 0.05, double Decay = 0.9)
{
    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * gradient;

    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.Published)]
    static double Average(double update) => update;

    [ReadAt]
    static double Model(double average) => average;
}

/// <summary>A model that nothing stored makes again.</summary>
[Optimizer]
internal sealed partial record Lookback(double LearningRate = 0.05)
{
    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * gradient;

    [ReadAt]
    static double Model(double parameter, double gradient, [Gaussian] double noise) => parameter - 0.5 * gradient + 0.1 * noise;
}

/// <summary>Watches the gradient, and does not move by it.</summary>
[Optimizer]
internal sealed partial record WatchedGradient(double LearningRate = 0)
{
    [Observe]
    [Derived]
    static double Slope(double gradient) => gradient;

    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * gradient;
}

/// <summary>Adam with a direction, which is not the step's, and two members to watch.</summary>
[Optimizer]
internal sealed partial record Watched(double LearningRate = 0.1, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [Observe]
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [SearchDirection]
    double Direction(double gradient, double meanSquare) => gradient / (Math.Sqrt(meanSquare) + Epsilon);

    [Observe]
    [Update]
    double Update(double parameter, double mean, double meanSquare) => parameter - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);
}

/// <summary>A direction after a barrier, of a state that begins with a member.</summary>
[Optimizer]
internal sealed partial record Started(double LearningRate = 0.1, double Decay = 0.5)
{
    [Derived]
    static double Start(double gradient) => 2 * gradient;

    [State(Initial = nameof(Start))]
    double Mean(double gradient, double previousMean) => Decay * previousMean + (1 - Decay) * gradient;

    [State(Initial = 3.0)]
    static double Rounds(double previousRounds) => previousRounds + 1;

    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double Squares(double mean) => mean * mean;

    [SearchDirection]
    static double Direction(double mean, double squares, double rounds) => mean / (1 + Math.Sqrt(squares)) * rounds;

    [Update]
    double Update(double parameter, double direction) => parameter - LearningRate * direction;
}

/// <summary>A direction with a draw in it.</summary>
[Optimizer]
internal sealed partial record Shaken(double LearningRate = 0.1)
{
    [SearchDirection]
    static double Direction(double gradient, [Rademacher] double sign, [Gaussian(Scope = Scope.Tensor)] double shift)
    => gradient + 0.25 * sign + shift;

    [Update]
    double Update(double parameter, double direction) => parameter - LearningRate * direction;
}

/// <summary>Everything a caller gives.</summary>
[Optimizer]
internal sealed partial record Given(double LearningRate = 0.5)
{
    [Update]
    double Update(double parameter, double gradient, [PerParameter] double mask, [PerParameter] double offset, [PerTensor] double energy,
        double loss)
        => parameter - LearningRate * (mask * gradient) - offset - energy - 0.25 * loss;
}

/// <summary>
/// Sharpness-aware minimisation (Foret et al. 2021) over momentum, and a state that the second gradient is not needed for.
/// </summary>
[Optimizer]
internal sealed partial record Sharpness(double LearningRate = 0.1, double Momentum = 0.9, double Rho = 0.05, double Epsilon = 1e-12)
{
    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double Squares(double gradient) => gradient * gradient;

    [Derived]
    double Ascent(double parameter, double gradient, double squares) => parameter + Rho / (Math.Sqrt(squares) + Epsilon) * gradient;

    [State]
    static double Trace(double gradient, double previousTrace) => 0.5 * previousTrace + gradient;

    [State]
    static double Rounds(double previousRounds) => previousRounds + 1;

    [State]
    double Velocity([GradientAt(nameof(Ascent))] double sharp, double previousVelocity) => Momentum * previousVelocity + sharp;

    [Update]
    double Update(double parameter, double velocity, double trace, double rounds)
    => parameter - LearningRate * velocity - 1e-3 * rounds * trace;
}

/// <summary>A direction that is the gradient at another point.</summary>
[Optimizer]
internal sealed partial record Probing(double LearningRate = 0.1)
{
    [Derived]
    double Point(double parameter, double gradient) => parameter - LearningRate * gradient;

    [SearchDirection]
    static double Direction([GradientAt(nameof(Point))] double ahead) => ahead;

    [Update]
    double Update(double parameter, double direction) => parameter - LearningRate * direction;
}

/// <summary>A model that is an average kept by the group, of numbers of the caller's; read after the step, without them.</summary>
[Optimizer]
internal sealed partial record Mixing(double LearningRate = 0.05)
{
    [State]
    static double Total(double loss, double previousTotal) => previousTotal + loss;

    [State]
    static double Mean(double update, double previousMean, double loss, double total)
    => previousMean + loss / total * (update - previousMean);

    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * gradient;

    [ReadAt]
    static double Model(double mean, double total, double loss) => mean + 0.125 * total + loss;
}

/// <summary>Gradients at two points, the second made of the first's; and two names for one.</summary>
[Optimizer]
internal sealed partial record Midpoints(double LearningRate = 0.1)
{
    [Derived]
    double Half(double parameter, double gradient) => parameter - LearningRate / 2 * gradient;

    [Derived]
    double Next(double parameter, [GradientAt(nameof(Half))] double first) => parameter - LearningRate / 2 * first;

    [Observe]
    [State]
    static double Velocity(double gradient, double previousVelocity) => 0.5 * previousVelocity + gradient;

    [Observe]
    [Update]
    double Update(double parameter, double velocity, double first, [GradientAt(nameof(Next))] double second,
        [GradientAt(nameof(Half))] double again)
        => parameter - LearningRate * ((velocity + 2 * first + second + again) / 5);
}

/// <summary>Draws of every distribution and scope.</summary>
[Optimizer]
internal sealed partial record Noisy(double LearningRate = 0.05)
{
    [Reduce(Reduction.Sum)]
    static double NoiseSquares([Gaussian] double noise) => noise * noise;

    [State]
    static double Walk([Rademacher] double sign, double noise, double previousWalk) => 0.5 * previousWalk + sign * noise;

    [Update]
    double Update(
        double parameter, double gradient, double noise, double walk, double noiseSquares, double previousNoise,
        [Uniform(Scope = Scope.Tensor)] double tensorDraw, [Gaussian(Scope = Scope.Row)] double rowDraw,
            [Uniform(Scope = Scope.Column)] double columnDraw,
        [Rademacher(Scope = Scope.Global)] double flip)
        => parameter - LearningRate * gradient + 0.1 * flip * noise / (1 + noiseSquares) + walk * tensorDraw + rowDraw * columnDraw
        + 0.01 * previousNoise;
}

/// <summary>Langevin's: the increment is the draw where the gradient is zero.</summary>
[Optimizer]
internal sealed partial record Langevin(double LearningRate = 0.1)
{
    [Update]
    double Update(double parameter, double gradient, [Gaussian] double noise) => parameter - LearningRate * gradient + noise;
}

/// <summary>One draw a row.</summary>
[Optimizer]
internal sealed partial record RowShift
{
    [Update]
    static double Update(double parameter, double gradient, [Gaussian(Scope = Scope.Row)] double shift) => parameter - gradient + shift;
}

/// <summary>One name in two members, another name beside it.</summary>
[Optimizer]
internal sealed partial record Names(double LearningRate = 0.1)
{
    [State]
    static double First([Gaussian] double noise) => noise;

    [State]
    static double Second([Gaussian] double noise) => noise;

    [State]
    static double Other([Gaussian] double drift) => drift;

    [Update]
    double Update(double parameter, double gradient, double first, double second, double other)
    => parameter - LearningRate * gradient + first - second + other;
}

/// <summary>One draw a scope, kept where it can be read.</summary>
[Optimizer]
internal sealed partial record Scopes(double LearningRate = 0.1)
{
    [State]
    static double OfRow([Gaussian(Scope = Scope.Row)] double row) => row;

    [State]
    static double OfColumn([Gaussian(Scope = Scope.Column)] double column) => column;

    [State]
    static double OfTensor([Gaussian(Scope = Scope.Tensor)] double tensor) => tensor;

    [State]
    static double OfGroup([Gaussian(Scope = Scope.Group)] double party) => party;

    [State]
    static double OfAll([Gaussian(Scope = Scope.Global)] double all) => all;

    [Update]
    double Update(double parameter, double gradient, double ofRow, double ofColumn, double ofTensor, double ofGroup, double ofAll)
        => parameter - LearningRate * gradient + ofRow + ofColumn + ofTensor + ofGroup + ofAll;
}
