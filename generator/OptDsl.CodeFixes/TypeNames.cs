using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OptDsl.CodeFixes;

/// <summary>Calls of one static class turned into calls of another.</summary>
internal static class TypeNames
{
    /// <summary>The short name where it means the type, else the full one.</summary>
    internal static string At(SemanticModel model, int position, string space, string name)
    {
        var found = model.LookupNamespacesAndTypes(position, name: name);
        return found.Length == 1 && found[0] is INamedTypeSymbol type && type.ContainingNamespace.ToDisplayString() == space ? name
            : $"global::{space}.{name}";
    }

    /// <summary>The edit that makes a call, or a constant, of a class one of another: of <c>Math.Sqrt</c> <c>MathF.Sqrt</c>.</summary>
    internal static Edit Replace(DocumentId document, SemanticModel model, ExpressionSyntax member, string space, string name)
    {
        string text = At(model, member.SpanStart, space, name);
        return member is MemberAccessExpressionSyntax access
            ? new Edit(document, access.Expression.Span, text)
            : Edit.Insert(document, member.SpanStart, text + ".");
    }
}
