namespace OptDsl.Rules;

/// <summary>
/// Adafactor (Shazeer and Stern 2018): factored, without momentum, with relative steps of at most the learning rate. A vector is one row.
/// </summary>
[Optimizer]
public sealed partial record Adafactor(
    [Domain("[0, inf)")] double LearningRate = 1e-2, [Domain("[0, inf)")] double Epsilon1 = 1e-30,
    [Domain("[0, inf)")] double Epsilon2 = 1e-3, [Domain("(0, inf]")] double Threshold = 1)
{
    [Derived]
    static double Decay(int step) => 1 - RuleMath.Pow(step, -0.8);

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
    static double Direction(double gradient, double rowMean, double columnMean, double allMean)
    => gradient / Math.Sqrt(rowMean / allMean * columnMean);

    [Reduce(Reduction.Mean, Scope = Scope.Tensor)]
    static double DirectionSquare(double direction) => direction * direction;

    [Reduce(Reduction.Mean, Scope = Scope.Tensor)]
    static double ParameterSquare(double parameter) => parameter * parameter;

    [Rate]
    double Rate(double parameterSquare, double directionSquare, int step)
        => Math.Max(Epsilon2, Math.Sqrt(parameterSquare)) * Math.Min(LearningRate, 1 / Math.Sqrt(step))
        / Math.Max(1, Math.Sqrt(directionSquare) / Threshold);

    [Update]
    static double Update(double parameter, double direction, double rate) => parameter - rate * direction;
}
