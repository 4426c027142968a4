namespace OptDsl.Conformance.Tests.Rules;

/// <summary>Gradient descent clipped by the norm of all gradients (Pascanu, Mikolov and Bengio 2013), PyTorch's epsilon.</summary>
[Optimizer]
public sealed partial record GlobalClip(double LearningRate = 0.1, double Largest = 1)
{
    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double Squares(double gradient) => gradient * gradient;

    [Derived]
    double Scale(double squares) => Math.Min(1, Largest / (Math.Sqrt(squares) + 1e-6));

    [Update]
    double Update(double parameter, double gradient, double scale) => parameter - LearningRate * (scale * gradient);
}

/// <summary>LARS (You, Gitman and Ginsburg 2017).</summary>
[Optimizer]
public sealed partial record Lars(double LearningRate = 0.1, double Momentum = 0.9, double Trust = 1e-3, double WeightDecay = 1e-4)
{
    [Reduce(Reduction.Sum, Scope = Scope.Tensor)]
    static double ParameterSquares(double parameter) => parameter * parameter;

    [Reduce(Reduction.Sum, Scope = Scope.Tensor)]
    static double GradientSquares(double gradient) => gradient * gradient;

    [Derived]
    double Ratio(double parameterSquares, double gradientSquares, int rank)
        => rank > 1 && parameterSquares > 0 && gradientSquares > 0 ? Trust * Math.Sqrt(parameterSquares) / Math.Sqrt(gradientSquares) : 1;

    [State]
    double Velocity(double parameter, double gradient, double ratio, double previousVelocity)
        => Momentum * previousVelocity + ratio * (gradient + WeightDecay * parameter);

    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}

/// <summary>LAMB (You et al. 2020), debiased, without a clamp.</summary>
[Optimizer]
public sealed partial record Lamb(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-6, double WeightDecay = 0.01)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Derived]
    double Direction(double parameter, double mean, double meanSquare) => mean / (Math.Sqrt(meanSquare) + Epsilon) + WeightDecay * parameter;

    [Reduce(Reduction.Sum, Scope = Scope.Tensor)]
    static double ParameterSquares(double parameter) => parameter * parameter;

    [Reduce(Reduction.Sum, Scope = Scope.Tensor)]
    static double DirectionSquares(double direction) => direction * direction;

    [Derived]
    static double Trust(double parameterSquares, double directionSquares)
        => parameterSquares > 0 && directionSquares > 0 ? Math.Sqrt(parameterSquares) / Math.Sqrt(directionSquares) : 1;

    [Update]
    double Update(double parameter, double direction, double trust) => parameter - LearningRate * trust * direction;
}

/// <summary>SM3-II (Anil et al. 2019) on matrices: a vector is one row, whose columns are its parameters.</summary>
[Optimizer]
public sealed partial record Sm3(double LearningRate = 0.1, double Epsilon = 1e-30)
{
    [Derived]
    static double Cover(double previousRowMax, double previousColumnMax, double gradient) => Math.Min(previousRowMax, previousColumnMax) + gradient * gradient;

    [Reduce(Reduction.Max, Scope = Scope.Row)]
    static double RowMax(double cover) => cover;

    [Reduce(Reduction.Max, Scope = Scope.Column)]
    static double ColumnMax(double cover) => cover;

    [Update]
    double Update(double parameter, double gradient, double cover) => parameter - LearningRate * gradient / Math.Sqrt(cover + Epsilon);
}

/// <summary>Adafactor (Shazeer and Stern 2018), factored, without momentum, with relative steps.</summary>
[Optimizer]
public sealed partial record Adafactor(double Epsilon1 = 1e-30, double Epsilon2 = 1e-3, double Threshold = 1)
{
    [Derived]
    static double Decay(int step) => 1 - Math.Sqrt(1.0 / step);

    [Reduce(Reduction.Mean, Scope = Scope.Row)]
    double RowSquare(double gradient) => gradient * gradient + Epsilon1;

    [Reduce(Reduction.Mean, Scope = Scope.Column)]
    double ColumnSquare(double gradient) => gradient * gradient + Epsilon1;

    [RunningAverage(Decay = nameof(Decay))]
    static double RowMean(double rowSquare) => rowSquare;

    [RunningAverage(Decay = nameof(Decay))]
    static double ColumnMean(double columnSquare) => columnSquare;

    [Reduce(Reduction.Mean, Scope = Scope.Tensor)]
    static double AllMean(double rowMean) => rowMean;

    [Derived]
    static double Direction(double gradient, double rowMean, double columnMean, double allMean) => gradient / Math.Sqrt(rowMean / allMean * columnMean);

    [Reduce(Reduction.Mean, Scope = Scope.Tensor)]
    static double DirectionSquare(double direction) => direction * direction;

    [Reduce(Reduction.Mean, Scope = Scope.Tensor)]
    static double ParameterSquare(double parameter) => parameter * parameter;

    [Rate]
    double Rate(double parameterSquare, double directionSquare, int step)
        => Math.Max(Epsilon2, Math.Sqrt(parameterSquare)) * Math.Min(1e-2, 1 / Math.Sqrt(step)) / Math.Max(1, Math.Sqrt(directionSquare) / Threshold);

    [Update]
    static double Update(double parameter, double direction, double rate) => parameter - rate * direction;
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
