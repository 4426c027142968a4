using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using OptDsl.Generator.Diagnostics;

namespace OptDsl.CodeFixes;

/// <summary>OPT0002: adds <c>partial</c> to every type around the rule, each of which has the diagnostic.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddPartialAroundFix)), Shared]
public sealed class AddPartialAroundFix() : RuleCodeFix(DiagnosticIds.ContainingTypeNotPartial)
{
    private protected override string Title(Diagnostic diagnostic) => "Add 'partial' to the types around the rule";

    internal override async Task<IReadOnlyList<Edit>> FindEditsAsync(Document document, Diagnostic diagnostic,
        CancellationToken cancellation)
    {
        Solution solution = document.Project.Solution;
        var edits = new List<Edit>();

        // The rule is the diagnostic's other location.
        foreach (Location rule in diagnostic.AdditionalLocations)
        {
            INamedTypeSymbol? type = await Declarations.TypeAtAsync(solution, rule, cancellation).ConfigureAwait(false);
            for (INamedTypeSymbol? outer = type?.ContainingType; outer is not null; outer = outer.ContainingType)
            {
                edits.AddRange(PartialModifier.Add(solution, outer, cancellation));
            }
        }

        return edits;
    }
}
