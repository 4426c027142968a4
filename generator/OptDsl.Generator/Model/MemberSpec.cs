namespace OptDsl.Generator.Model;

/// <summary>What an attributed method is.</summary>
internal enum MemberRole
{
    State,
    RunningAverage,
    Derived,
    Rate,
    Reduce,
    Update,
    ReadAt,
    SearchDirection,
}

/// <summary>What an input of a method is bound to.</summary>
internal enum InputKind
{
    Parameter,
    Gradient,
    Step,
    Loss,
    Rows,
    Columns,
    Count,
    Rank,
    Member,
    Extra,
}

/// <summary>A bound input.</summary>
/// <param name="Kind">What it is bound to.</param>
/// <param name="Member">The index of the member, or of the extra input, where it is bound to one.</param>
/// <param name="Previous">Whether it is that thing's value of the last step.</param>
internal readonly record struct InputSpec(InputKind Kind, int Member, bool Previous);

/// <summary>How a running average averages.</summary>
internal enum Averaging
{
    /// <summary>It is none.</summary>
    None,

    /// <summary>a &lt;- b a + (1 - b) x.</summary>
    Decay,

    /// <summary>a &lt;- a + (x - a) / min(N, t).</summary>
    Window,

    /// <summary>a &lt;- a + (x - a) w.</summary>
    Weight,
}

/// <summary>How a reduction combines.</summary>
internal enum ReductionOperator
{
    Sum,
    Mean,
    Max,
    Min,
}

/// <summary>What a reduction or a draw goes over, in the order of the runtime's enum.</summary>
internal enum ScopeKind
{
    Parameter,
    Row,
    Column,
    Tensor,
    Group,
    Global,
}

/// <summary>A reduction: how it combines and over what.</summary>
internal readonly record struct ReductionSpec(ReductionOperator Operator, ScopeKind Scope)
{
    /// <summary>The kind of the result.</summary>
    internal Kind Kind => KindOf(Scope);

    /// <summary>As the bits of a node.</summary>
    internal long Bits => ((long)Operator << 8) | (long)Scope;

    internal static ReductionSpec Of(Expression node) => new((ReductionOperator)(node.Bits >> 8), (ScopeKind)(node.Bits & 255));

    internal static Kind KindOf(ScopeKind scope) => scope switch
    {
        ScopeKind.Parameter => Kind.Parameter,
        ScopeKind.Row => Kind.Row,
        ScopeKind.Column => Kind.Column,
        ScopeKind.Tensor => Kind.Tensor,
        _ => Kind.Group,
    };
}

/// <summary>What an attribute on a parameter binds it to.</summary>
internal enum ExtraKind
{
    PerParameter,
    PerTensor,
    Gaussian,
    Uniform,
    Rademacher,
    GradientAt,
}

/// <summary>An input that an attribute declares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Extra">What it is.</param>
/// <param name="Scope">For a draw, what it is one of.</param>
/// <param name="Member">For a gradient, the member it is taken at; else -1.</param>
internal readonly record struct ExtraSpec(string Name, ExtraKind Extra, ScopeKind Scope, int Member)
{
    internal bool IsNoise => Extra is ExtraKind.Gaussian or ExtraKind.Uniform or ExtraKind.Rademacher;

    internal Kind Kind => Extra == ExtraKind.PerTensor ? Kind.Tensor : IsNoise ? ReductionSpec.KindOf(Scope) : Kind.Parameter;
}

/// <summary>An attributed method of a rule.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Role">What it is.</param>
/// <param name="IsStatic">Whether it is static.</param>
/// <param name="Type">The type it returns.</param>
/// <param name="Kind">How fine its value is.</param>
/// <param name="Inputs">Its inputs, in the order of its parameters.</param>
/// <param name="Value">The node its readers see.</param>
/// <param name="Stored">The node to store, for a state or average; else -1.</param>
/// <param name="Slot">For a state or average, its buffer, or its carried value if it is uniform; else -1.</param>
/// <param name="CorrectionSlot">The carried value that keeps its last correction; -1 where nobody reads it.</param>
/// <param name="Setting">For an average, C# that reads its decay or window; empty where a member gives it, and for other members.</param>
/// <param name="SettingType">For an average, the type of its decay or window.</param>
/// <param name="SettingName">For an average, the name of its decay or window; else empty.</param>
/// <param name="SettingMember">For an average, the member that gives its decay or weight; else -1.</param>
/// <param name="Averaging">How it averages.</param>
/// <param name="Corrected">Whether readers see the average corrected.</param>
/// <param name="InitialMember">The member that gives its content before the first step; else -1.</param>
/// <param name="Reduction">For a reduction, what it does.</param>
internal sealed record MemberSpec(
    string Name, MemberRole Role, bool IsStatic, ScalarType Type, Kind Kind, EquatableArray<InputSpec> Inputs,
    int Value, int Stored, int Slot, int CorrectionSlot, string Setting, ScalarType SettingType, string SettingName, int SettingMember, Averaging Averaging,
    bool Corrected, int InitialMember, ReductionSpec Reduction)
{
    internal bool PerElement => Kind == Kind.Parameter;
}
