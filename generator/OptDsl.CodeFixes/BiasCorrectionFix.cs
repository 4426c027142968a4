using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Diagnostics;

namespace OptDsl.CodeFixes;

/// <summary>OPT3006: lets the readers of a decayed average see it corrected.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BiasCorrectionFix)), Shared]
public sealed class BiasCorrectionFix() : RuleCodeFix(DiagnosticIds.AverageStartsBiased)
{
    private protected override string Title(Diagnostic diagnostic) => "Correct the bias as published";

    internal override async Task<IReadOnlyList<Edit>> FindEditsAsync(Document document, Diagnostic diagnostic,
        CancellationToken cancellation)
    {
        if (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is not { } model)
        {
            return [];
        }

        SyntaxNode root = await model.SyntaxTree.GetRootAsync(cancellation).ConfigureAwait(false);
        if (root.FindNode(diagnostic.Location.SourceSpan) is not AttributeSyntax { ArgumentList.Arguments: { Count: > 0 } arguments })
        {
            return [];
        }

        AttributeArgumentSyntax last = arguments[arguments.Count - 1];
        string correction = TypeNames.At(model, last.SpanStart, "OptDsl", "BiasCorrection");
        return [Edit.Insert(document.Id, last.Span.End, $", Correction = {correction}.Published")];
    }
}
