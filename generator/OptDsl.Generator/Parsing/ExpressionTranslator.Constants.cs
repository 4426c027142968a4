using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// Constants, and the divisions of integers that the compiler has made of literals: their remainder is gone before anything is translated.
/// </summary>
internal sealed partial class ExpressionTranslator
{
    /// <summary>
    /// Reports divisions of integers in what a declaration gives to a value that the rule reads: a default, a constant, an attribute's
    /// argument.
    /// </summary>
    internal void ReportLostRemainders(ISymbol read)
    {
        SyntaxNode? given = SyntaxOf(read) switch
        {
            ParameterSyntax parameter => parameter.Default?.Value,
            PropertyDeclarationSyntax property => property.Initializer?.Value,
            VariableDeclaratorSyntax field => field.Initializer?.Value,
            _ => null,
        };
        ReportLostRemainders(given);
    }

    /// <summary>Reports divisions of integers in an expression that is not translated.</summary>
    internal void ReportLostRemainders(SyntaxNode? expression)
    {
        if (!sink.IsHeard || expression is null || !compilation.ContainsSyntaxTree(expression.SyntaxTree))
        {
            return;
        }

        SemanticModel model = ModelOf(expression.SyntaxTree);
        foreach (BinaryExpressionSyntax division in expression.DescendantNodesAndSelf().OfType<BinaryExpressionSyntax>()
            .Where(binary => binary.IsKind(SyntaxKind.DivideExpression)))
        {
            Report(division, model.GetConstantValue(division.Left, cancellation), model.GetConstantValue(division.Right, cancellation));
        }
    }

    /// <summary>Whether an expression is the literal, or negated literal, of a node.</summary>
    internal bool IsWritten(ExpressionSyntax expression, int literal)
        => ModelOf(expression.SyntaxTree).GetConstantValue(expression, cancellation) is { HasValue: true, Value: { } value }
        && value is double or float or int
            && Constants.LiteralOf(graph.Nodes, literal) is { } number
            && Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture) == number;

    private int? TranslateConstant(IOperation operation)
    {
        if (operation.ConstantValue is not { HasValue: true, Value: { } value } || KnownTypes.InBody(operation.Type) is null)
        {
            return null;
        }

        if (sink.IsHeard)
        {
            ReportLostRemainders(operation);
        }

        return Constant(value, operation.Syntax.GetLocation());
    }

    private void ReportLostRemainders(IOperation operation)
    {
        foreach (IBinaryOperation division in operation.DescendantsAndSelf().OfType<IBinaryOperation>()
            .Where(binary => binary.OperatorKind == BinaryOperatorKind.Divide && binary.OperatorMethod is null))
        {
            Report(division.Syntax, division.LeftOperand.ConstantValue, division.RightOperand.ConstantValue);
        }

        foreach (IFieldReferenceOperation constant in operation.DescendantsAndSelf().OfType<IFieldReferenceOperation>())
        {
            ReportLostRemainders(constant.Field);
        }
    }

    private void Report(SyntaxNode division, Optional<object?> left, Optional<object?> right)
    {
        if (Integer(left) is { } dividend && Integer(right) is { } divisor && divisor != 0 && dividend % divisor != 0)
        {
            sink.Report(DiagnosticDescriptors.IntegerDivision, division.GetLocation(), division.ToString());
        }
    }

    private static decimal? Integer(Optional<object?> constant)
        => constant is { HasValue: true, Value: { } value } && value is (int or uint or long or ulong or short or ushort or byte or sbyte)
        ? Convert.ToDecimal(value, System.Globalization.CultureInfo.InvariantCulture)
        : null;

    private int? Constant(object value, Location location)
    {
        int? node = value switch
        {
            double number => graph.Constant(number, ScalarType.Float64),
            float number => graph.Constant(number, ScalarType.Float32),
            int number => graph.Constant(number),
            bool condition => graph.Constant(condition),
            _ => null,
        };
        if (value is double or float && node is { } floating && !FirstRead.ContainsKey(floating))
        {
            FirstRead.Add(floating, location);
        }

        return node;
    }
}
