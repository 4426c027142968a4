using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace OptDsl.CodeFixes;

/// <summary>
/// Fixes all: the edits of every diagnostic, put together. The batch fixer of Roslyn merges changed documents, and drops a
/// fix that shares an edit with another, as those of two rules in one type do.
/// </summary>
internal sealed class RuleFixAllProvider(RuleCodeFix fix) : FixAllProvider
{
    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes()
        => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

    public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
    {
        List<IReadOnlyList<Edit>> fixes = [];
        foreach (Document document in Documents(context))
        {
            ImmutableArray<Diagnostic> diagnostics = await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false);
            foreach (Diagnostic diagnostic in diagnostics.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start))
            {
                fixes.Add(await fix.FindEditsAsync(document, diagnostic, context.CancellationToken).ConfigureAwait(false));
            }
        }

        fixes.RemoveAll(edits => edits.Count == 0);
        return fixes.Count == 0 ? null
            : CodeAction.Create("Fix all " + fix.FixableDiagnosticIds[0],
                cancellation => Edit.ApplyAsync(context.Solution, fixes, cancellation), fix.GetType().Name);
    }

    private static IEnumerable<Document> Documents(FixAllContext context) => context.Scope switch
    {
        FixAllScope.Document => context.Document is { } document ? [document] : [],
        FixAllScope.Project => context.Project.Documents,
        FixAllScope.Solution =>
            context.Solution.Projects.Where(project => project.Language == LanguageNames.CSharp).SelectMany(project => project.Documents),
        _ => [],
    };
}
