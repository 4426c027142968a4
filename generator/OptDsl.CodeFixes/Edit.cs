using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace OptDsl.CodeFixes;

/// <summary>
/// A change of text in one document. Fixes are made of these, and not of rewritten trees, so that whatever lies around the
/// change stays as the author wrote it, and so that the edits of many diagnostics can be put together.
/// </summary>
internal readonly record struct Edit(DocumentId Document, TextSpan Span, string Text)
{
    internal static Edit Insert(DocumentId document, int position, string text) => new(document, new TextSpan(position, 0), text);

    internal static Edit Replace(DocumentId document, SyntaxToken token, string text) => new(document, token.Span, text);

    /// <summary>Removes a token and the white space after it; a comment there stays.</summary>
    internal static Edit Remove(DocumentId document, SyntaxToken token)
    {
        SyntaxToken next = token.GetNextToken();
        int end = token.TrailingTrivia.Concat(next.LeadingTrivia).TakeWhile(IsSpace).Select(trivia => trivia.Span.End)
            .DefaultIfEmpty(token.Span.End).Last();
        return new(document, TextSpan.FromBounds(token.SpanStart, end), "");
    }

    /// <summary>
    /// Makes the edits of each diagnostic, all of them or none: none where they would meet another's that is not the same.
    /// </summary>
    internal static async Task<Solution> ApplyAsync(Solution solution, IEnumerable<IReadOnlyList<Edit>> fixes,
        CancellationToken cancellation)
    {
        var accepted = new List<Edit>();
        foreach (IReadOnlyList<Edit> fix in fixes)
        {
            List<Edit> wanted = [.. fix.Where(edit => !accepted.Contains(edit))];
            if (!wanted.Exists(edit => accepted.Exists(edit.Meets)))
            {
                accepted.AddRange(wanted);
            }
        }

        foreach (IGrouping<DocumentId, Edit> group in accepted.GroupBy(edit => edit.Document))
        {
            SourceText text = await solution.GetDocument(group.Key)!.GetTextAsync(cancellation).ConfigureAwait(false);
            IEnumerable<TextChange> changes = group.OrderBy(edit => edit.Span.Start).ThenBy(edit => edit.Span.End)
                .Select(edit => new TextChange(edit.Span, edit.Text));
            solution = solution.WithDocumentText(group.Key, text.WithChanges(changes));
        }

        return solution;
    }

    private static bool IsSpace(SyntaxTrivia trivia) => string.IsNullOrWhiteSpace(trivia.ToString()) && !trivia.IsDirective;

    /// <summary>Whether the two change a common place; an insertion at the edge of a change does not meet it.</summary>
    private bool Meets(Edit other)
        => Document == other.Document && (Span.OverlapsWith(other.Span) || (Span.IsEmpty && Span == other.Span));
}
