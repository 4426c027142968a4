using Microsoft.CodeAnalysis.CSharp;

namespace OptDsl.Generator.Language;

/// <summary>The names by which inputs are bound, and help for those that are misspelt.</summary>
internal static class Names
{
    internal const string Previous = "previous";

    /// <summary>After the name of an average, the input that is what its correction divides by.</summary>
    internal const string Correction = "Correction";

    internal static string Camel(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name.Substring(1);

    internal static string Pascal(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name.Substring(1);

    /// <summary>Of a name with types before it, what an identifier can hold.</summary>
    internal static string Letters(string name) => name.Contains('.') ? new string([.. name.Where(SyntaxFacts.IsIdentifierPartCharacter)])
        : name;

    /// <summary>The name as an identifier: escaped where it is a keyword.</summary>
    internal static string Identifier(string name)
        => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(name) == SyntaxKind.None ? name
        : "@" + name;

    /// <summary>The candidate that takes the fewest edits, if it takes no more than a third of the name.</summary>
    internal static string? Nearest(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        int fewest = Math.Max(2, name.Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            int edits = Spelling.Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant());

            // As many edits as letters leave nothing of the name.
            if (edits < fewest && edits < Math.Max(name.Length, candidate.Length))
            {
                (best, fewest) = (candidate, edits);
            }
        }

        return best;
    }
}
