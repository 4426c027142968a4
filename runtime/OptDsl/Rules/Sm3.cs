namespace OptDsl.Rules;

/// <summary>SM3-II (Anil et al. 2019) on matrices: a vector is one row, whose columns are its parameters.</summary>
[Optimizer]
public sealed partial record Sm3([Domain("[0, inf)")] double LearningRate = 0.1, [Domain("[0, inf)")] double Epsilon = 1e-30)
{
    [Derived]
    static double Cover(double previousRowMax, double previousColumnMax, double gradient)
    => Math.Min(previousRowMax, previousColumnMax) + gradient * gradient;

    [Reduce(Reduction.Max, Scope = Scope.Row)]
    static double RowMax(double cover) => cover;

    [Reduce(Reduction.Max, Scope = Scope.Column)]
    static double ColumnMax(double cover) => cover;

    [Update]
    double Update(double parameter, double gradient, double cover) => parameter - LearningRate * gradient / Math.Sqrt(cover + Epsilon);
}
