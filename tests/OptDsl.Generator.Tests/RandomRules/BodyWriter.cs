using System.Collections.Immutable;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>Makes random bodies: locals, assignments, branches and returns.</summary>
internal sealed class BodyWriter(Choices choices, ExpressionWriter expressions, HashSet<Construct> favourites)
{
    // Names the emitted code has uses of its own for.
    private static readonly string[] Names = ["size", "offset", "lanes", "uniforms", "i", "block", "fault", "value", "frame", "update0"];

    private readonly HashSet<string> declared = [];
    private int locals;

    /// <summary>Names that no local has, because bodies mean something else by them.</summary>
    internal HashSet<string> Taken { get; set; } = [];

    /// <summary>More names for locals.</summary>
    internal string[] MoreNames { get; set; } = [];

    /// <summary>A body that returns a value on every path.</summary>
    internal ImmutableArray<Statement> Body(Kind kind, Scope scope, int depth)
    {
        locals = 0;
        declared.Clear();
        return choices.Chance(45)
            && !Favours(Construct.LateLocal, Construct.Increment, Construct.ConstantLocal, Construct.GuardedReturn, Construct.UniformBranch,
                Construct.BoolLocal)
            ? [new Return(expressions.Make(kind, scope, scope.IsUniform, depth))]
            : [.. Statements(kind, scope, depth, 1 + choices.Below(4), mayDeclare: true, ends: true)];
    }

    private bool Favours(params Construct[] constructs) => constructs.Any(favourites.Contains);

    private List<Statement> Statements(Kind kind, Scope scope, int depth, int count, bool mayDeclare, bool ends)
    {
        var result = new List<Statement>();
        for (int i = 0; i < count; i++)
        {
            (int Weight, Func<Scope, Scope> Write)[] ways =
            [
                (mayDeclare ? 5 : 0, at => Declare(result, at, depth)),
                (5, at => Assign(result, at, depth)),
                (4, at => If(result, kind, at, depth)),
                (ends ? 3 : 0, at => ReturnEarly(result, kind, at, depth)),
                (mayDeclare ? Favours(Construct.LateLocal) ? 6 : 2 : 0, at => DeclareLate(result, at, depth)),
                (ends && CanGuard(scope) ? Favours(Construct.GuardedReturn) ? 25 : 5 : 0, at => Guard(result, kind, at, depth)),
            ];
            scope = choices.Weighted(ways)(scope);
        }

        if (ends)
        {
            result.Add(new Return(expressions.Make(kind, scope, scope.IsUniform, depth)));
        }

        return result;
    }

    private string NewName(Scope scope)
    {
        int index = locals++;
        string name = MoreNames.Length > 0 ? choices.Of(MoreNames) : index < Names.Length ? Names[index] : "";
        return name.Length == 0 || Taken.Contains(name) || scope.Variables.Exists(variable => variable.Name == name) || !declared.Add(name)
            ? $"local{index}" : name;
    }

    private Scope Declare(List<Statement> result, Scope scope, int depth)
    {
        string name = NewName(scope);
        if (choices.Chance(Favours(Construct.ConstantLocal) ? 60 : 10))
        {
            bool real = choices.Chance(60);
            result.Add(new Declare(real ? Kind.Real : Kind.Int, name,
                ExpressionWriter.Text(real ? Kind.Real : Kind.Int, real ? expressions.RealLiteral() : choices.Of(["2", "3", "7"])),
                    IsConstant: true));
            return scope.With(new Variable(name, real ? Kind.Real : Kind.Int, IsUniform: true, IsAssignable: false, IsConstant: true));
        }

        Kind kind = choices.Weighted(
            [(6, Kind.Real), (Favours(Construct.BoolLocal) ? 8 : 2, Kind.Bool), (1, Kind.Int), (scope.IsUniform ? 0 : 2, Kind.ChosenInt)]);
        bool uniform = scope.IsUniform || kind == Kind.Int || (kind != Kind.ChosenInt && choices.Chance(20));
        result.Add(new Declare(kind, name, expressions.Make(kind, scope, uniform, depth - 1)));
        return scope.With(new Variable(name, kind, uniform, IsAssignable: true));
    }

    private Scope DeclareLate(List<Statement> result, Scope scope, int depth)
    {
        string name = NewName(scope);
        bool uniform = scope.IsUniform || choices.Chance(20);
        Expr condition = expressions.Bool(scope, uniform, depth - 1);
        Scope inner = scope.UnderElement(!uniform);
        result.Add(new Declare(Kind.Real, name, null));
        result.Add(new Branch(condition, uniform,
            [new Assign(name, "=", expressions.Real(inner, uniform, depth - 1))],
                [new Assign(name, "=", expressions.Real(inner, uniform, depth - 1))]));
        return scope.With(new Variable(name, Kind.Real, uniform, IsAssignable: true));
    }

    private Scope Assign(List<Statement> result, Scope scope, int depth)
    {
        // What is uniform stays so: it is not assigned under a condition per element.
        var targets = scope.Variables.Where(variable => variable.IsAssignable && (!variable.IsUniform || scope.IsUniform || scope.CanThrow))
            .ToList();
        if (targets.Count == 0)
        {
            return scope;
        }

        Variable target = choices.Of(targets);
        if (target.Kind is Kind.Real or Kind.Int && choices.Chance(Favours(Construct.Increment) ? 70 : 15))
        {
            result.Add(new Assign(target.Name, choices.Of(["++", "--"]), null));
            return scope;
        }

        string[] operators = target.Kind switch
        {
            Kind.Real => ["=", "+=", "-=", "*=", "/="],
            Kind.Int => ["=", "+=", "-="],
            _ => ["="],
        };
        result.Add(new Assign(target.Name, choices.Of(operators), expressions.Make(target.Kind, scope, target.IsUniform, depth - 1)));
        return scope;
    }

    private Scope If(List<Statement> result, Kind kind, Scope scope, int depth)
    {
        bool uniform = scope.IsUniform || choices.Chance(Favours(Construct.UniformBranch) ? 70 : 20);
        Expr condition = expressions.Bool(scope, uniform, depth - 1);
        Scope inner = scope.UnderElement(!uniform);
        if (!inner.Variables.Exists(variable => variable.IsAssignable && (!variable.IsUniform || inner.IsUniform || inner.CanThrow)))
        {
            return scope;
        }

        ImmutableArray<Statement> then = [.. Statements(kind, inner, depth - 1, 1 + choices.Below(2), mayDeclare: false, ends: false)];
        ImmutableArray<Statement> otherwise = choices.Chance(50)
            ? [.. Statements(kind, inner, depth - 1, 1, mayDeclare: false, ends: false)] : [];
        result.Add(new Branch(condition, uniform, then, otherwise));
        return scope;
    }

    private Scope ReturnEarly(List<Statement> result, Kind kind, Scope scope, int depth)
    {
        bool uniform = scope.IsUniform || choices.Chance(20);
        Expr condition = expressions.Bool(scope, uniform, depth - 1);
        Scope inner = scope.UnderElement(!uniform);
        var then = new List<Statement>();
        if (choices.Chance(30))
        {
            Assign(then, inner, depth - 1);
        }

        then.Add(new Return(expressions.Make(kind, inner, inner.IsUniform, depth - 1)));
        var otherwise = new List<Statement>();
        if (choices.Chance(30))
        {
            Assign(otherwise, inner, depth - 1);
        }

        result.Add(new Branch(condition, uniform, [.. then], [.. otherwise]));

        // The rest runs only where the condition did not hold.
        return inner;
    }

    private static bool CanGuard(Scope scope)
        => scope.CanThrow && scope.NonZero.IsEmpty && scope.Variables.Exists(variable => variable is { Name: "step", IsAssignable: false });

    /// <summary>What follows the return may divide by what was tested.</summary>
    private Scope Guard(List<Statement> result, Kind kind, Scope scope, int depth)
    {
        string test = choices.Of(["step == 1", "step < 2", "step <= 1"]);
        result.Add(new Branch(ExpressionWriter.Text(Kind.Bool, test), IsUniform: true,
            [new Return(expressions.Make(kind, scope, scope.IsUniform, depth - 2))], []));
        return scope with { NonZero = scope.NonZero.Add("(step - 1)") };
    }
}
