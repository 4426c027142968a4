using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>Operators, conversions and conditional expressions.</summary>
internal sealed partial class ExpressionTranslator
{
    private int TranslateConversion(IConversionOperation conversion, Scope scope)
    {
        int operand = Translate(conversion.Operand, scope);
        if (operand == Failed)
        {
            return Failed;
        }

        if (conversion.OperatorMethod is not null)
        {
            return NotSupported(conversion, "a conversion operator", "convert between double, float and int only");
        }

        ScalarType from = graph[operand].Type;
        if (KnownTypes.InBody(conversion.Type) is not { } to || from == ScalarType.Boolean != (to == ScalarType.Boolean))
        {
            return conversion.Type?.TypeKind == TypeKind.Error ? Invalid()
                : NotSupported(conversion,
                    $"a conversion to {conversion.Type?.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}",
                        "rules compute in double, float, int and bool");
        }

        if (from == to)
        {
            return operand;
        }

        if (graph[operand].PerElement && to == element && Distribute(operand, to) is { } distributed)
        {
            return distributed;
        }

        if (graph[operand].PerElement)
        {
            string advice = to == ScalarType.Int32
                ? "keep it a " + element.Keyword() + ", with Math.Floor or Math.Truncate if its integer part is meant"
                : element == ScalarType.Float32 ? "use MathF and literals with the suffix f, or declare the rule in double"
                : "remove the cast";
            sink.Report(DiagnosticDescriptors.ValueOfOtherWidth, conversion.Operand.Syntax.GetLocation(),
                conversion.Operand.Syntax.ToString(), from.Keyword(), to.Keyword(), element.Keyword(), advice);
            return Failed;
        }

        if (from == ScalarType.Float32 && to == ScalarType.Float64 && element == ScalarType.Float32)
        {
            sink.Report(DiagnosticDescriptors.FloatRuleWidens, conversion.Operand.Syntax.GetLocation(),
                conversion.Operand.Syntax.ToString(), rule.Name);
        }

        return Add(new Expression(Operation.Convert, to, graph[operand].Kind, operand, Bits: conversion.IsChecked ? 1 : 0), conversion,
            "the value may not fit an int in a checked context");
    }

    /// <summary>
    /// Converts the uniform values a condition per element chooses from, so that <c>g > 0 ? 1 : -1</c> is what it says: the
    /// choice between two ints, each converted, and not an int in a lane.
    /// </summary>
    private int? Distribute(int choice, ScalarType to)
    {
        Expression node = graph[choice];
        if (!node.PerElement)
        {
            return graph.Add(Operation.Convert, to, choice);
        }

        return node.Operation == Operation.Conditional && Distribute(node.B, to) is { } whenTrue && Distribute(node.C, to) is { } whenFalse
            ? Choose(node.A, whenTrue, whenFalse)
            : null;
    }

    private int TranslateBinary(IBinaryOperation binary, Scope scope)
    {
        if (binary.OperatorMethod is not null || binary.IsLifted)
        {
            return NotSupported(binary, "an operator of another type", "rules compute in double, float, int and bool");
        }

        int left = Translate(binary.LeftOperand, scope);
        if (left == Failed)
        {
            return Failed;
        }

        // A power, as other languages write it.
        if (binary.OperatorKind == BinaryOperatorKind.ExclusiveOr && graph[left].Type != ScalarType.Boolean)
        {
            SyntaxNode root = binary.LeftOperand.Syntax;
            bool isSquare = binary.RightOperand.ConstantValue is { HasValue: true, Value: 2 };
            string advice = !isSquare ? "call RuleMath.Pow"
                : root is BinaryExpressionSyntax ? "write x * x for the square of x"
                : $"write {root} * {root}";
            return NotSupported(binary, $"'^', as in '{binary.Syntax}',", "it is not a power in C#: " + advice);
        }

        bool shortCircuit = binary.OperatorKind is BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr;
        int right = shortCircuit
            ? Under(left, holds: binary.OperatorKind == BinaryOperatorKind.ConditionalAnd, () => Translate(binary.RightOperand, scope))
            : Translate(binary.RightOperand, scope);
        return right == Failed ? Failed : Binary(binary.OperatorKind, left, right, binary.IsChecked, binary);
    }

    private int Binary(BinaryOperatorKind kind, int left, int right, bool isChecked, IOperation origin)
    {
        if (left == Failed || right == Failed)
        {
            return Failed;
        }

        ScalarType type = graph[left].Type;
        bool perElement = graph.KindOf(left, right) == Kind.Parameter;
        if (type != graph[right].Type)
        {
            return NotSupported(origin, $"'{origin.Syntax}'", "use operands of one type");
        }

        if (type == ScalarType.Int32 && perElement)
        {
            return NotSupported(origin, $"integer arithmetic on a per-parameter value, as in '{origin.Syntax}',",
                "compute it in " + element.Keyword());
        }

        if (type == ScalarType.Boolean)
        {
            Operation? logical = kind switch
            {
                BinaryOperatorKind.ConditionalAnd => perElement ? Operation.And : Operation.AndAlso,
                BinaryOperatorKind.ConditionalOr => perElement ? Operation.Or : Operation.OrElse,
                BinaryOperatorKind.And => Operation.And,
                BinaryOperatorKind.Or => Operation.Or,
                _ => null,
            };
            return logical is { } known
                ? graph.Add(known, ScalarType.Boolean, left, right)
                : NotSupported(origin, $"'{origin.Syntax}' on conditions", "combine conditions with !, &&, ||, & and |");
        }

        Operation? comparison = kind switch
        {
            BinaryOperatorKind.LessThan => Operation.Less,
            BinaryOperatorKind.LessThanOrEqual => Operation.LessOrEqual,
            BinaryOperatorKind.GreaterThan => Operation.Greater,
            BinaryOperatorKind.GreaterThanOrEqual => Operation.GreaterOrEqual,
            BinaryOperatorKind.Equals => Operation.Equal,
            BinaryOperatorKind.NotEquals => Operation.NotEqual,
            _ => null,
        };
        if (comparison is { } compares)
        {
            return graph.Add(compares, ScalarType.Boolean, left, right);
        }

        Operation? arithmetic = kind switch
        {
            BinaryOperatorKind.Add => Operation.Add,
            BinaryOperatorKind.Subtract => Operation.Subtract,
            BinaryOperatorKind.Multiply => Operation.Multiply,
            BinaryOperatorKind.Divide => Operation.Divide,
            BinaryOperatorKind.Remainder => Operation.Remainder,
            _ => null,
        };
        if (arithmetic is not { } computes || (computes == Operation.Remainder && perElement))
        {
            return NotSupported(origin, $"the operator of '{origin.Syntax}'" + (perElement ? " on a per-parameter value" : ""),
                "the operators for per-parameter values are +, -, *, / and comparisons");
        }

        if (computes == Operation.Divide && type == ScalarType.Int32)
        {
            sink.Report(DiagnosticDescriptors.IntegerDivision, origin.Syntax.GetLocation(), origin.Syntax.ToString());
        }

        var node = new Expression(computes, type, graph.KindOf(left, right), left, right,
            Bits: type == ScalarType.Int32 && isChecked ? 1 : 0);
        return Add(node, origin,
            computes is Operation.Divide or Operation.Remainder ? "an integer division by zero" : "an overflow in a checked context");
    }

    private int TranslateUnary(IUnaryOperation unary, Scope scope)
    {
        int operand = Translate(unary.Operand, scope);
        if (operand == Failed)
        {
            return Failed;
        }

        ScalarType type = graph[operand].Type;
        if (type == ScalarType.Int32 && graph[operand].PerElement)
        {
            return NotSupported(unary, $"integer arithmetic on a per-parameter value, as in '{unary.Syntax}',",
                "compute it in " + element.Keyword());
        }

        switch (unary.OperatorKind)
        {
            case UnaryOperatorKind.Plus when type != ScalarType.Boolean:
                return operand;
            case UnaryOperatorKind.Minus when type != ScalarType.Boolean:
                return Add(new Expression(Operation.Negate, type, graph[operand].Kind, operand,
                    Bits: type == ScalarType.Int32 && unary.IsChecked ? 1 : 0), unary, "an overflow in a checked context");
            case UnaryOperatorKind.Not when type == ScalarType.Boolean:
                return graph.Add(Operation.Not, ScalarType.Boolean, operand);
            default:
                return NotSupported(unary, $"the operator of '{unary.Syntax}'", "the unary operators are - and !");
        }
    }

    private int TranslateConditional(IConditionalOperation conditional, Scope scope)
    {
        int condition = Translate(conditional.Condition, scope);
        int whenTrue = Under(condition, holds: true, () => Translate(conditional.WhenTrue, scope));
        int whenFalse = Under(condition, holds: false, () => Translate(conditional.WhenFalse!, scope));
        return Choose(condition, whenTrue, whenFalse);
    }
}
