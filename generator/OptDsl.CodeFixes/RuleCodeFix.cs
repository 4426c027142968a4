using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace OptDsl.CodeFixes;

/// <summary>A fix of one diagnostic, given as edits of text. Where it finds none it is not offered.</summary>
public abstract class RuleCodeFix : CodeFixProvider
{
    private readonly string id;

    /// <param name="id">The diagnostic it mends.</param>
    private protected RuleCodeFix(string id) => this.id = id;

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds => [id];

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => new RuleFixAllProvider(this);

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            IReadOnlyList<Edit> edits = await FindEditsAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false);
            if (edits.Count > 0)
            {
                Solution solution = context.Document.Project.Solution;
                var action = CodeAction.Create(Title(diagnostic), cancellation => Edit.ApplyAsync(solution, [edits], cancellation),
                    equivalenceKey: GetType().Name);
                context.RegisterCodeFix(action, diagnostic);
            }
        }
    }

    /// <summary>What the editor offers.</summary>
    private protected abstract string Title(Diagnostic diagnostic);

    /// <summary>The edits that mend the diagnostic; empty where there are none that would.</summary>
    internal abstract Task<IReadOnlyList<Edit>> FindEditsAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation);
}
