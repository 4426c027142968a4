using OptDsl.Generator.Model;

namespace OptDsl.Generator.Language;

/// <summary>All that the generator knows of an operation beyond the arithmetic itself: one row of <see cref="Operations"/>.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Arity">How many operands it has.</param>
internal sealed record OperationSpec(Operation Operation, int Arity)
{
    /// <summary>Its name in messages and formulas, and where nothing else is said also the witness's.</summary>
    internal string Name { get; } = Operation.ToString();

    /// <summary>Whether rules call it by its name: as a function of Math, MathF, double, float or RuleMath.</summary>
    internal bool IsFunction { get; init; }

    /// <summary>Whether it is a function that only RuleMath has.</summary>
    internal bool IsOfRuleMath { get; init; }

    /// <summary>
    /// Whether its result is rounded otherwise by the platform's function: then the library's own is called at every width.
    /// </summary>
    internal bool IsApproximate { get; init; }

    /// <summary>Between two operands, or before one, in C# and in formulas; else empty.</summary>
    internal string Symbol { get; init; } = "";

    /// <summary>The symbol in formulas, where that is another.</summary>
    internal string FormulaSymbol { get; init; } = "";

    /// <summary>How tightly the symbol binds in formulas.</summary>
    internal int Precedence { get; init; }

    /// <summary>The method of a witness that computes it for a vector.</summary>
    internal string Witness { get; init; } = Operation.ToString();

    /// <summary>Where evaluating it can throw.</summary>
    internal Throwing Throws { get; init; }

    /// <summary>The operands that the result is not finite with: a sum reveals both, a quotient its dividend alone.</summary>
    internal Revealing Reveals { get; init; }

    /// <summary>What units and degrees become.</summary>
    internal Dimension Dimension { get; init; } = Dimension.Unknown;

    /// <summary>Whether it never falls and keeps zero and signs: what follows the gradient still does.</summary>
    internal bool KeepsTrend { get; init; }

    /// <summary>The range of the result by the ranges of the operands; null where nothing is known but the type.</summary>
    internal Func<Expression, ValueRange, ValueRange, ValueRange, ValueRange>? Range { get; init; }

    /// <summary>What computing it for a vector costs, in loads from memory.</summary>
    internal double Cost { get; init; } = 0.05;
}

/// <summary>Where evaluating an operation can throw.</summary>
internal enum Throwing
{
    Never,

    /// <summary>In every type.</summary>
    Always,

    /// <summary>Of integers: a division by zero, the absolute value of the smallest.</summary>
    OfIntegers,

    /// <summary>Of integers in a checked context.</summary>
    OfCheckedIntegers,
}

/// <summary>Operands that a result which is finite rules out to be infinite or NaN.</summary>
internal enum Revealing
{
    None,
    First,
    All,
}

/// <summary>What an operation does to units and degrees.</summary>
internal enum DimensionRule
{
    /// <summary>Nothing is known: a unit of its own, no degree.</summary>
    Unknown,

    /// <summary>A leaf or a factor that the analyses look up themselves.</summary>
    Own,

    /// <summary>A pure number that depends on nothing.</summary>
    Number,

    /// <summary>A pure number of degree zero that is no constant: a draw.</summary>
    Draw,
    Loss,
    Gradient,

    /// <summary>Those of the operand.</summary>
    Same,

    /// <summary>The unit of the operand; no degree but zero.</summary>
    Rounded,

    /// <summary>Two operands of one unit and degree.</summary>
    Sum,

    /// <summary>One of two operands of one unit and degree.</summary>
    Choice,

    /// <summary>Two operands of one unit and degree, to a condition.</summary>
    Comparison,

    /// <summary>Conditions to a condition.</summary>
    Logic,
    Product,
    Quotient,

    /// <summary>A power of a fixed exponent.</summary>
    Root,

    /// <summary>A power.</summary>
    Power,

    /// <summary>From pure numbers to pure numbers.</summary>
    PureFunction,

    /// <summary>The angle of two sides of one unit, which is the same when both are scaled.</summary>
    Angle,
}

/// <summary>A rule for units and degrees, with its exponent, and what it says of operands that disagree.</summary>
internal sealed record Dimension(DimensionRule Rule, double Exponent = 1, string Conflict = "")
{
    internal static readonly Dimension Unknown = new(DimensionRule.Unknown);
}
