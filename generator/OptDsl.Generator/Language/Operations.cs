using OptDsl.Generator.Model;
using static OptDsl.Generator.Language.DimensionRule;

namespace OptDsl.Generator.Language;

/// <summary>
/// The table of operations. A row says how C#, formulas and the witness spell an operation, whether it is exact, where it throws, and
/// what a finite result reveals. It also says how the operation treats units, degrees, trends and ranges, and what it costs. A new
/// operation is a row here, and a method of the witnesses or of the library's functions.
/// </summary>
internal static class Operations
{
    private static readonly OperationSpec[] Table = Read(
    [
        // Leaves. The analyses know what those with a dimension of their own are.
        Leaf(Operation.Constant, Own), Leaf(Operation.Hyperparameter, Own), Leaf(Operation.StaticValue, Own),
            Leaf(Operation.Parameter, Own),
        Leaf(Operation.Buffer, Own), Leaf(Operation.Carried, Own), Leaf(Operation.Gradient, Own),
            Leaf(Operation.Input, DimensionRule.Unknown),
        Leaf(Operation.Step, Number), Leaf(Operation.Rows, Number), Leaf(Operation.Columns, Number), Leaf(Operation.Count, Number),
            Leaf(Operation.Rank, Number),
        Leaf(Operation.Noise, Draw), Leaf(Operation.Loss, Loss), Leaf(Operation.SwitchFailure, Own) with { Throws = Throwing.Always },
        new(Operation.PointGradient, 1) { Dimension = new(DimensionRule.Gradient) },

        // Factors of running averages.
        new(Operation.Correction, 1) { Dimension = new(Number) },
        new(Operation.Mass, 1) { Dimension = new(Number) },
        new(Operation.Weight, 1) { Dimension = new(Number) },

        // Barriers, and what feeds them.
        new(Operation.Widen, 1) { Dimension = new(Same), Reveals = Revealing.First, KeepsTrend = true, Range = OperationRanges.Same },
        new(Operation.Reduction, 1) { Dimension = new(Same), Range = OperationRanges.Reduced },

        // Arithmetic.
        Infix(Operation.Add, "+", 5) with { Throws = Throwing.OfCheckedIntegers, Reveals = Revealing.All,
            Dimension = new(Sum, Conflict: "adds different units"), Range = OperationRanges.Sum },
        Infix(Operation.Subtract, "-", 5) with { Throws = Throwing.OfCheckedIntegers, Reveals = Revealing.All,
            Dimension = new(Sum, Conflict: "subtracts different units"), Range = OperationRanges.Difference },
        Infix(Operation.Multiply, "*", 6) with { Throws = Throwing.OfCheckedIntegers, Reveals = Revealing.All, Dimension = new(Product),
            Range = OperationRanges.Product },
        Infix(Operation.Divide, "/", 6) with { Throws = Throwing.OfIntegers, Reveals = Revealing.First, Dimension = new(Quotient),
            Range = OperationRanges.Quotient, Cost = 1.75 },
        Infix(Operation.Remainder, "%", 6) with { Throws = Throwing.OfIntegers,
            Dimension = new(Sum, Conflict: "takes the remainder of different units"), Range = OperationRanges.Remainder },
        new(Operation.Negate, 1) { Symbol = "-", Precedence = 7, Throws = Throwing.OfCheckedIntegers, Reveals = Revealing.First,
            Dimension = new(Same), Range = OperationRanges.Negative },
        new(Operation.Convert, 1) { Throws = Throwing.OfCheckedIntegers, Dimension = new(Same), KeepsTrend = true,
            Range = OperationRanges.Converted },

        // Functions that are exact or correctly rounded, and so the same at every width.
        Exact(Operation.Sqrt, 1) with { Reveals = Revealing.First, Dimension = new(Root, 0.5),
            Range = OperationRanges.Of(static a => a.Sqrt()), Cost = 1.75 },
        Exact(Operation.Abs, 1) with { Throws = Throwing.OfIntegers, Reveals = Revealing.First, Dimension = new(Same),
            Range = OperationRanges.Of(static a => a.Abs()) },
        Exact(Operation.Min, 2) with { Dimension = new(Choice, Conflict: "chooses between different units"),
            Range = OperationRanges.Of(ValueRange.Min) },
        Exact(Operation.Max, 2) with { Dimension = new(Choice, Conflict: "chooses between different units"),
            Range = OperationRanges.Of(ValueRange.Max) },
        Exact(Operation.CopySign, 2) with { Reveals = Revealing.First, Dimension = new(Same),
            Range = OperationRanges.Of(OperationRanges.Signed) },
        Exact(Operation.Floor, 1) with { Reveals = Revealing.First, Dimension = new(Rounded), KeepsTrend = true,
            Range = OperationRanges.Rounded(Math.Floor) },
        Exact(Operation.Ceiling, 1) with { Reveals = Revealing.First, Dimension = new(Rounded), KeepsTrend = true,
            Range = OperationRanges.Rounded(Math.Ceiling) },
        Exact(Operation.Truncate, 1) with { Reveals = Revealing.First, Dimension = new(Rounded), KeepsTrend = true,
            Range = OperationRanges.Rounded(Math.Truncate) },
        Exact(Operation.Round, 1) with { Reveals = Revealing.First, Dimension = new(Rounded), KeepsTrend = true,
            Range = OperationRanges.Rounded(Math.Round) },
        Exact(Operation.FusedMultiplyAdd, 3) with { Witness = "MultiplyAdd", Reveals = Revealing.All, Dimension = new(Own),
            Range = OperationRanges.Fused },
        Exact(Operation.Clamp, 3) with { Throws = Throwing.Always, Dimension = new(Choice, Conflict: "clamps by another unit"),
            Range = static (_, a, b, c) => ValueRange.Max(ValueRange.Min(a, c), b) },

        // RuleMath's Sign is total; contraction alone makes the other two.
        new(Operation.Sign, 1) { Dimension = new(Root, 0), KeepsTrend = true, Range = OperationRanges.Of(OperationRanges.Sign) },
        new(Operation.FusedMultiplySubtract, 3) { Witness = "MultiplySubtract", Reveals = Revealing.All },
        new(Operation.FusedNegateMultiplyAdd, 3) { Witness = "NegateMultiplyAdd", Reveals = Revealing.All },

        // Functions of the library's own making, so that they too are the same at every width and on every machine.
        Approximate(Operation.Exp, 1) with { Dimension = new(PureFunction), Range = OperationRanges.Of(OperationRanges.Exponential) },
        Approximate(Operation.Log, 1) with { Reveals = Revealing.First, Dimension = new(PureFunction),
            Range = OperationRanges.Of(static a => OperationRanges.Logarithm(a, Math.Log)) },
        Approximate(Operation.Log2, 1) with { Reveals = Revealing.First, Dimension = new(PureFunction),
            Range = OperationRanges.Of(static a => OperationRanges.Logarithm(a, static x => Math.Log(x) / Math.Log(2))) },
        Approximate(Operation.Sin, 1) with { Reveals = Revealing.First, Dimension = new(PureFunction),
            Range = OperationRanges.Of(static _ => new ValueRange(-1, 1)) },
        Approximate(Operation.Cos, 1) with { Reveals = Revealing.First, Dimension = new(PureFunction),
            Range = OperationRanges.Of(static _ => new ValueRange(-1, 1)) },
        Approximate(Operation.Tanh, 1) with { Dimension = new(PureFunction), KeepsTrend = true,
            Range = OperationRanges.Of(static a => a.Map(Math.Tanh)) },
        Approximate(Operation.Atan, 1) with { Dimension = new(PureFunction), KeepsTrend = true,
            Range = OperationRanges.Of(static a => a.Map(Math.Atan)) },
        Approximate(Operation.Atan2, 2) with { Dimension = new(Angle, Conflict: "takes the angle of different units"),
            Range = OperationRanges.Of(OperationRanges.Angle) },
        Approximate(Operation.Pow, 2) with { Dimension = new(Power), Range = OperationRanges.Of(OperationRanges.Power) },
        Approximate(Operation.Cbrt, 1) with { Reveals = Revealing.First, Dimension = new(Root, 1.0 / 3), KeepsTrend = true,
            Range = OperationRanges.Of(OperationRanges.CubeRoot) },
        Approximate(Operation.Hypot, 2) with { IsOfRuleMath = true, Reveals = Revealing.All,
            Dimension = new(Sum, Conflict: "combines different units"),
                Range = OperationRanges.Of(static (a, b) => (a.Square() + b.Square()).Sqrt()) },

        // Conditions.
        Comparison(Operation.Less, "<",
            "LessThan") with { Range = OperationRanges.Of(static (a, b) => OperationRanges.Compare(a, b, orEqual: false)) },
        Comparison(Operation.LessOrEqual, "<=",
            "LessThanOrEqual") with { Range = OperationRanges.Of(static (a, b) => OperationRanges.Compare(a, b, orEqual: true)) },
        Comparison(Operation.Greater, ">",
            "GreaterThan") with { Range = OperationRanges.Of(static (a, b) => OperationRanges.Compare(b, a, orEqual: false)) },
        Comparison(Operation.GreaterOrEqual, ">=",
            "GreaterThanOrEqual") with { Range = OperationRanges.Of(static (a, b) => OperationRanges.Compare(b, a, orEqual: true)) },
        Comparison(Operation.Equal, "==", "AreEqual") with { Range = OperationRanges.Of(OperationRanges.Equal) },
        Comparison(Operation.NotEqual, "!=",
            "AreNotEqual") with { Range = OperationRanges.Of(static (a, b) => OperationRanges.Opposite(OperationRanges.Equal(a, b))) },
        Infix(Operation.And, "&", 3) with { FormulaSymbol = "&&", Dimension = new(Logic), Range = OperationRanges.Of(ValueRange.Min) },
        Infix(Operation.Or, "|", 2) with { FormulaSymbol = "||", Dimension = new(Logic), Range = OperationRanges.Of(ValueRange.Max) },
        Infix(Operation.AndAlso, "&&", 3) with { Witness = "And", Dimension = new(Logic), Range = OperationRanges.Of(ValueRange.Min) },
        Infix(Operation.OrElse, "||", 2) with { Witness = "Or", Dimension = new(Logic), Range = OperationRanges.Of(ValueRange.Max) },
        new(Operation.Not, 1) { Symbol = "!", Precedence = 7, Dimension = new(Same), Range = OperationRanges.Of(OperationRanges.Opposite) },
        new(Operation.Conditional, 3) { Witness = "Select", Dimension = new(Own) },
    ]);

    /// <summary>The rows, in the order of the enum.</summary>
    internal static IReadOnlyList<OperationSpec> All => Table;

    internal static OperationSpec Spec(this Operation operation) => Table[(int)operation];

    /// <summary>Whether a node is a function that is not exact, and so the library's own at every width.</summary>
    internal static bool IsApproximate(this Expression node) => node.Operation.Spec().IsApproximate;

    /// <summary>Whether evaluating a node itself can throw.</summary>
    internal static bool CanThrow(this Expression node) => node.Operation.Spec().Throws switch
    {
        Throwing.Always => true,
        Throwing.OfIntegers => node.Type == ScalarType.Int32,
        Throwing.OfCheckedIntegers => node.Type == ScalarType.Int32 && node.Bits == 1,
        _ => false,
    };

    /// <summary>Whether a node compares two values.</summary>
    internal static bool IsComparison(this Operation operation) => operation.Spec().Dimension.Rule == DimensionRule.Comparison;

    private static OperationSpec Leaf(Operation operation, DimensionRule dimension) => new(operation, 0) { Dimension = new(dimension) };

    private static OperationSpec Infix(Operation operation, string symbol, int precedence)
        => new(operation, 2) { Symbol = symbol, Precedence = precedence };

    private static OperationSpec Comparison(Operation operation, string symbol, string witness)
        => Infix(operation, symbol, 4) with
        {
            Witness = witness,
            Dimension = new(DimensionRule.Comparison, Conflict: "compares different units")
        };

    private static OperationSpec Exact(Operation operation, int arity) => new(operation, arity) { IsFunction = true };

    private static OperationSpec Approximate(Operation operation, int arity)
        => new(operation, arity) { IsFunction = true, IsApproximate = true, Cost = 5 };

    /// <summary>By number; a table without a row for each operation, or with two, is a fault of ours.</summary>
    private static OperationSpec[] Read(OperationSpec[] rows)
    {
        var table = new OperationSpec[Enum.GetValues(typeof(Operation)).Length];
        foreach (OperationSpec row in rows)
        {
            table[(int)row.Operation] = table[(int)row.Operation] is null ? row
                : throw new InvalidOperationException($"Two rows are of {row.Operation}.");
        }

        int missing = Array.IndexOf(table, null);
        return missing < 0 ? table : throw new InvalidOperationException($"No row is of {(Operation)missing}.");
    }
}
