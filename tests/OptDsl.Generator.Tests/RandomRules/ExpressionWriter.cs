using System.Collections.Immutable;
using System.Globalization;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>Makes random expressions that are valid where they stand; this part makes those of the element.</summary>
internal sealed partial class ExpressionWriter
{
    private readonly Choices choices;
    private readonly bool isFloat;
    private readonly HashSet<Construct> favourites;
    private readonly List<Form> forms;

    /// <param name="choices">Where choices come from.</param>
    /// <param name="isFloat">Whether the rule is declared in float.</param>
    /// <param name="favourites">Constructs this rule prefers, so that rare ones are not rare in every rule.</param>
    internal ExpressionWriter(Choices choices, bool isFloat, HashSet<Construct> favourites)
    {
        this.choices = choices;
        this.isFloat = isFloat;
        this.favourites = favourites;
        forms = [.. RealForms(), .. PatternForms(), .. IntForms(), .. BoolForms(), .. ChosenForms()];
    }

    /// <summary>Where a form may stand.</summary>
    [Flags]
    private enum Where
    {
        Anywhere = 0,
        UniformOnly = 1,
        CanThrow = 2,

        /// <summary>Not where a condition may differ from what the bounds of a clamp are one of.</summary>
        Bounds = 4,
    }

    /// <summary>How an operand is made.</summary>
    private enum Operand
    {
        Real,
        Bool,
        Int,
        ChosenInt,
        UniformReal,
        UniformBool,

        /// <summary>
        /// A real on which it depends whether the next operands are wanted, so that they must not throw where it is per element.
        /// </summary>
        RealUnder,
        BoolUnder,

        /// <summary>
        /// A real that gives its sign to another. It is the gradient or no NaN: what sign a computed NaN has is not promised.
        /// </summary>
        Sign,

        /// <summary>An int that the compiler cannot compute.</summary>
        Variable,
        NonZero,

        /// <summary>A uniform real that often is no number.</summary>
        Unusual,

        /// <summary>A small int.</summary>
        Leaf,
    }

    private sealed record Form(Construct? Construct, Kind Kind, string Text, Where Where, int Weight, params Operand[] Operands);

    private string Element => isFloat ? "float" : "double";

    private string MathClass => isFloat ? "MathF" : "Math";

    internal Expr Make(Kind kind, Scope scope, bool uniform, int depth) => kind switch
    {
        Kind.Real => Real(scope, uniform, depth),
        Kind.Int => Int(scope, depth),
        Kind.Bool => Bool(scope, uniform, depth),
        _ => ChosenInt(scope, uniform, depth),
    };

    internal Expr Real(Scope scope, bool uniform, int depth)
    {
        uniform |= scope.IsUniform || choices.Chance(12);
        return depth <= 0 || choices.Chance(12) ? Leaf(Kind.Real, scope, uniform) : Compose(Kind.Real, scope, uniform, depth);
    }

    internal string Literal(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        text = text.Contains('.', StringComparison.Ordinal) || text.Contains('E', StringComparison.Ordinal) ? text : text + ".0";
        text += isFloat ? "f" : "";
        return double.IsNegative(value) ? $"({text})" : text;
    }

    internal string RealLiteral()
    {
        if (choices.Chance(6))
        {
            return $"{Element}.{choices.Of(["NaN", "PositiveInfinity", "NegativeInfinity", "MaxValue", "Epsilon"])}";
        }

        return Literal(choices.Of([0.5, 1, 2, 0.1, 3, 0.25, 1.5, 0.75, 0.9, 0.0, -0.0, -1, -0.5, 1e-3, 7]));
    }

    internal static Expr Text(Kind kind, string text, Construct? construct = null) => new(kind, text, construct, Instance: false, []);

    private IEnumerable<Form> RealForms()
    {
        (Construct Construct, string Text)[] arithmetic =
            [(Construct.Add, "($0 + $1)"), (Construct.Subtract, "($0 - $1)"), (Construct.Multiply, "($0 * $1)"),
                (Construct.Divide, "($0 / $1)")];
        foreach ((Construct construct, string text) in arithmetic)
        {
            yield return new Form(construct, Kind.Real, text, Where.Anywhere, 8, Operand.Real, Operand.Real);
        }

        (Construct Construct, string Name, int Arity)[] functions =
        [
            (Construct.Sqrt, "Sqrt", 1), (Construct.Abs, "Abs", 1), (Construct.Floor, "Floor", 1), (Construct.Ceiling, "Ceiling", 1),
            (Construct.Truncate, "Truncate", 1), (Construct.Round, "Round", 1), (Construct.Min, "Min", 2), (Construct.Max, "Max", 2),
            (Construct.FusedMultiplyAdd, "FusedMultiplyAdd", 3),
        ];
        foreach ((Construct construct, string name, int arity) in functions)
        {
            string arguments = string.Join(", ", Enumerable.Range(0, arity).Select(i => $"${i}"));
            yield return new Form(construct, Kind.Real, $"{MathClass}.{name}({arguments})", Where.Anywhere, 2,
                [.. Enumerable.Repeat(Operand.Real, arity)]);
        }

        // Of RuleMath, so that the declaration has the kernel's bits.
        foreach (Construct function in (Construct[])[Construct.Exp, Construct.Log, Construct.Log2, Construct.Sin, Construct.Cos,
            Construct.Tanh, Construct.Atan, Construct.Cbrt])
        {
            yield return new Form(function, Kind.Real, $"RuleMath.{function}($0)", Where.Anywhere, 1, Operand.Real);
        }

        yield return new Form(Construct.Pow, Kind.Real, "RuleMath.Pow($0, $1)", Where.Anywhere, 1, Operand.Real, Operand.Real);
        yield return new Form(Construct.Atan2, Kind.Real, "RuleMath.Atan2($0, $1)", Where.Anywhere, 1, Operand.Real, Operand.Real);
        yield return new Form(Construct.Hypot, Kind.Real, "RuleMath.Hypot($0, $1)", Where.Anywhere, 1, Operand.Real, Operand.Real);

        (Construct Construct, string Mode)[] modes =
        [
            (Construct.RoundToEven, "ToEven"), (Construct.RoundAwayFromZero, "AwayFromZero"), (Construct.RoundToZero, "ToZero"),
            (Construct.RoundDown, "ToNegativeInfinity"), (Construct.RoundUp, "ToPositiveInfinity"),
        ];
        foreach ((Construct construct, string mode) in modes)
        {
            yield return new Form(construct, Kind.Real, $"{MathClass}.Round($0, MidpointRounding.{mode})", Where.Anywhere, 1, Operand.Real);
        }

        // What a fused rule contracts: the left product of two, and no product that is uniform.
        yield return new Form(Construct.TwoProducts, Kind.Real, "($0 * $1 + $2 * $3)", Where.Anywhere, 2, Operand.Real, Operand.Real,
            Operand.Real, Operand.Real);
        yield return new Form(Construct.TwoProducts, Kind.Real, "($0 * $1 - $2 * $3)", Where.Anywhere, 1, Operand.Real, Operand.Real,
            Operand.Real, Operand.Real);
        yield return new Form(Construct.UniformProduct, Kind.Real, "($0 + $1 * $2)", Where.Anywhere, 2, Operand.Real, Operand.UniformReal,
            Operand.UniformReal);
        yield return new Form(Construct.UniformProduct, Kind.Real, "($1 * $2 - $0)", Where.Anywhere, 1, Operand.Real, Operand.UniformReal,
            Operand.UniformReal);
        yield return new Form(Construct.CopySign, Kind.Real, $"{MathClass}.CopySign($0, $1)", Where.Anywhere, 2, Operand.Real,
            Operand.Sign);
        yield return new Form(Construct.Negate, Kind.Real, "(-$0)", Where.Anywhere, 4, Operand.Real);
        yield return new Form(Construct.Conditional, Kind.Real, "($0 ? $1 : $2)", Where.Anywhere, 5, Operand.Bool, Operand.RealUnder,
            Operand.RealUnder);
        yield return new Form(Construct.Clamp, Kind.Real, "Math.Clamp($0, -Math.Abs($1), Math.Abs($1))", Where.Bounds, 1, Operand.Real,
            Operand.UniformReal);
        yield return new Form(Construct.Clamp, Kind.Real, $"Math.Clamp($0, {Literal(-0.75)}, {Literal(1.25)})", Where.Bounds, 1,
            Operand.Real);
        yield return new Form(Construct.GuardedClamp, Kind.Real, "($1 <= $2 ? Math.Clamp($0, $1, $2) : $0)", Where.Bounds, 1, Operand.Real,
            Operand.UniformReal, Operand.UniformReal);
        yield return new Form(Construct.TotalSign, Kind.Real, "RuleMath.Sign($0)", Where.Anywhere, 2, Operand.Real);
        yield return new Form(Construct.TotalClamp, Kind.Real, "RuleMath.Clamp($0, $1, $2)", Where.Anywhere, 2, Operand.Real, Operand.Real,
            Operand.Real);
        yield return new Form(Construct.ChosenInt, Kind.Real, "($0 * $1)", Where.Anywhere, 1, Operand.ChosenInt, Operand.Real);
        yield return new Form(Construct.ChosenInt, Kind.Real, "($0 + $1)", Where.Anywhere, 1, Operand.Real, Operand.ChosenInt);
        yield return new Form(Construct.ChosenInt, Kind.Real, $"({Element})($0)", Where.Anywhere, 1, Operand.ChosenInt);
        yield return new Form(Construct.IntToReal, Kind.Real, "($0 * $1)", Where.Anywhere, 3, Operand.Int, Operand.Real);
        yield return new Form(Construct.IntToReal, Kind.Real, "($0 * (7 / $1))", Where.CanThrow, 1, Operand.Real, Operand.NonZero);
        yield return new Form(Construct.IntToReal, Kind.Real, $"({Element})$0", Where.Anywhere, 1, Operand.Int);
        yield return new Form(Construct.OtherWidthCast, Kind.Real, isFloat ? "(float)((double)$0 * 0.1)" : "(double)(float)$0",
            Where.UniformOnly, 1, Operand.UniformReal);
        yield return new Form(Construct.Remainder, Kind.Real, "($0 % $1)", Where.UniformOnly | Where.CanThrow, 2, Operand.UniformReal,
            Operand.UniformReal);
        yield return new Form(Construct.SwitchOnConstants, Kind.Real, "($0 switch { 1 => $1, 2 => $2, _ => $3 })", Where.Anywhere, 1,
            Operand.Variable, Operand.Real, Operand.Real, Operand.Real);
        yield return new Form(Construct.SwitchOnRelations, Kind.Real, $"($0 switch {{ > {Literal(0.5)} => $1, <= 0 => $2, _ => $3 }})",
            Where.Anywhere, 1, Operand.UniformReal, Operand.Real, Operand.Real, Operand.Real);
        yield return new Form(Construct.SwitchWithWhen, Kind.Real, "($0 switch { > 1 when $1 => $2, _ => $3 })", Where.Anywhere, 1,
            Operand.Variable, Operand.Bool, Operand.RealUnder, Operand.RealUnder);
        yield return new Form(Construct.SwitchWithoutDiscard, Kind.Real, "(Math.Abs($0 % 3) switch { 0 => $1, 1 => $2, >= 2 => $3 })",
            Where.CanThrow, 1, Operand.Variable, Operand.Real, Operand.Real, Operand.Real);
    }

    /// <summary>A form with operands, or a call of a helper.</summary>
    private Expr Compose(Kind kind, Scope scope, bool uniform, int depth)
    {
        var callable = scope.Helpers.Where(helper => helper.Kind == kind && (scope.CanThrow || !helper.CanThrow)
            && (!uniform || helper.IsUniform || kind != Kind.ChosenInt)).ToList();
        if (callable.Count > 0 && choices.Chance(20) && (scope.CanThrow || !scope.Meets))
        {
            return Call(choices.Of(callable), scope, uniform, depth);
        }

        var fitting = forms
            .Where(form => form.Kind == kind
                && (scope.CanThrow || !form.Where.HasFlag(Where.CanThrow))
                && (scope.CanThrow || !scope.Meets || !form.Where.HasFlag(Where.Bounds))
                && (uniform || !form.Where.HasFlag(Where.UniformOnly)))
            .Select(form => (form.Construct is { } construct && favourites.Contains(construct) ? 10 + form.Weight : form.Weight, form))
            .ToList();
        if (fitting.Count == 0)
        {
            return Leaf(kind, scope, uniform);
        }

        Form chosen = choices.Weighted(fitting);
        Scope inner = scope.UnderElement(!uniform);

        // Which of the operands a condition stands before, a form does not say.
        scope = scope.Meets ? inner : scope;
        var operands = chosen.Operands.Select(operand => operand switch
        {
            Operand.Real => Real(scope, uniform, depth - 1),
            Operand.Sign => Sign(inner, uniform, depth - 1),
            Operand.Bool => Bool(scope, uniform, depth - 1),
            Operand.Int => Int(scope, depth - 1),
            Operand.ChosenInt => ChosenInt(inner, uniform, depth - 1),
            Operand.UniformReal => Real(scope, uniform: true, depth - 2),
            Operand.UniformBool => Bool(scope, uniform: true, depth - 2),
            Operand.RealUnder => Real(inner, uniform, depth - 1),
            Operand.BoolUnder => Bool(inner, uniform, depth - 1),
            Operand.Variable => IntVariable(scope),
            Operand.NonZero => NonZero(scope),
            Operand.Unusual => Unusual(scope, depth),
            _ => IntLeaf(scope),
        }).ToImmutableArray();
        return new Expr(kind, chosen.Text, chosen.Construct, Instance: false, operands);
    }

    private Expr Sign(Scope scope, bool uniform, int depth)
    {
        Variable? gradient = uniform ? null : scope.Variables.Find(variable => variable is { Name: "gradient", IsAssignable: false });
        return gradient is not null && choices.Chance(50) ? Read(gradient)
            : new Expr(Kind.Real, $"($0 >= {Literal(0)} ? $0 : {Literal(-1)})", Construct.Conditional, false,
                [Real(scope, uniform, depth)]);
    }

    private Expr Call(Helper helper, Scope scope, bool uniform, int depth)
    {
        bool omitsLast = helper.Parameters[^1].Default is not null && choices.Chance(60);
        var parameters = omitsLast ? helper.Parameters.RemoveAt(helper.Parameters.Length - 1) : helper.Parameters;
        bool named = parameters.Length > 1 && choices.Chance(40);
        var operands = parameters.Select(parameter => Make(parameter.Kind, scope, uniform || helper.IsUniform, depth - 2))
            .ToImmutableArray();
        var arguments = parameters.Select((parameter, index) => named ? $"{RulePrinter.Escape(parameter.Name)}: ${index}" : $"${index}");
        Construct? construct = named ? Construct.NamedArguments : omitsLast ? Construct.DefaultArgument : null;
        return Call(helper, operands) with
        {
            Form = Callee(helper) + $"({string.Join(", ", named ? arguments.Reverse() : arguments)})",
            Construct = construct
        };
    }

    /// <summary>A call with all arguments in order.</summary>
    internal static Expr Call(Helper helper, ImmutableArray<Expr> operands)
        => new(helper.Kind, Callee(helper) + $"({string.Join(", ", operands.Select((_, index) => $"${index}"))})", null,
            !helper.IsOuter && Sizes.ReadsInstance(helper.Body), operands);

    private static string Callee(Helper helper) => (helper.IsOuter ? "Shared." : "") + RulePrinter.Escape(helper.Name);

    private Expr Leaf(Kind kind, Scope scope, bool uniform)
    {
        var readable = scope.Variables.Where(variable => variable.Kind == kind && (variable.IsUniform || !uniform)).ToList();

        // What differs per element is read more often than what does not.
        var wanted = uniform ? readable : readable.Where(variable => !variable.IsUniform).ToList();
        var pool = wanted.Count > 0 && choices.Chance(75) ? wanted : readable;
        return pool.Count > 0 && !choices.Chance(15) ? Read(choices.Of(pool)) : kind switch
        {
            Kind.Real => Text(kind, RealLiteral()),
            Kind.Bool => scope.Variables.Any(variable => variable.Kind == Kind.Real && (variable.IsUniform || !uniform))
                ? new Expr(Kind.Bool, "($0 > $1)", Construct.Greater, false,
                    [Leaf(Kind.Real, scope, uniform), Text(Kind.Real, Literal(0.25))])
                : Text(kind, "true"),
            _ => Text(kind, choices.Of(["1", "2", "3", "0", "5", "(-1)"])),
        };
    }

    private static Expr Read(Variable variable) => new(variable.Kind, RulePrinter.Escape(variable.Name), null, variable.IsInstance, []);
}
