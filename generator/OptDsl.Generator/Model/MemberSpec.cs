namespace OptDsl.Generator.Model;

/// <summary>What an attributed method is.</summary>
internal enum MemberRole
{
    State,
    RunningAverage,
    Derived,
    Rate,
    Update,
}

/// <summary>What an input of a method is bound to.</summary>
internal enum InputKind
{
    Parameter,
    Gradient,
    Step,
    Member,
}

/// <summary>A bound input.</summary>
/// <param name="Kind">What it is bound to.</param>
/// <param name="Member">The member's index, where it is bound to one.</param>
/// <param name="Previous">Whether it is that thing's value of the last step.</param>
internal readonly record struct InputSpec(InputKind Kind, int Member, bool Previous);

/// <summary>An attributed method of a rule.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Role">What it is.</param>
/// <param name="IsStatic">Whether it is static.</param>
/// <param name="Type">The type it returns.</param>
/// <param name="PerElement">Whether its value differs from parameter to parameter.</param>
/// <param name="Inputs">Its inputs, in the order of its parameters.</param>
/// <param name="Value">The node its readers see.</param>
/// <param name="Stored">The node to store, for a state or average; else -1.</param>
/// <param name="Slot">For a state or average, its buffer, or its carried value if it is uniform; else -1.</param>
/// <param name="CorrectionSlot">The carried value that keeps its last correction; -1 where nobody reads it.</param>
/// <param name="Setting">For an average, C# that reads its decay or window; else empty.</param>
/// <param name="SettingType">For an average, the type of its decay or window.</param>
/// <param name="SettingName">For an average, the name of its decay or window; else empty.</param>
/// <param name="IsWindow">Whether it averages over a window.</param>
/// <param name="Corrected">Whether readers see the average corrected.</param>
internal sealed record MemberSpec(
    string Name, MemberRole Role, bool IsStatic, ScalarType Type, bool PerElement, EquatableArray<InputSpec> Inputs,
    int Value, int Stored, int Slot, int CorrectionSlot, string Setting, ScalarType SettingType, string SettingName, bool IsWindow, bool Corrected);
