using OptDsl.Generator.Language;

namespace OptDsl.Generator.Analysis.Report;

/// <summary>How a value grows when the gradients, or the parameters, are scaled.</summary>
internal enum DegreeKind
{
    /// <summary>Zero, which is of every degree; also what is not known yet of a state that begins with it.</summary>
    Any,

    /// <summary>
    /// Degree zero because it depends on neither: a hyperparameter, a literal, the step. Beside something that grows it is an epsilon.
    /// </summary>
    Constant,

    /// <summary>Homogeneous.</summary>
    Homogeneous,

    /// <summary>Not homogeneous, or not known to be.</summary>
    Mixed,
}

/// <summary>The degree of a value.</summary>
/// <param name="Kind">What is known of it.</param>
/// <param name="Value">The degree, where it is homogeneous; else 0.</param>
internal readonly record struct Degree(DegreeKind Kind, double Value = 0)
{
    internal static readonly Degree Any = new(DegreeKind.Any);
    internal static readonly Degree Constant = new(DegreeKind.Constant);
    internal static readonly Degree Zero = new(DegreeKind.Homogeneous);
    internal static readonly Degree Mixed = new(DegreeKind.Mixed);

    internal static Degree Of(double value) => Exponents.IsTooLarge(value) ? Mixed : new(DegreeKind.Homogeneous, value);

    internal bool IsMixed => Kind == DegreeKind.Mixed;

    internal bool IsConstant => Kind == DegreeKind.Constant;

    internal Degree Times(Degree other, double power = 1)
        => Kind == DegreeKind.Any || other.Kind == DegreeKind.Any ? Any
            : IsMixed || other.IsMixed ? Mixed
            : IsConstant && other.IsConstant ? Constant
            : Of(Value + (other.Value * power));

    internal Degree Power(double power) => Kind == DegreeKind.Homogeneous ? Of(Value * power) : this;

    /// <summary>Whether the two are of one degree; zero is of every one.</summary>
    internal bool Agrees(Degree other)
        => Kind == DegreeKind.Any || other.Kind == DegreeKind.Any || (!IsMixed && !other.IsMixed && Exponents.AreSame(Value, other.Value));

    /// <summary>The degree of the sum of two that agree, or one of which is a constant, which is taken to be small.</summary>
    internal Degree With(Degree other)
        => Kind == DegreeKind.Any ? other
            : other.Kind == DegreeKind.Any ? this
            : IsMixed || other.IsMixed ? Mixed
            : IsConstant ? other
            : other.IsConstant || Agrees(other) ? this
            : Mixed;
}
