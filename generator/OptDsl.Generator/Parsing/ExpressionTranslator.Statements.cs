using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>Statements: a body with locals, if, else and early returns becomes one expression.</summary>
internal sealed partial class ExpressionTranslator
{
    /// <summary>The result where the statements end without a return.</summary>
    private const int FellThrough = -2;

    /// <summary>What is left to run: statements from an index on, and then what follows them.</summary>
    private sealed record Continuation(IReadOnlyList<IOperation> Statements, int Index, Continuation? Next);

    /// <summary>Runs statements to the first return on every path.</summary>
    private int Run(Continuation? rest, Scope scope)
    {
        while (rest is not null)
        {
            if (rest.Index == rest.Statements.Count)
            {
                rest = rest.Next;
                continue;
            }

            IOperation statement = rest.Statements[rest.Index];
            rest = rest with { Index = rest.Index + 1 };
            switch (statement)
            {
                case IBlockOperation block:
                    rest = new Continuation(block.Operations, 0, rest);
                    break;
                case IReturnOperation { ReturnedValue: { } value }:
                    return Translate(value, scope);
                case IVariableDeclarationGroupOperation group:
                    if (!Declare(group, scope))
                    {
                        return Failed;
                    }

                    break;
                case IExpressionStatementOperation { Operation: var expression }:
                    if (!Assign(expression, scope))
                    {
                        return Failed;
                    }

                    break;
                case IConditionalOperation branch when Returns(branch):
                    return RunBranches(branch, rest, scope);
                case IConditionalOperation branch:
                    if (!MergeBranches(branch, scope))
                    {
                        return Failed;
                    }

                    break;
                case IEmptyOperation:
                    break;
                case IInvalidOperation:
                    return Invalid();
                case ILocalFunctionOperation:
                    return NotSupported(statement, Describe(statement), LocalFunctionAdvice);
                default:
                    return NotSupported(statement, Describe(statement),
                        "a body may hold declarations, assignments to locals, if, else and return");
            }
        }

        return FellThrough;
    }

    /// <summary>Both ways of an if that may return, each followed by the rest.</summary>
    private int RunBranches(IConditionalOperation branch, Continuation rest, Scope scope)
    {
        if (++depth > DeepestNesting)
        {
            depth--;
            return NotSupported(branch, "a chain of conditions this long", "split it into [Derived] members");
        }

        int condition = Translate(branch.Condition, scope);
        int whenTrue = Under(condition, holds: true, () => Run(new Continuation([branch.WhenTrue], 0, rest), scope.Copy()));
        int whenFalse = Under(condition, holds: false,
            () => Run(branch.WhenFalse is null ? rest : new Continuation([branch.WhenFalse], 0, rest), scope.Copy()));
        depth--;
        return whenTrue == FellThrough || whenFalse == FellThrough ? Invalid() : Choose(condition, whenTrue, whenFalse);
    }

    /// <summary>An if that only assigns: each local takes the value of the way that was gone.</summary>
    private bool MergeBranches(IConditionalOperation branch, Scope scope)
    {
        if (++depth > DeepestNesting)
        {
            depth--;
            NotSupported(branch, "a chain of conditions this long", "split it into [Derived] members");
            return false;
        }

        int condition = Translate(branch.Condition, scope);
        Scope whenTrue = scope.Copy(), whenFalse = scope.Copy();
        int ended = Under(condition, holds: true, () => Run(new Continuation([branch.WhenTrue], 0, null), whenTrue));
        if (ended != Failed && branch.WhenFalse is not null)
        {
            ended = Under(condition, holds: false, () => Run(new Continuation([branch.WhenFalse], 0, null), whenFalse));
        }

        depth--;
        if (condition == Failed || ended == Failed)
        {
            return false;
        }

        foreach (ISymbol symbol in whenTrue.Symbols)
        {
            // A local with a value on one way only is out of scope after the branches, or assigned again before it is read.
            if (whenTrue.TryGet(symbol, out int value) && whenFalse.TryGet(symbol, out int other))
            {
                scope.Set(symbol, Choose(condition, value, other));
            }
        }

        return true;
    }

    private static bool Returns(IConditionalOperation branch)
        => branch.WhenTrue.DescendantsAndSelf().Any(node => node is IReturnOperation)
            || branch.WhenFalse?.DescendantsAndSelf().Any(node => node is IReturnOperation) == true;

    private bool Declare(IVariableDeclarationGroupOperation group, Scope scope)
    {
        foreach (IVariableDeclaratorOperation declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
        {
            IOperation? initial = declarator.GetVariableInitializer()?.Value;
            if (declarator.Symbol.RefKind != RefKind.None)
            {
                NotSupported(declarator, "a reference to a local", "copy the value");
                return false;
            }

            if (initial is not null && !SetLocal(declarator.Symbol, Translate(initial, scope), scope))
            {
                return false;
            }
        }

        return true;
    }

    private bool Assign(IOperation expression, Scope scope)
    {
        ISymbol? target = (expression switch
        {
            IAssignmentOperation assignment => assignment.Target,
            IIncrementOrDecrementOperation increment => increment.Target,
            _ => null,
        }) switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            _ => null,
        };

        switch (expression)
        {
            case ISimpleAssignmentOperation { IsRef: false } assignment when target is not null:
                return SetLocal(target, Translate(assignment.Value, scope), scope);
            case ICompoundAssignmentOperation { OperatorMethod: null } assignment when target is not null
                && assignment.InConversion.IsIdentity && assignment.OutConversion.IsIdentity:
                int value = Translate(assignment.Value, scope);
                return scope.TryGet(target, out int before) && value != Failed
                    && SetLocal(target,
                        Placed(Binary(assignment.OperatorKind, before, value, assignment.IsChecked, assignment), assignment), scope);
            case IIncrementOrDecrementOperation { OperatorMethod: null } increment when target is not null
                && scope.TryGet(target, out int old):
                ScalarType type = graph[old].Type;
                int one = type == ScalarType.Int32 ? graph.Constant(1) : graph.Constant(1.0, type);
                BinaryOperatorKind kind = increment.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
                return SetLocal(target, Placed(Binary(kind, old, one, increment.IsChecked, increment), increment), scope);
            case IAssignmentOperation or IIncrementOrDecrementOperation when target is null:
                ReportAssignment(expression);
                return false;
            case IAssignmentOperation:
                NotSupported(expression, "this form of assignment", "write it as 'x = x + y'");
                return false;
            case IInvalidOperation:
                Invalid();
                return false;
            case IInvocationOperation call
                when call.Arguments.FirstOrDefault(static argument => argument.Parameter?.RefKind is RefKind.Out
                    or RefKind.Ref) is { } written:
                NotSupported(written, "an argument by reference", "return the value from the method");
                return false;
            default:
                NotSupported(expression, "an expression whose value is not used", "remove it; a rule has no effects");
                return false;
        }
    }

    private bool SetLocal(ISymbol symbol, int node, Scope scope)
    {
        if (node == Failed)
        {
            return false;
        }

        if (graph[node].Operands.Any() && !NameHints.ContainsKey(node))
        {
            NameHints.Add(node, symbol.Name);
        }

        scope.Set(symbol, node);
        return true;
    }

    /// <summary>Translates what runs only where a condition holds, or only where it does not.</summary>
    private int Under(int condition, bool holds, Func<int> translate)
    {
        if (condition == Failed)
        {
            return Failed;
        }

        Enter(condition, holds);
        int result = translate();
        Leave(condition);
        return result;
    }

    private void Enter(int condition, bool holds)
    {
        if (graph[condition].PerElement)
        {
            perElementConditions++;
        }
        else
        {
            guards.Add(holds ? condition : graph.Add(Operation.Not, ScalarType.Boolean, condition));
        }
    }

    private void Leave(int condition)
    {
        if (graph[condition].PerElement)
        {
            perElementConditions--;
        }
        else
        {
            guards.RemoveAt(guards.Count - 1);
        }
    }

    private int Choose(int condition, int whenTrue, int whenFalse)
    {
        if (condition == Failed || whenTrue == Failed || whenFalse == Failed)
        {
            return Failed;
        }

        return whenTrue == whenFalse ? whenTrue : graph.Add(Operation.Conditional, graph[whenTrue].Type, condition, whenTrue, whenFalse);
    }
}
