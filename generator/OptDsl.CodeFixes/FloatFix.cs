using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;

namespace OptDsl.CodeFixes;

/// <summary>OPT3001: computes in float what a float rule widened, with <c>MathF</c>, literals in float, and no cast to double.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(FloatFix)), Shared]
public sealed class FloatFix() : RuleCodeFix(DiagnosticIds.FloatRuleWidens)
{
    private protected override string Title(Diagnostic diagnostic) => "Compute in float";

    internal override async Task<IReadOnlyList<Edit>> FindEditsAsync(Document document, Diagnostic diagnostic,
        CancellationToken cancellation)
    {
        if (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is not { } model)
        {
            return [];
        }

        SyntaxNode root = await model.SyntaxTree.GetRootAsync(cancellation).ConfigureAwait(false);
        if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax widened)
        {
            return [];
        }

        var writer = new FloatWriter(document.Id, model, cancellation);
        ExpressionSyntax whole = WidestInDouble(widened, model, cancellation);
        if (whole == widened || !writer.Write(whole))
        {
            return [];
        }

        writer.RemoveCastOf(whole);
        Trial? trial = await Trial.MakeAsync(document, widened, writer.Edits, cancellation).ConfigureAwait(false);
        return trial?.Compiles(cancellation) == true && trial.Mends(DiagnosticIds.FloatRuleWidens, cancellation) ? writer.Edits : [];
    }

    /// <summary>The largest expression around the widened value that is computed in double because of it.</summary>
    private static ExpressionSyntax WidestInDouble(ExpressionSyntax widened, SemanticModel model, CancellationToken cancellation)
    {
        ExpressionSyntax whole = widened;
        while (true)
        {
            ExpressionSyntax? around = whole.Parent switch
            {
                ParenthesizedExpressionSyntax parenthesized => parenthesized,
                CastExpressionSyntax cast => cast,
                PrefixUnaryExpressionSyntax unary => unary,
                BinaryExpressionSyntax binary => binary,
                ConditionalExpressionSyntax choice when choice.Condition != whole => choice,
                ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call }
                    when model.GetSymbolInfo(call, cancellation).Symbol is IMethodSymbol method
                    && KnownTypes.IsSystemMath(method.ContainingType) => call,
                _ => null,
            };
            SpecialType? type = around is null ? null : model.GetTypeInfo(around, cancellation).Type?.SpecialType;

            // A comparison of doubles is the end of what is computed in double, and part of it.
            if (type == SpecialType.System_Boolean && around is BinaryExpressionSyntax comparison
                && !comparison.IsKind(SyntaxKind.LogicalAndExpression) && !comparison.IsKind(SyntaxKind.LogicalOrExpression))
            {
                return comparison;
            }

            // Parentheses around the widened value are as wide as it is.
            if (type != SpecialType.System_Double
                && !(around is ParenthesizedExpressionSyntax && type == SpecialType.System_Single && whole == widened))
            {
                return whole;
            }

            whole = around!;
        }
    }
}
