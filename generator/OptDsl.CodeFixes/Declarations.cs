using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OptDsl.CodeFixes;

/// <summary>From a place in the source to what is declared there.</summary>
internal static class Declarations
{
    /// <summary>The type whose name the location marks.</summary>
    internal static async Task<INamedTypeSymbol?> TypeAtAsync(Solution solution, Location location, CancellationToken cancellation)
    {
        if (solution.GetDocument(location.SourceTree) is not { } document
            || await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is not { } model)
        {
            return null;
        }

        SyntaxNode root = await model.SyntaxTree.GetRootAsync(cancellation).ConfigureAwait(false);
        var declaration = root.FindToken(location.SourceSpan.Start).Parent as TypeDeclarationSyntax;
        return declaration is null ? null : model.GetDeclaredSymbol(declaration, cancellation) as INamedTypeSymbol;
    }
}
