using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;
using OptDsl.Generator.Diagnostics;

namespace OptDsl.CodeFixes;

/// <summary>OPT1001: gives an input, wherever it is read, the name that was meant.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NearestNameFix)), Shared]
public sealed class NearestNameFix() : RuleCodeFix(DiagnosticIds.UnknownInput)
{
    private protected override string Title(Diagnostic diagnostic)
        => $"Rename to '{diagnostic.Properties[DiagnosticProperties.Suggestion]}'";

    internal override async Task<IReadOnlyList<Edit>> FindEditsAsync(Document document, Diagnostic diagnostic,
        CancellationToken cancellation)
    {
        if (!diagnostic.Properties.TryGetValue(DiagnosticProperties.Suggestion, out string? name) || name is null
            || await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is not { } model)
        {
            return [];
        }

        SyntaxNode root = await model.SyntaxTree.GetRootAsync(cancellation).ConfigureAwait(false);
        if (root.FindToken(diagnostic.Location.SourceSpan.Start).Parent is not ParameterSyntax declaration
            || declaration.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method
            || model.GetDeclaredSymbol(declaration, cancellation) is not { } parameter
            || MeansSomething(name, method, model, cancellation))
        {
            return [];
        }

        string text = SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
        List<Edit> edits = [Edit.Replace(document.Id, declaration.Identifier, text)];
        Solution solution = document.Project.Solution;
        foreach (ReferencedSymbol reference in await SymbolFinder.FindReferencesAsync(parameter, solution, cancellation)
            .ConfigureAwait(false))
        {
            edits.AddRange(reference.Locations
                .Where(location => !location.IsImplicit)
                .Select(location => new Edit(location.Document.Id, location.Location.SourceSpan, text)));
        }

        return [.. edits.Distinct()];
    }

    /// <summary>
    /// Whether the method already uses the name for something else, which the renamed input would hide. A use of it that
    /// means nothing is the input itself, spelt right there and wrong in the list.
    /// </summary>
    private static bool MeansSomething(string name, MethodDeclarationSyntax method, SemanticModel model, CancellationToken cancellation)
    {
        foreach (SyntaxToken token in method.DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == name))
        {
            bool free = token.Parent is IdentifierNameSyntax identifier
                && (identifier.Parent is NameColonSyntax
                    || (identifier.Parent is MemberAccessExpressionSyntax access && access.Name == identifier)
                    || model.GetSymbolInfo(identifier, cancellation) is { Symbol: null, CandidateSymbols.IsEmpty: true });
            if (!free)
            {
                return true;
            }
        }

        return false;
    }
}
