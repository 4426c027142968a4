using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <content>Switch expressions and patterns.</content>
internal sealed partial class ExpressionTranslator
{
    /// <summary>A switch over a uniform value: its arms are tried in order.</summary>
    private int TranslateSwitch(ISwitchExpressionOperation choice, Scope scope)
    {
        int value = Translate(choice.Value, scope);
        if (value == Failed)
        {
            return Failed;
        }

        if (graph[value].PerElement)
        {
            return NotSupported(choice, "a switch over a per-parameter value", "write it with ?: or if");
        }

        var arms = new List<(int Condition, int Result)>();
        int others = TranslateArms(choice, value, arms, scope);
        for (int i = arms.Count - 1; i >= 0; i--)
        {
            Leave(arms[i].Condition);
            others = Choose(arms[i].Condition, arms[i].Result, others);
        }

        return others;
    }

    /// <summary>
    /// The arms up to the first that always matches, each under the failure of those before it, and the value where none of
    /// them matches. In a loop: a switch has more arms than the stack would hold.
    /// </summary>
    private int TranslateArms(ISwitchExpressionOperation choice, int value, List<(int Condition, int Result)> arms, Scope scope)
    {
        var unmatched = new UnmatchedValues(graph[value].Type.IsFloating() ? ValueRange.All : RangeOf(value));
        foreach (ISwitchExpressionArmOperation arm in choice.Arms)
        {
            if (arm is { Pattern: IDiscardPatternOperation, Guard: null })
            {
                return Translate(arm.Value, scope);
            }

            int condition = Match(arm.Pattern, value, scope);
            if (arm.Guard is not null && condition != Failed)
            {
                int guard = Under(condition, holds: true, () => Translate(arm.Guard, scope));
                condition = guard == Failed ? Failed
                    : graph.Add(graph[guard].PerElement ? Operation.And : Operation.AndAlso, ScalarType.Boolean, condition, guard);
            }

            int result = Under(condition, holds: true, () => Translate(arm.Value, scope));
            if (result == Failed)
            {
                return Failed;
            }

            if (arm.Guard is null && graph[value].Type is ScalarType.Int32 or ScalarType.Boolean && unmatched.Remove(arm.Pattern))
            {
                return result;
            }

            arms.Add((condition, result));
            Enter(condition, holds: false);
        }

        return KnownTypes.InBody(choice.Type) is { } type
            ? Add(new Expression(Operation.SwitchFailure, type, Kind.Group), choice, "no arm may match")
            : Invalid();
    }

    private int TranslateIs(IIsPatternOperation test, Scope scope)
    {
        int value = Translate(test.Value, scope);
        return value == Failed ? Failed : Match(test.Pattern, value, scope);
    }

    /// <summary>Whether a value matches a pattern. No part of a pattern can throw, so that all parts are computed.</summary>
    private int Match(IPatternOperation pattern, int value, Scope scope)
    {
        switch (pattern)
        {
            case IDiscardPatternOperation:
                return graph.Constant(true);
            case INegatedPatternOperation negated:
                int inner = Match(negated.Pattern, value, scope);
                return inner == Failed ? Failed : graph.Add(Operation.Not, ScalarType.Boolean, inner);
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or or BinaryOperatorKind.And } pair:
                int left = Match(pair.LeftPattern, value, scope), right = left == Failed ? Failed : Match(pair.RightPattern, value, scope);
                return right == Failed ? Failed
                    : graph.Add(pair.OperatorKind == BinaryOperatorKind.Or ? Operation.Or : Operation.And, ScalarType.Boolean, left, right);
            case IConstantPatternOperation constant:
                return Match(pattern, constant.Value, BinaryOperatorKind.Equals, value, scope);
            case IRelationalPatternOperation relational:
                return Match(pattern, relational.Value, relational.OperatorKind, value, scope);
            default:
                return NotSupported(pattern, $"the pattern '{pattern.Syntax}'",
                    "match constants, relations such as > 5, combinations of them by 'and', 'or' and 'not', and _");
        }
    }

    private int Match(IPatternOperation pattern, IOperation constant, BinaryOperatorKind comparison, int value, Scope scope)
    {
        int operand = Translate(constant, scope);
        if (operand != Failed && graph[value].Type == ScalarType.Boolean)
        {
            return graph[operand].Bits == 1 ? value : graph.Add(Operation.Not, ScalarType.Boolean, value);
        }

        // As a pattern NaN matches itself; as an operand of == it equals nothing.
        return comparison == BinaryOperatorKind.Equals && IsNaN(operand)
            ? graph.Add(Operation.NotEqual, ScalarType.Boolean, value, value)
            : Binary(comparison, value, operand, isChecked: false, pattern);
    }

    private bool IsNaN(int node) => node >= 0 && graph[node] is { Operation: Operation.Constant } constant && constant.Type switch
    {
        ScalarType.Float64 => double.IsNaN(BitConverter.Int64BitsToDouble(constant.Bits)),
        ScalarType.Float32 => float.IsNaN(BitConverter.ToSingle(BitConverter.GetBytes((int)constant.Bits), 0)),
        _ => false,
    };
}
