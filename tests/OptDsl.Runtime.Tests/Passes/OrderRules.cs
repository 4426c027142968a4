#pragma warning disable OPT1016, OPT1018 // The update writes what was reduced, to be looked at.
#pragma warning disable OPT1009 // States nobody reads are what the tests look at.
namespace OptDsl.Runtime.Tests.Passes;

/// <summary>Sums over a row, a tensor, a group and everything, stored as they are.</summary>
[Optimizer]
internal sealed partial record Sums
{
    [Reduce(Reduction.Sum, Scope = Scope.Row)]
    static double RowSum(double gradient) => gradient;

    [Reduce(Reduction.Sum, Scope = Scope.Tensor)]
    static double TensorSum(double gradient) => gradient;

    [Reduce(Reduction.Mean, Scope = Scope.Group)]
    static double GroupMean(double gradient) => gradient;

    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double GlobalSum(double gradient) => gradient;

    [State]
    static double OfRow(double rowSum) => rowSum;

    [State]
    static double OfTensor(double tensorSum) => tensorSum;

    [State]
    static double OfGroup(double groupMean) => groupMean;

    [State]
    static double OfAll(double globalSum) => globalSum;

    [Update]
    static double Update(double parameter, double gradient) => parameter - gradient;
}

/// <summary>The same sum over a tensor alone: its pass is cut into tiles.</summary>
[Optimizer]
internal sealed partial record TensorSumOnly
{
    [Reduce(Reduction.Sum, Scope = Scope.Tensor)]
    static double TensorSum(double gradient) => gradient;

    [State]
    static double OfTensor(double tensorSum) => tensorSum;

    [Update]
    static double Update(double parameter, double gradient) => parameter - gradient;
}

/// <summary>Products of uniforms in the order written, and a product with a value per parameter in the order written.</summary>
[Optimizer]
internal sealed partial record Products(double A = 1.1, double B = 1.3, double C = 0.7)
{
    [Update]
    double Update(double parameter, double gradient) => A * B * C * gradient;

    [State]
    double Right(double gradient) => A * (B * C) * gradient;

    [State]
    double Late(double gradient) => gradient * A * B * C;
}

/// <summary>A sum of two products: the left one is contracted.</summary>
[Optimizer(Arithmetic = Arithmetic.Fused)]
internal sealed partial record FusedProducts
{
    [State]
    static double Sum(double parameter, double gradient) => parameter * parameter + gradient * gradient;

    [State]
    static double Difference(double parameter, double gradient) => parameter * parameter - gradient * gradient;

    [Update]
    static double Update(double parameter, double gradient) => gradient - parameter * gradient;
}

/// <summary>Uniform values of every kind, each made of operations in double.</summary>
[Optimizer]
internal sealed partial record RoundedUniforms(double A = 1.1, double B = 1.3)
{
    [Reduce(Reduction.Max, Scope = Scope.Row)]
    static double RowMax(double gradient) => Math.Abs(gradient);

    [Reduce(Reduction.Max, Scope = Scope.Column)]
    static double ColumnMax(double gradient) => Math.Abs(gradient);

    [State]
    double OfGroup(double gradient) => A * B * gradient;

    [State]
    double OfTensor(double gradient, int rows) => A * B * rows / 7 * gradient;

    [State]
    double OfRow(double gradient, double rowMax) => A * B * rowMax * gradient;

    [State]
    double OfColumn(double gradient, double columnMax) => A * B * columnMax * gradient;

    [Update]
    static double Update(double parameter, double gradient) => parameter - gradient;
}
