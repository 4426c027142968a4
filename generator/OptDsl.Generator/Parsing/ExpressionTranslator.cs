using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// Translates bodies of a rule into expressions. It is an allow-list over <see cref="IOperation"/>: what no case names is
/// one diagnostic on that node. Inlining starts here, at <see cref="Inline"/>; the other parts translate statements,
/// operators and calls.
/// </summary>
internal sealed partial class ExpressionTranslator
{
    /// <summary>The result where a diagnostic was reported or the code does not compile.</summary>
    internal const int Failed = -1;

    private const int NoReceiver = -3;

    private const string LocalFunctionAdvice = "make it a static method of the rule, and give it what it reads as arguments";

    // Deep enough for any formula a person writes, shallow enough for the compiler's stack.
    private const int DeepestNesting = 200;

    // An 'else if' takes two levels of syntax, and parentheses take some that are no operations.
    private const int DeepestSyntax = 3 * DeepestNesting;

    // Ways through a body, and calls with other arguments, multiply: forty branches that return here and there are a million
    // million ways.
    private const int MostTranslations = 100_000;

    private readonly INamedTypeSymbol rule;
    private readonly RuleMembers members;
    private readonly ScalarType element;
    private readonly Compilation compilation;
    private readonly ExpressionGraph graph;
    private readonly DiagnosticSink sink;
    private readonly CancellationToken cancellation;

    private readonly Dictionary<SyntaxTree, SemanticModel> models = [];
    private readonly List<IMethodSymbol> callStack = [];
    private readonly Dictionary<string, (int Node, IReadOnlyList<CheckSpec> Checks)> inlined = [];
    private readonly Dictionary<IMethodSymbol, int> methods = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<IPropertySymbol, bool> held = new(SymbolEqualityComparer.Default);
    private readonly List<int> guards = [];
    private int perElementConditions;
    private int depth;
    private int translated;

    internal ExpressionTranslator(
        INamedTypeSymbol rule, RuleMembers members, ScalarType element, Compilation compilation, ExpressionGraph graph, DiagnosticSink sink,
            CancellationToken cancellation)
    {
        this.rule = rule;
        this.members = members;
        this.element = element;
        this.compilation = compilation;
        this.graph = graph;
        this.sink = sink;
        this.cancellation = cancellation;
    }

    /// <summary>Another one over the same expressions, of which nobody hears whether it can translate a body.</summary>
    internal ExpressionTranslator Silent()
        => new(rule, members, element, compilation, graph, new DiagnosticSink(report: null), cancellation);

    /// <summary>The hyperparameters read, by what tells them apart.</summary>
    internal SortedDictionary<string, (ValueSpec Spec, ISymbol Member)> Read { get; } = new(StringComparer.Ordinal);

    /// <summary>The hyperparameters and static values that the kernel names.</summary>
    internal HashSet<ISymbol> Named { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>What static read-only values hold that begin with a constant, by the text that reads them.</summary>
    internal SortedDictionary<string, double> Statics { get; } = new(StringComparer.Ordinal);

    /// <summary>The methods that bodies call.</summary>
    internal HashSet<IMethodSymbol> Called { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Where a hyperparameter or floating constant was first read, by node.</summary>
    internal Dictionary<int, Location> FirstRead { get; } = [];

    /// <summary>Where a value was first written, by node, while somebody hears of warnings.</summary>
    internal Dictionary<int, Location> Places { get; } = [];

    /// <summary>Names the author gave to values, by node, for the emitted text.</summary>
    internal Dictionary<int, string> NameHints { get; } = [];

    /// <summary>The value a method returns for the given arguments; equal calls are translated once.</summary>
    /// <param name="method">The method, of its construction where its type is generic.</param>
    /// <param name="arguments">The nodes of its arguments.</param>
    /// <param name="call">Where it is called.</param>
    /// <param name="receiver">For an extension, the node of what it extends.</param>
    internal int Inline(IMethodSymbol method, IReadOnlyList<int> arguments, Location call, int receiver = NoReceiver)
    {
        cancellation.ThrowIfCancellationRequested();
        method = method.PartialImplementationPart ?? method;
        if (callStack.Contains(method, SymbolEqualityComparer.Default))
        {
            string cycle = string.Join(" calls ", callStack.Append(method).Select(callee => callee.AssociatedSymbol?.Name ?? callee.Name));
            sink.Report(DiagnosticDescriptors.Recursion, call, method.AssociatedSymbol?.Name ?? method.Name, cycle);
            return Failed;
        }

        // By its symbol: two files may each have a method of one name in a type that is local to it.
        if (!methods.TryGetValue(method, out int number))
        {
            methods.Add(method, number = methods.Count);
        }

        string key = $"{number}({receiver};{string.Join(",", arguments)})|{string.Join(",", guards)}|{perElementConditions > 0}";
        if (inlined.TryGetValue(key, out (int Node, IReadOnlyList<CheckSpec> Checks) known))
        {
            checks.Add(known.Checks);
            return known.Node;
        }

        if (BodyOf(method, call) is not { } body)
        {
            return Failed;
        }

        var values = new Dictionary<ISymbol, int>(SymbolEqualityComparer.Default);
        foreach (IParameterSymbol parameter in method.OriginalDefinition.Parameters)
        {
            values[parameter] = arguments[parameter.Ordinal];
        }

        if (!BindExtended(body, values, method, arguments, receiver))
        {
            return Failed;
        }

        CheckList outer = checks;
        checks = new CheckList();
        callStack.Add(method);
        int result = Run(new Continuation([body], 0, null), new Scope(values));
        callStack.RemoveAt(callStack.Count - 1);
        IReadOnlyList<CheckSpec> met = checks.All;
        checks = outer;
        checks.Add(met);
        if (result is Failed or FellThrough)
        {
            // With a diagnostic of ours, or with one of the compiler's, such as for a path without a return.
            sink.MarkInvalid();
            result = Failed;
        }

        inlined[key] = (result, met);
        return result;
    }

    /// <summary>
    /// The parameters of an extension block belong to the block; and those of the static method that can be called in place of an extension
    /// are others than its body names.
    /// </summary>
    private bool BindExtended(IOperation body, Dictionary<ISymbol, int> values, IMethodSymbol method, IReadOnlyList<int> arguments,
        int receiver)
    {
        foreach (IParameterReferenceOperation reference in body.DescendantsAndSelf().OfType<IParameterReferenceOperation>())
        {
            IParameterSymbol parameter = reference.Parameter;
            if (values.ContainsKey(parameter))
            {
                continue;
            }

            if (parameter.RefKind != RefKind.None)
            {
                NotSupported(reference, "an argument by reference or params", "pass single values");
                return false;
            }

            if (parameter.ContainingSymbol is INamedTypeSymbol { TypeKind: var kind } && kind.ToString() == "Extension")
            {
                values[parameter] = receiver != NoReceiver ? receiver : arguments[0];
            }
            else if (parameter.ContainingSymbol is IMethodSymbol extension && IsExtension(extension))
            {
                values[parameter] = arguments[parameter.Ordinal + method.Parameters.Length - extension.Parameters.Length];
            }
        }

        return true;
    }

    private IOperation? BodyOf(IMethodSymbol method, Location call)
    {
        if (method.IsAbstract || method.IsExtern || (method.IsStatic && method.IsVirtual))
        {
            sink.Report(DiagnosticDescriptors.CalleeWithoutSource, call, method.Name,
                "the body that will run is not known at compile time");
            return null;
        }

        SyntaxNode? syntax = SyntaxOf(method);
        if (syntax is null)
        {
            sink.Report(DiagnosticDescriptors.CalleeWithoutSource, call, method.AssociatedSymbol?.Name ?? method.Name,
                $"it is compiled code from {method.ContainingAssembly?.Name}");
            return null;
        }

        if (TooDeep(syntax) is { } deep)
        {
            sink.Report(DiagnosticDescriptors.ConstructNotSupported, deep.GetLocation(), "Code nested this deeply",
                method.AssociatedSymbol?.Name ?? method.Name, "split it with locals or [Derived] members");
            return null;
        }

        IOperation? operation = ModelOf(syntax.SyntaxTree).GetOperation(syntax, cancellation);
        IOperation? body = operation switch
        {
            IMethodBodyOperation declared => (IOperation?)declared.BlockBody ?? declared.ExpressionBody,
            IBlockOperation block => block,
            _ => null,
        };
        if (body is null)
        {
            sink.MarkInvalid();
        }

        return body;
    }

    /// <summary>
    /// The declaration, or null where it is not of this compilation: what a referenced project has is compiled to a build.
    /// </summary>
    private SyntaxNode? SyntaxOf(ISymbol symbol)
        => symbol.DeclaringSyntaxReferences.FirstOrDefault() is { } declared && compilation.ContainsSyntaxTree(declared.SyntaxTree)
        ? declared.GetSyntax(cancellation) : null;

    /// <summary>One model a file: a model keeps what it has bound.</summary>
    private SemanticModel ModelOf(SyntaxTree tree)
    {
        if (!models.TryGetValue(tree, out SemanticModel? model))
        {
            models.Add(tree, model = compilation.GetSemanticModel(tree));
        }

        return model;
    }

    /// <summary>
    /// The first node below more levels than are bound: the compiler binds some nested code recursively and without looking at
    /// its stack, and the end of that is the end of the process.
    /// </summary>
    private static SyntaxNode? TooDeep(SyntaxNode body)
    {
        var pending = new Stack<(SyntaxNode Node, int Depth)>([(body, 0)]);
        while (pending.Count > 0)
        {
            (SyntaxNode node, int level) = pending.Pop();
            if (level > DeepestSyntax)
            {
                return node;
            }

            foreach (SyntaxNode child in node.ChildNodes())
            {
                pending.Push((child, level + 1));
            }
        }

        return null;
    }

    private int Translate(IOperation operation, Scope scope)
    {
        cancellation.ThrowIfCancellationRequested();
        if (depth >= DeepestNesting)
        {
            return NotSupported(operation, "an expression nested this deeply", "split it with locals or [Derived] members");
        }

        if (++translated > MostTranslations)
        {
            return NotSupported(operation, "a rule with this many paths and calls",
                "split it with [Derived] members, whose values are computed once");
        }

        depth++;
        int result = TranslateConstant(operation) ?? TranslateNode(operation, scope);
        depth--;
        return Placed(result, operation);
    }

    /// <summary>Keeps where a node was first written; the generator, which reports nothing, needs no places.</summary>
    private int Placed(int node, IOperation origin)
    {
        if (node >= 0 && sink.IsHeard && !Places.ContainsKey(node))
        {
            Places.Add(node, origin.Syntax.GetLocation());
        }

        return node;
    }

    private int TranslateNode(IOperation operation, Scope scope)
    {
        switch (operation)
        {
            case IParameterReferenceOperation reference:
                return scope.TryGet(reference.Parameter, out int argument) ? argument
                    : NotSupported(operation, "a constructor's parameter",
                        "make the rule a record, whose parameters are properties, or give it a property");
            case ILocalReferenceOperation reference:
                return scope.TryGet(reference.Local, out int local) ? local : Invalid();
            case IParenthesizedOperation parenthesized:
                return Translate(parenthesized.Operand, scope);
            case IConversionOperation conversion:
                return TranslateConversion(conversion, scope);
            case IBinaryOperation binary:
                return TranslateBinary(binary, scope);
            case IUnaryOperation unary:
                return TranslateUnary(unary, scope);
            case IConditionalOperation { WhenFalse: not null } conditional:
                return TranslateConditional(conditional, scope);
            case IIsPatternOperation test:
                return TranslateIs(test, scope);
            case ISwitchExpressionOperation choice:
                return TranslateSwitch(choice, scope);
            case IInvocationOperation invocation:
                return TranslateInvocation(invocation, scope);
            case IPropertyReferenceOperation reference:
                return TranslateProperty(reference, scope);
            case IFieldReferenceOperation reference:
                return !IsOfRule(reference.Instance)
                    ? NotSupported(operation, "a field of another object", "make it a hyperparameter of the rule")
                    : LacksInstance(reference.Instance, reference.Field) ? Invalid()
                    : ReadField(InRule(reference.Field, reference.Instance), reference.Syntax.GetLocation());
            case IAssignmentOperation or IIncrementOrDecrementOperation:
                return ReportAssignment(operation);
            case IInvalidOperation:
                return Invalid();
            default:
                return NotSupported(operation, Describe(operation),
                    "a body may hold arithmetic, comparisons, conditions, locals, if and return, and calls to methods with source");
        }
    }

    private int ReportAssignment(IOperation operation)
    {
        if (operation is IDeconstructionAssignmentOperation)
        {
            return NotSupported(operation, "deconstructing a tuple",
                "call one helper per value; what the helpers have in common is computed once");
        }

        IOperation? target = operation switch
        {
            IAssignmentOperation assignment => assignment.Target,
            IIncrementOrDecrementOperation increment => increment.Target,
            _ => null,
        };
        if (target is ILocalReferenceOperation or IParameterReferenceOperation)
        {
            return NotSupported(operation, "an assignment inside an expression", "assign in a statement of its own");
        }

        sink.Report(DiagnosticDescriptors.Impure, operation.Syntax.GetLocation(), target?.Syntax.ToString() ?? operation.Syntax.ToString(),
            "is written in a rule", "return the value, and keep it in a [State] if the next step needs it");
        return Failed;
    }

    private int NotSupported(IOperation operation, string what, string advice)
    {
        sink.Report(DiagnosticDescriptors.ConstructNotSupported, operation.Syntax.GetLocation(), Capital(what), CurrentMember, advice);
        return Failed;
    }

    private int Invalid()
    {
        sink.MarkInvalid();
        return Failed;
    }

    private string CurrentMember => callStack.Count == 0 ? rule.Name
        : callStack[callStack.Count - 1].AssociatedSymbol?.Name ?? callStack[callStack.Count - 1].Name;

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text.Substring(1);

    private static string Describe(IOperation operation) => operation.Kind switch
    {
        OperationKind.Loop => "a loop",
        OperationKind.Throw => "throw",
        OperationKind.Try => "try",
        OperationKind.Switch => "a switch statement",
        OperationKind.AnonymousFunction or OperationKind.DelegateCreation => "a lambda",
        OperationKind.LocalFunction => "a local function",
        OperationKind.ObjectCreation => "creating an object",
        OperationKind.ArrayElementReference => "an array",
        OperationKind.Tuple or OperationKind.DeconstructionAssignment => "a tuple",
        OperationKind.Await => "await",
        OperationKind.InterpolatedString => "a string",
        _ => $"'{operation.Syntax.ToString().Split('\n')[0].Trim()}'",
    };
}
