namespace OptDsl.Generator.Model;

/// <summary>
/// A rule with an error. It gets the interfaces all the same: without them every declaration that names it would be the compiler's error,
/// and such errors end the build before an analyzer is asked.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Where it stands; null where nothing can be added to it.</param>
/// <param name="IsFloat">Whether its element is float.</param>
/// <param name="NamesReport">Whether it may use the report's name for something else.</param>
/// <param name="Error">Its first error, as it is reported.</param>
/// <param name="Reports">Its errors, where the analyzer may not be asked for them.</param>
internal sealed record InvalidRule(string Name, TypeHierarchy? Type, bool IsFloat, bool NamesReport, string Error,
    EquatableArray<ReportSpec> Reports);

/// <summary>What is read of a type marked as a rule: one of the two.</summary>
internal sealed record ParsedRule(RuleSpec? Valid, InvalidRule? Invalid);
