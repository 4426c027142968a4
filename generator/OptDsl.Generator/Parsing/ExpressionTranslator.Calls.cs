using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>Calls: known functions become operations, methods with source are inlined, anything else is a diagnostic.</summary>
internal sealed partial class ExpressionTranslator
{
    private int TranslateInvocation(IInvocationOperation invocation, Scope scope)
    {
        IMethodSymbol method = invocation.TargetMethod;
        if (KnownFunctions.IsClassification(method))
        {
            return Arguments(invocation, scope) is { } classified ? Classify(method.Name, classified[0]) : Failed;
        }

        if (KnownTypes.IsSystemMath(method.ContainingType) || KnownFunctions.IsOfNumbers(method))
        {
            return TranslateMath(invocation, scope);
        }

        // Behind a return it is met where it is called only.
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            sink.Report(DiagnosticDescriptors.ConstructNotSupported,
                method.DeclaringSyntaxReferences[0].GetSyntax(cancellation).GetLocation(),
                "A local function", CurrentMember, LocalFunctionAdvice);
            return Failed;
        }

        bool isExtension = IsExtension(method);
        if (!isExtension && !IsOfRule(invocation.Instance))
        {
            return NotSupported(invocation, "a call on another object", "call static methods and methods of the rule");
        }

        if (LacksInstance(invocation.Instance, method))
        {
            return Invalid();
        }

        if (method.IsGenericMethod)
        {
            return NotSupported(invocation, "a call of a generic method", "declare the helper in double or float");
        }

        // The compiler refuses it, and says what to write in its place.
        if (KnownTypes.IsRuleMath(method.ContainingType) && IsRefused(method))
        {
            return Invalid();
        }

        int receiver = isExtension && invocation.Instance is { } extended ? Translate(extended, scope) : NoReceiver;
        if (receiver == Failed || Arguments(invocation, scope) is not { } arguments)
        {
            return Failed;
        }

        // RuleMath comes compiled: its sign is an operation of the witnesses, its clamp two selects, and the rest the kernels' own.
        if (KnownTypes.IsRuleMath(method.ContainingType))
        {
            if (KnownFunctions.ApproximationOf(method) is { } approximation)
            {
                return Approximate(approximation, method, arguments);
            }

            switch (method.Name)
            {
                case "Sign":
                    return graph.Add(Operation.Sign, graph[arguments[0]].Type, arguments[0]);
                case "Clamp":
                    return ClampSelect(arguments[0], arguments[1], arguments[2]);
            }
        }

        Called.Add(method.OriginalDefinition);
        return Inline(InRule(method, isExtension ? null : invocation.Instance), arguments, invocation.Syntax.GetLocation(), receiver);
    }

    private static bool IsRefused(IMethodSymbol method) => method.GetAttributes().Any(static attribute =>
        attribute.AttributeClass?.Name == nameof(ObsoleteAttribute) && attribute.ConstructorArguments is { Length: 2 } arguments
        && arguments[1].Value is true);

    private List<int>? Arguments(IInvocationOperation invocation, Scope scope)
    {
        var values = new int[invocation.TargetMethod.Parameters.Length];
        foreach (IArgumentOperation argument in invocation.Arguments)
        {
            if (argument.Parameter is not { RefKind: RefKind.None, IsParams: false } parameter)
            {
                NotSupported(argument, "an argument by reference or params", "pass single values");
                return null;
            }

            // Evaluated in the order written; the parameters may be named in another.
            if ((values[parameter.Ordinal] = Translate(argument.Value, scope)) == Failed)
            {
                return null;
            }
        }

        return [.. values];
    }

    private int TranslateMath(IInvocationOperation invocation, Scope scope)
    {
        IMethodSymbol method = invocation.TargetMethod;
        string name = $"{method.ContainingType.Name}.{method.Name}";
        if (KnownFunctions.IsRoundWithMode(method))
        {
            return TranslateRound(invocation, scope);
        }

        Operation? approximation = KnownFunctions.ApproximationOf(method);
        if ((approximation ?? KnownFunctions.OperationOf(method)) is not { } operation
            || KnownTypes.ScalarOf(method.ReturnType) is not { } type)
        {
            (string why, string advice) = KnownFunctions.Refusal(method);
            sink.Report(DiagnosticDescriptors.FunctionWithoutVectorForm, invocation.Syntax.GetLocation(), name, why, advice);
            return Failed;
        }

        if (Arguments(invocation, scope) is not { } arguments)
        {
            return Failed;
        }

        if (approximation is not null)
        {
            sink.Report(DiagnosticDescriptors.FunctionIsApproximate, invocation.Syntax.GetLocation(), name, KnownFunctions.ApproximateUlps,
                method.Name);
            return Approximate(operation, method, arguments);
        }

        // A row's and a column's value meet in one a parameter.
        bool perElement = Node(Operation.Add, type, arguments).PerElement;
        if (perElement && !type.IsFloating())
        {
            return NotSupported(invocation, $"{name} of per-parameter integers", "compute it in " + element.Keyword());
        }

        // Under a condition per element a uniform value is clamped like the others: its bounds are checked, and no lane throws.
        if (operation == Operation.Clamp && type.IsFloating() && (perElement || perElementConditions > 0))
        {
            return TranslateClamp(invocation, name, arguments);
        }

        var node = Node(operation, type, arguments);
        return Add(node, invocation, operation == Operation.Clamp ? "bounds out of order" : "the absolute value of the smallest int");
    }

    /// <summary>What a number is, by comparisons, which NaN fails and zeros of both signs pass alike.</summary>
    private int Classify(string name, int x)
    {
        ScalarType type = graph[x].Type;
        int Compare(Operation operation, int a, double b) => graph.Add(operation, ScalarType.Boolean, a, graph.Constant(b, type));
        int Size() => graph.Add(Operation.Abs, type, x);
        int One() => graph.Add(Operation.CopySign, type, graph.Constant(1.0, type), x);
        return name switch
        {
            "IsNaN" => graph.Add(Operation.NotEqual, ScalarType.Boolean, x, x),
            "IsFinite" => Compare(Operation.Less, Size(), double.PositiveInfinity),
            "IsInfinity" => Compare(Operation.Equal, Size(), double.PositiveInfinity),
            "IsPositiveInfinity" => Compare(Operation.Equal, x, double.PositiveInfinity),
            "IsNegativeInfinity" => Compare(Operation.Equal, x, double.NegativeInfinity),
            "IsNegative" => Compare(Operation.Less, One(), 0),
            _ => Compare(Operation.Greater, One(), 0),
        };
    }

    private int Approximate(Operation operation, IMethodSymbol method, List<int> arguments)
    {
        ScalarType type = KnownTypes.ScalarOf(method.ReturnType)!.Value;
        return arguments.Count == 1 ? graph.Add(operation, type, arguments[0]) : graph.Add(operation, type, arguments[0], arguments[1]);
    }

    /// <summary>Clamp in every lane: its uniform bounds are checked once per step, then it is two selects.</summary>
    private int TranslateClamp(IInvocationOperation invocation, string name, List<int> arguments)
    {
        if (graph.KindOf(arguments[1], arguments[2]) == Kind.Parameter)
        {
            sink.Report(DiagnosticDescriptors.FunctionWithoutVectorForm, invocation.Syntax.GetLocation(), name,
                "throws where a per-parameter bound is out of order", "call RuleMath.Clamp, which is total");
            return Failed;
        }

        if (IsInOrder(arguments[1], arguments[2]) && MeetInParameters(Kind.Group))
        {
            return ClampSelect(arguments[0], arguments[1], arguments[2]);
        }

        if (MeetInParameters(graph.KindOf(arguments[1], arguments[2])))
        {
            sink.Report(DiagnosticDescriptors.CanThrowPerElement, invocation.Syntax.GetLocation(), invocation.Syntax.ToString(),
                "bounds out of order");
            return Failed;
        }

        // Where the uniform conditions around it do not hold, the author's code does not run it, and its bounds may be anything.
        checks.Add(new CheckSpec(Guarded(arguments[1]), Guarded(arguments[2]), $"{name} in {CurrentMember}"));
        return ClampSelect(arguments[0], arguments[1], arguments[2]);
    }

    private int TranslateRound(IInvocationOperation invocation, Scope scope)
    {
        ImmutableArray<IArgumentOperation> arguments = invocation.Arguments;
        IOperation value = arguments.First(argument => argument.Parameter!.Ordinal == 0).Value;
        IOperation mode = arguments.First(argument => argument.Parameter!.Ordinal == 1).Value;
        int operand = Translate(value, scope);
        if (operand == Failed)
        {
            return Failed;
        }

        ScalarType type = graph[operand].Type;
        switch (mode.ConstantValue is { HasValue: true, Value: int constant } ? constant : -1)
        {
            case 0:
                return graph.Add(Operation.Round, type, operand);
            case 1:
                // Away from zero: one more than the integer part where at least a half is left. The remainder is exact, and
                // taken between absolute values, lest a fused rule contract a product that is rounded with a difference
                // nobody wrote.
                int whole = graph.Add(Operation.Truncate, type, operand);
                int rest = graph.Add(Operation.Subtract, type, graph.Add(Operation.Abs, type, operand),
                    graph.Add(Operation.Abs, type, whole));
                int further = graph.Add(Operation.Add, type, whole,
                    graph.Add(Operation.CopySign, type, graph.Constant(1.0, type), operand));
                int half = graph.Add(Operation.GreaterOrEqual, ScalarType.Boolean, rest, graph.Constant(0.5, type));
                return graph.Add(Operation.Conditional, type, half, further, whole);
            case 2:
                return graph.Add(Operation.Truncate, type, operand);
            case 3:
                return graph.Add(Operation.Floor, type, operand);
            case 4:
                return graph.Add(Operation.Ceiling, type, operand);
            default:
                return NotSupported(mode, "a rounding mode that is not a constant", "name a MidpointRounding");
        }
    }

    private Expression Node(Operation operation, ScalarType type, List<int> arguments)
    {
        int a = arguments[0], b = arguments.Count > 1 ? arguments[1] : -1, c = arguments.Count > 2 ? arguments[2] : -1;
        return new Expression(operation, type, graph.KindOf(a, b, c), a, b, c);
    }

    private int ClampSelect(int x, int min, int max)
    {
        ScalarType type = graph[x].Type;
        int below = graph.Add(Operation.Less, ScalarType.Boolean, x, min);
        int above = graph.Add(Operation.Greater, ScalarType.Boolean, x, max);
        return graph.Add(Operation.Conditional, type, below, min, graph.Add(Operation.Conditional, type, above, max, x));
    }
}
