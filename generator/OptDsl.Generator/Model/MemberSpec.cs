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

    /// <summary>What the correction of an average divides by.</summary>
    Correction,
}

/// <summary>A bound input.</summary>
/// <param name="Kind">What it is bound to.</param>
/// <param name="Member">The index of the member, or of the average it corrects, or of the extra input, where it is bound to one.</param>
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
/// <param name="Setting">For an average, where its decay or window is read; null where a member gives it, and for other members.</param>
/// <param name="SettingType">For an average, the type of its decay or window.</param>
/// <param name="SettingName">For an average, the name of its decay or window; else empty.</param>
/// <param name="SettingMember">For an average, the member that gives its decay or weight; else -1.</param>
/// <param name="Averaging">How it averages.</param>
/// <param name="Corrected">Whether readers see the average corrected.</param>
/// <param name="Initial">The member or input that gives its content before the first step, or null.</param>
/// <param name="Reduction">For a reduction, what it does.</param>
internal sealed record MemberSpec(
    string Name, MemberRole Role, bool IsStatic, ScalarType Type, Kind Kind, EquatableArray<InputSpec> Inputs,
    int Value, int Stored, int Slot, int CorrectionSlot, ValuePath? Setting, ScalarType SettingType, string SettingName, int SettingMember,
        Averaging Averaging,
    bool Corrected, InputSpec? Initial, ReductionSpec Reduction)
{
    internal bool PerElement => Kind == Kind.Parameter;

    /// <summary>The member that gives its content before the first step; else -1.</summary>
    internal int InitialMember => Initial is { Kind: InputKind.Member } initial ? initial.Member : -1;

    /// <summary>What its body can throw at.</summary>
    internal EquatableArray<CheckSpec> Checks { get; init; }
}
