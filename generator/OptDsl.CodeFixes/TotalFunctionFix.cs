using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.CodeFixes;

/// <summary>OPT2002: calls the total form in <c>RuleMath</c> of the functions that have one, Sign and Clamp.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TotalFunctionFix)), Shared]
public sealed class TotalFunctionFix() : RuleCodeFix(DiagnosticIds.FunctionWithoutVectorForm)
{
    private protected override string Title(Diagnostic diagnostic) => "Call the total function of RuleMath";

    internal override async Task<IReadOnlyList<Edit>> FindEditsAsync(Document document, Diagnostic diagnostic,
        CancellationToken cancellation)
    {
        if (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is not { } model)
        {
            return [];
        }

        SyntaxNode root = await model.SyntaxTree.GetRootAsync(cancellation).ConfigureAwait(false);
        var call = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) as InvocationExpressionSyntax;
        if (call is null
            || model.GetSymbolInfo(call, cancellation).Symbol is not IMethodSymbol { Name: "Sign" or "Clamp" } method
            || !KnownTypes.IsSystemMath(method.ContainingType)
            || KnownTypes.ScalarOf(method.Parameters[0].Type)?.IsFloating() != true)
        {
            return [];
        }

        List<Edit> edits = [TypeNames.Replace(document.Id, model, call.Expression, "OptDsl", "RuleMath")];

        // Math's first parameter is named value, RuleMath's x.
        edits.AddRange(call.ArgumentList.Arguments
            .Where(argument => argument.NameColon?.Name.Identifier.ValueText == "value")
            .Select(argument => Edit.Replace(document.Id, argument.NameColon!.Name.Identifier, "x")));

        // Math.Sign returns an int: where it is needed as one, or divided as one, nothing is offered.
        Trial? trial = await Trial.MakeAsync(document, call, edits, cancellation).ConfigureAwait(false);
        return trial?.Compiles(cancellation) == true && trial.KeepsDivisions(cancellation) ? edits : [];
    }
}
