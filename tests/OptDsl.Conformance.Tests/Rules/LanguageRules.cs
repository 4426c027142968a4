namespace OptDsl.Conformance.Tests.Rules;

/// <summary>Sharpness-aware minimisation (Foret et al. 2021) over momentum: a gradient at another point, after a barrier.</summary>
[Optimizer]
public sealed partial record Sharpness(double LearningRate = 0.1, double Momentum = 0.9, double Rho = 0.05)
{
    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double Squares(double gradient) => gradient * gradient;

    [Derived]
    double Ascent(double parameter, double gradient, double squares) => parameter + Rho / (Math.Sqrt(squares) + 1e-12) * gradient;

    [State]
    double Velocity([GradientAt(nameof(Ascent))] double sharp, double previousVelocity) => Momentum * previousVelocity + sharp;

    [Update]
    double Update(double parameter, double velocity, double gradient) => parameter - LearningRate * velocity - 1e-3 * gradient;
}

/// <summary>Everything a caller gives: buffers, numbers of tensors, the loss; and the past of each.</summary>
[Optimizer]
public sealed partial record Given(double LearningRate = 0.1)
{
    [RunningAverage(Weight = nameof(Mixing))]
    static double Scale([PerParameter] double exampleSquare, double previousExampleSquare) => exampleSquare + 0.5 * previousExampleSquare;

    [Derived]
    static double Mixing(int step, double gradient) => gradient > 0 ? 1.0 / step : 0.25;

    [Derived]
    static double Heat([PerTensor] double energy, double previousEnergy, double loss, double previousLoss, int count)
    => (energy - previousEnergy + loss - previousLoss) / count;

    [Update]
    double Update(double parameter, double gradient, double scale, double heat)
    => parameter - LearningRate * gradient / (Math.Abs(scale) + 1) - heat;
}

/// <summary>Accelerated gradients (Nesterov 1983) as one step: the buffer holds the point of the gradient, the model is another.</summary>
[Optimizer]
public sealed partial record Accelerated(double LearningRate = 0.05, double Mu = 0.1)
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

/// <summary>A model that nothing stored makes again, so that it is kept.</summary>
[Optimizer]
public sealed partial record Lookback(double LearningRate = 0.05)
{
    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * gradient;

    [ReadAt]
    static double Model(double parameter, double gradient) => parameter - 0.5 * gradient;
}

/// <summary>A decay that changes, corrected by the product of those used; and what its readers saw.</summary>
[Optimizer]
public sealed partial record ChangingDecay(double LearningRate = 0.05)
{
    [Derived]
    static double Decay(int step) => 1 - 1.0 / (step + 1);

    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [Update]
    double Update(double parameter, double mean, double previousMean) => parameter - LearningRate * (mean + 0.1 * previousMean);
}

/// <summary>Values of every kind, conditions among them, and reductions of each scope and sort.</summary>
[Optimizer]
public sealed partial record Kinds(double LearningRate = 0.05)
{
    [Reduce(Reduction.Mean, Scope = Scope.Row)]
    static double RowMean(double gradient, double parameter) => gradient * parameter;

    [Reduce(Reduction.Min, Scope = Scope.Column)]
    static double ColumnLeast(double gradient) => gradient;

    [Reduce(Reduction.Max, Scope = Scope.Tensor)]
    static double Largest(double gradient, bool positive) => positive ? gradient : -0.5 * gradient;

    [Derived]
    static bool Positive(double gradient) => gradient > 0;

    [Derived]
    static bool Steep(double rowMean, double largest) => rowMean > 0.1 * largest;

    [Derived]
    static bool Low(double columnLeast) => columnLeast < -1;

    [Reduce(Reduction.Sum, Scope = Scope.Group)]
    static double Steeps(bool steep, double columnLeast, int rows) => steep ? columnLeast : rows;

    [State(Initial = nameof(RowMean))]
    static double RowTrace(double rowMean, double previousRowTrace) => 0.5 * (previousRowTrace + rowMean);

    [State]
    static double ColumnTrace(double columnLeast, double previousColumnTrace) => 0.9 * previousColumnTrace + columnLeast;

    [State(Initial = 2.0)]
    static double TensorTrace(double largest, double previousTensorTrace, int rank) => previousTensorTrace / (1 + largest * largest) + rank;

    [Update]
    double Update(double parameter, double gradient, bool steep, bool low, double steeps, double rowTrace, double columnTrace,
        double tensorTrace, int columns)
        => parameter
        - LearningRate * (steep ? gradient : low ? 0.5 * gradient : rowTrace * columnTrace)
        / (1 + Math.Abs(steeps) + tensorTrace * tensorTrace) - 1e-3 / columns;
}

/// <summary>States needed on both sides of a barrier, old and new; a bound that is known only after it.</summary>
[Optimizer]
public sealed partial record BothSides(double LearningRate = 0.05)
{
    [State]
    static double Velocity(double gradient, double previousVelocity) => 0.9 * previousVelocity + gradient;

    [State]
    static double Other(double velocity, double previousVelocity, double previousOther) => previousOther + velocity * previousVelocity;

    [Reduce(Reduction.Sum)]
    static double Energy(double velocity, double other) => velocity * velocity + Math.Abs(other);

    [Reduce(Reduction.Mean)]
    static double Drift(double velocity, double previousVelocity, double energy) => (velocity - previousVelocity) / (1 + energy);

    [Update]
    double Update(double parameter, double velocity, double previousVelocity, double energy, double drift, double other)
        => parameter - LearningRate * Math.Clamp(velocity + 0.1 * previousVelocity + drift, -energy, energy) - 1e-3 * other;
}

/// <summary>Draws of every distribution and scope.</summary>
[Optimizer]
public sealed partial record Noisy(double LearningRate = 0.05)
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

/// <summary>Adam with the direction of a step search, and two members to watch.</summary>
[Optimizer]
public sealed partial record Watched(double LearningRate = 0.1, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
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

/// <summary>A rule in float, whose reductions are summed in double all the same.</summary>
[Optimizer]
public sealed partial record SingleClip(float LearningRate = 0.1f)
{
    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static float Squares(float gradient) => gradient * gradient;

    [Reduce(Reduction.Mean, Scope = Scope.Row)]
    static float RowMean(float gradient) => gradient;

    [Update]
    float Update(float parameter, float gradient, float squares, float rowMean)
    => parameter - LearningRate * (gradient - rowMean) / (1 + MathF.Sqrt(squares));
}

/// <summary>Reductions in a fused rule: products are contracted on both sides of the barrier.</summary>
[Optimizer(Arithmetic = Arithmetic.Fused)]
public sealed partial record FusedLamb(double LearningRate = 0.01)
{
    [State]
    static double Mean(double gradient, double previousMean) => 0.9 * previousMean + 0.1 * gradient;

    [Reduce(Reduction.Sum)]
    static double Squares(double mean, double parameter) => mean * mean + parameter * parameter;

    [Update]
    double Update(double parameter, double mean, double squares) => parameter - LearningRate * mean / Math.Sqrt(squares + 1e-8);
}

/// <summary>Conditions of one a column in what is reduced, and a published average whose decay differs from row to row.</summary>
[Optimizer]
public sealed partial record ColumnConditions(double LearningRate = 0.1)
{
    [Reduce(Reduction.Mean, Scope = Scope.Column)]
    static double ColumnMean(double gradient) => gradient;

    [Observe]
    [Derived]
    static bool Rising(double columnMean) => columnMean > 0;

    [Reduce(Reduction.Sum)]
    double Energy(bool rising, double gradient) => rising ? LearningRate : gradient;

    [Reduce(Reduction.Mean, Scope = Scope.Row)]
    static double RowMean(double gradient) => gradient;

    [Derived]
    static double Decay(double rowMean) => 0.9 / (1 + rowMean * rowMean);

    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.Published)]
    static double RowTrace(double rowMean) => rowMean;

    [Update]
    double Update(double parameter, double mean, double previousMean, double rowTrace, double energy)
        => parameter - LearningRate * (mean + 0.1 * previousMean + rowTrace) / (1 + Math.Abs(energy));
}

/// <summary>
/// Hyperparameters with accessors: checked or bounded where they are set, required, and read by a getter that returns its field.
/// </summary>
[Optimizer]
public sealed partial record Checked(double LearningRate = 0.1)
{
    public double LearningRate
    {
        get; init => field = value >= 0 ? value
        : throw new ArgumentOutOfRangeException(nameof(LearningRate), value, "LearningRate must not be negative.");
    } = LearningRate;

    public required double Decay { get => field; init; }

    public double Bounded { get { return (field); } init => field = Math.Min(value, 0.25); } = 0.2;

    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [Update]
    double Update(double parameter, double mean) => parameter - LearningRate * (mean + Bounded * parameter);
}

#pragma warning disable OPT1019 // That each is counted once per parameter is what is tested.
/// <summary>Sums of products of values coarser than a parameter, each counted once per parameter.</summary>
[Optimizer]
public sealed partial record CoarseProducts(double LearningRate = 0.1)
{
    [Reduce(Reduction.Mean, Scope = Scope.Row)]
    static double RowMean(double gradient) => gradient;

    [Reduce(Reduction.Mean, Scope = Scope.Column)]
    static double ColumnMean(double gradient) => gradient;

    [Reduce(Reduction.Sum)]
    static double RowSum(double rowMean) => rowMean * rowMean;

    [Reduce(Reduction.Mean, Scope = Scope.Group)]
    static double ColumnSum(double columnMean) => columnMean * columnMean;

    [Reduce(Reduction.Sum, Scope = Scope.Row)]
    static double Both(double rowMean, double columnMean) => rowMean * columnMean;

    [Reduce(Reduction.Sum)]
    static double Tensors([PerTensor] double energy) => energy * energy;

    [Update]
    double Update(double parameter, double gradient, double rowSum, double columnSum, double both, double tensors)
        => parameter - LearningRate * gradient * (1 + rowSum + columnSum + both) / (1 + tensors);
}
#pragma warning restore OPT1019

/// <summary>
/// Helpers in extension blocks: methods, properties and static ones, of a value and of a generic receiver, and one called by its static
/// name.
/// </summary>
[Optimizer]
public sealed partial record Extending(double LearningRate = 0.1)
{
    [Update]
    double Update(double parameter, double gradient)
        => parameter
        - LearningRate
        * (gradient.Softly(2) + parameter.Half + double.Quartered(gradient) + double.Tiny + Extensions.Softly(parameter, gradient)
            + gradient.Bounded());
}

internal static class Extensions
{
    extension(double x)
    {
        public static double Tiny => 0.015625;

        public double Half => x / 2;

        public double Softly(double bound) => x / (1 + Math.Abs(x * bound));

        // Assigned on one way only: the receiver is a variable of the body like a parameter.
        public double Bounded()
        {
            if (x > 0.25)
            {
                x = 0.25;
            }

            return x.Half;
        }

        public static double Quartered(double y) => y.Half.Half;
    }
}

/// <summary>
/// What corrections divide by, of averages that are read corrected, raw, and with a decay that changes; and states that begin as an input.
/// </summary>
[Optimizer]
public sealed partial record ByHand(double LearningRate = 0.1, double Beta = 0.9, double Beta2 = 0.99)
{
    [RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.None)]
    static double Square(double gradient) => gradient * gradient;

    [Derived]
    static double Rising(int step) => 1 - 1.0 / (step + 1);

    [Reduce(Reduction.Mean, Scope = Scope.Row)]
    static double RowMean(double gradient) => gradient;

    [Derived]
    static double RowDecay(double rowMean) => 0.5 / (1 + rowMean * rowMean);

    [RunningAverage(Decay = nameof(Rising), Correction = BiasCorrection.None)]
    static double Slow(double gradient) => gradient;

    [RunningAverage(Decay = nameof(RowDecay), Correction = BiasCorrection.Published)]
    static double ByRow(double gradient, double squareCorrection) => gradient * squareCorrection;

    [State(Initial = nameof(gradient))]
    static double Largest(double gradient, double previousLargest) => Math.Max(previousLargest, Math.Abs(gradient));

    [State(Initial = nameof(parameter))]
    static double Anchor(double parameter, double previousAnchor) => 0.5 * (parameter + previousAnchor);

    [Update]
    double Update(double parameter, double mean, double square, double slow, double byRow, double largest, double anchor,
        double meanCorrection, double squareCorrection, double slowCorrection, double byRowCorrection, double previousLargest)
        => parameter
        - LearningRate * (mean * meanCorrection + slow / slowCorrection + byRow * byRowCorrection)
        / (Math.Sqrt(square / squareCorrection) + Math.Abs(largest) + Math.Abs(previousLargest) + 1) - 0.01 * (parameter - anchor);
}

/// <summary>The same in float.</summary>
[Optimizer]
public sealed partial record ByHandFloat(float LearningRate = 0.1f, float Beta2 = 0.99f)
{
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.None)]
    static float Square(float gradient) => gradient * gradient;

    [Update]
    float Update(float parameter, float gradient, float square, float squareCorrection)
    => parameter - LearningRate * gradient / (MathF.Sqrt(square / squareCorrection) + 1e-8f);
}
