using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using OptDsl.Generator.Diagnostics;

namespace OptDsl.CodeFixes;

/// <summary>OPT0001: adds <c>partial</c> to the rule.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddPartialFix)), Shared]
public sealed class AddPartialFix() : RuleCodeFix(DiagnosticIds.TypeNotPartial)
{
    private protected override string Title(Diagnostic diagnostic) => "Add 'partial'";

    internal override async Task<IReadOnlyList<Edit>> FindEditsAsync(Document document, Diagnostic diagnostic,
        CancellationToken cancellation)
    {
        Solution solution = document.Project.Solution;
        INamedTypeSymbol? rule = await Declarations.TypeAtAsync(solution, diagnostic.Location, cancellation).ConfigureAwait(false);
        return rule is null ? [] : [.. PartialModifier.Add(solution, rule, cancellation)];
    }
}
