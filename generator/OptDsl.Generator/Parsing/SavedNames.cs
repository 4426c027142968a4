using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;

namespace OptDsl.Generator.Parsing;

/// <summary>Checks the names that states take in files: they must tell the states of a rule apart.</summary>
internal static class SavedNames
{
    internal static void Check(List<MemberDeclaration> members, DiagnosticSink sink)
    {
        foreach (MemberDeclaration member in members)
        {
            if (member.ArgumentSyntax(KnownTypes.SavedAs) is null)
            {
                continue;
            }

            string name = member.SavedAs ?? "";
            string? problem = name.Length == 0
                || !name.All(c => c is '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9'))
                ? "is not a name of ASCII letters, digits and underscores"
                : members.Exists(other => other != member && ((other.HasMemory ? other.SavedAs : null) ?? other.Name) == name)
                ? "is another member's name"
                : name.StartsWith("Previous", StringComparison.Ordinal)
                ? "begins with 'Previous', which is reserved for values of the previous step"
                : null;
            if (problem is not null)
            {
                sink.Report(DiagnosticDescriptors.NamesNothing, member.ArgumentLocation(KnownTypes.SavedAs), KnownTypes.SavedAs,
                    member.Name, name, problem, "give the state another name");
            }
        }
    }
}
