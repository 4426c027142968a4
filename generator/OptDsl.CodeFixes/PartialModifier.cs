using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OptDsl.CodeFixes;

/// <summary>Adds <c>partial</c>, which stands right before the keyword of the type.</summary>
internal static class PartialModifier
{
    /// <summary>The edits that make every declaration of a type partial.</summary>
    internal static IEnumerable<Edit> Add(Solution solution, INamedTypeSymbol type, CancellationToken cancellation)
    {
        foreach (SyntaxReference reference in type.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax(cancellation) is TypeDeclarationSyntax declaration
                && !declaration.Modifiers.Any(SyntaxKind.PartialKeyword)
                && solution.GetDocumentId(reference.SyntaxTree) is { } document)
            {
                yield return Edit.Insert(document, declaration.Keyword.SpanStart, "partial ");
            }
        }
    }
}
