using OptDsl.Generator.Language;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// Members that were refused, with a diagnostic of their own: what reads or names them is not told that there is no such member.
/// </summary>
internal sealed class RefusedMembers
{
    private readonly HashSet<string> inputs = [];

    internal void Add(string member) => inputs.Add(Names.Camel(member));

    /// <summary>Whether an input of this name would read one, now or of the last step.</summary>
    internal bool Has(string input) => inputs.Contains(input)
        || (input.StartsWith(Names.Previous, StringComparison.Ordinal)
            && inputs.Contains(Names.Camel(input.Substring(Names.Previous.Length))));
}
