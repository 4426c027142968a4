using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Language;

namespace OptDsl.CodeFixes;

/// <summary>Finds the edits that turn an expression in double into the same one in float.</summary>
internal sealed class FloatWriter(DocumentId document, SemanticModel model, CancellationToken cancellation)
{
    internal List<Edit> Edits { get; } = [];

    /// <summary>Whether the expression can be written in float; the edits are of use only then.</summary>
    internal bool Write(ExpressionSyntax expression)
    {
        // What is float or int stays: an int converts to float by itself.
        if (TypeOf(expression) is SpecialType.System_Single or SpecialType.System_Int32)
        {
            return true;
        }

        switch (expression)
        {
            case LiteralExpressionSyntax literal:
                return WriteLiteral(literal);
            case ParenthesizedExpressionSyntax parenthesized:
                return Write(parenthesized.Expression);
            case PrefixUnaryExpressionSyntax unary:
                return Write(unary.Operand);
            case BinaryExpressionSyntax binary:
                return Write(binary.Left) && Write(binary.Right);
            case ConditionalExpressionSyntax choice:
                return Write(choice.WhenTrue) && Write(choice.WhenFalse);
            case CastExpressionSyntax cast:
                return WriteCast(cast);
            case InvocationExpressionSyntax call:
                return WriteCall(call);
            case MemberAccessExpressionSyntax or IdentifierNameSyntax when IsConstantOfMath(expression):
                Edits.Add(TypeNames.Replace(document, model, expression, "System", "MathF"));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Removes the cast to float around an expression that has become one.</summary>
    internal void RemoveCastOf(ExpressionSyntax expression)
    {
        SyntaxNode? around = expression.Parent;
        while (around is ParenthesizedExpressionSyntax)
        {
            around = around.Parent;
        }

        if (around is CastExpressionSyntax cast && TypeOf(cast) == SpecialType.System_Single)
        {
            Remove(cast);
        }
    }

    private SpecialType? TypeOf(ExpressionSyntax expression) => model.GetTypeInfo(expression, cancellation).Type?.SpecialType;

    private bool WriteLiteral(LiteralExpressionSyntax literal)
    {
        // A constant that float rounds to zero or infinity is not the same expression.
        if (literal.Token.Value is not double value || (value != 0 && (float)value == 0) || float.IsInfinity((float)value))
        {
            return false;
        }

        Edits.Add(Edit.Replace(document, literal.Token, literal.Token.Text.TrimEnd('d', 'D') + "f"));
        return true;
    }

    private bool WriteCast(CastExpressionSyntax cast)
    {
        if (TypeOf(cast) != SpecialType.System_Double || !Write(cast.Expression))
        {
            return false;
        }

        if (TypeOf(cast.Expression) == SpecialType.System_Int32 || !Remove(cast))
        {
            Edits.Add(new Edit(document, cast.Type.Span, "float"));
        }

        return true;
    }

    private bool WriteCall(InvocationExpressionSyntax call)
    {
        if (model.GetSymbolInfo(call, cancellation).Symbol is not IMethodSymbol method
            || !KnownTypes.IsSystemMath(method.ContainingType)
            || !call.ArgumentList.Arguments.All(argument => TypeOf(argument.Expression) is not SpecialType.System_Double
                || Write(argument.Expression)))
        {
            return false;
        }

        // MathF names its parameters as Math does, with few exceptions; what does not compile is not offered.
        if (HasForm(model.Compilation.GetTypeByMetadataName("System.MathF"), method))
        {
            Edits.Add(TypeNames.Replace(document, model, call.Expression, "System", "MathF"));
            return true;
        }

        return HasForm(method.ContainingType, method);
    }

    /// <summary>Whether a type has the function in float.</summary>
    private static bool HasForm(INamedTypeSymbol? type, IMethodSymbol method)
        => type?.GetMembers(method.Name).OfType<IMethodSymbol>().Any(candidate =>
            candidate.ReturnType.SpecialType == SpecialType.System_Single && candidate.Parameters.Length == method.Parameters.Length)
            == true;

    private bool IsConstantOfMath(ExpressionSyntax expression)
        => model.GetSymbolInfo(expression, cancellation).Symbol is IFieldSymbol { IsConst: true } field
        && KnownTypes.IsSystemMath(field.ContainingType);

    /// <summary>Removes a cast, unless that would join it to the token before, or lose a comment.</summary>
    private bool Remove(CastExpressionSyntax cast)
    {
        SyntaxToken before = cast.OpenParenToken.GetPreviousToken(), after = cast.CloseParenToken.GetNextToken();
        bool joins = (before.Span.End == cast.SpanStart && before.Text.Length > 0
            && char.IsLetterOrDigit(before.Text[before.Text.Length - 1]))
            || after.IsKind(SyntaxKind.MinusToken) || after.IsKind(SyntaxKind.PlusToken);
        bool comments = cast.CloseParenToken.TrailingTrivia.Concat(after.LeadingTrivia)
            .Any(trivia => !string.IsNullOrWhiteSpace(trivia.ToString()));
        if (joins || comments)
        {
            return false;
        }

        Edits.Add(new Edit(document, Microsoft.CodeAnalysis.Text.TextSpan.FromBounds(cast.SpanStart, cast.Expression.SpanStart), ""));
        return true;
    }
}
