using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Report;

/// <summary>What becomes of a value where all gradients of all steps change their sign.</summary>
internal enum Parity
{
    /// <summary>It does not depend on them.</summary>
    None,

    /// <summary>It changes its sign as well.</summary>
    Odd,

    /// <summary>It stays as it is.</summary>
    Even,

    /// <summary>Neither, or nobody knows.</summary>
    Unknown,
}

/// <summary>The parity of each expression in the gradients; states are looked through to a fixed point.</summary>
internal sealed class ParityAnalysis : StateFixedPoint<Parity>
{
    private const int MostRounds = 8;

    private readonly Parity parameter;

    /// <param name="rule">The rule.</param>
    /// <param name="parameter">What is taken of the parameter itself.</param>
    internal ParityAnalysis(RuleSpec rule, Parity parameter)
        : base(rule, MostRounds)
    {
        this.parameter = parameter;
        Solve();
    }

    protected override Parity Unknown => Parity.Unknown;

    protected override Parity Begin(int initial) => Parity.None;

    /// <summary>What a step stores, and what the state begins with: zero is of either parity.</summary>
    protected override Parity Join(Parity state, int stored, int initial)
        => Constants.LiteralOf(Rule.Nodes, initial) is 0 ? this[stored] : Sum(this[stored], this[initial]);

    protected override Parity Evaluate(int index, Expression node)
    {
        Parity a = At(node.A, Parity.None), b = At(node.B, Parity.None), c = At(node.C, Parity.None);
        return node.Operation switch
        {
            Operation.Parameter => parameter,
            Operation.Gradient => Parity.Odd,
            Operation.Input or Operation.Noise or Operation.Loss or Operation.PointGradient => Parity.Unknown,
            Operation.Buffer or Operation.Carried => StateOf(node),
            Operation.Multiply or Operation.Divide => Product(a, b),
            Operation.Add or Operation.Subtract => Sum(a, b),
            Operation.FusedMultiplyAdd => Sum(Product(a, b), c),
            Operation.Negate or Operation.Convert or Operation.Widen or Operation.Reduction when !IsExtreme(node) => a,
            Operation.Abs => a == Parity.Odd ? Parity.Even : a,
            Operation.Sign or Operation.Tanh or Operation.Atan or Operation.Cbrt or Operation.Sin or Operation.Truncate => a,
            Operation.CopySign => Product(a == Parity.Odd ? Parity.Even : a, b),
            Operation.Pow when Constants.LiteralOf(Rule.Nodes, node.B) is { } power && power % 1 == 0
                => a == Parity.Odd && power % 2 == 0 ? Parity.Even : a,

            // Any function of what stays as it is stays so.
            _ when IsSame(a) && IsSame(b) && IsSame(c) => Sum(a, Sum(b, c)),
            Operation.Conditional when a == Parity.None => Sum(b, c),
            _ => Parity.Unknown,
        };
    }

    /// <summary>The greatest of odd values becomes the least of them.</summary>
    private static bool IsExtreme(Expression node)
        => node.Operation == Operation.Reduction
        && ReductionSpec.Of(node).Operator is not (ReductionOperator.Sum or ReductionOperator.Mean);

    private static bool IsSame(Parity parity) => parity is Parity.None or Parity.Even;

    private static Parity Product(Parity a, Parity b)
        => a == Parity.Unknown || b == Parity.Unknown ? Parity.Unknown
            : a == Parity.None ? b
            : b == Parity.None ? a
            : a == b ? Parity.Even
            : Parity.Odd;

    private static Parity Sum(Parity a, Parity b)
        => a == b ? a : IsSame(a) && IsSame(b) ? Parity.Even : Parity.Unknown;
}
