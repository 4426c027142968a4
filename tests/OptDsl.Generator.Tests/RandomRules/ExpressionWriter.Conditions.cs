namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>Ints, conditions, and ints that a condition chooses.</summary>
internal sealed partial class ExpressionWriter
{
    internal Expr Bool(Scope scope, bool uniform, int depth)
    {
        uniform |= scope.IsUniform || choices.Chance(15);
        return depth <= 0 || choices.Chance(10) ? Leaf(Kind.Bool, scope, uniform) : Compose(Kind.Bool, scope, uniform, depth);
    }

    /// <summary>An int, which is always uniform.</summary>
    internal Expr Int(Scope scope, int depth)
        => depth <= 0 || choices.Chance(25) ? Leaf(Kind.Int, scope, uniform: true) : Compose(Kind.Int, scope, uniform: true, depth);

    /// <summary>An int chosen by a condition, which may differ from parameter to parameter.</summary>
    internal Expr ChosenInt(Scope scope, bool uniform, int depth)
    {
        var locals = scope.Variables.Where(variable => variable.Kind == Kind.ChosenInt && (variable.IsUniform || !uniform)).ToList();
        return locals.Count > 0 && choices.Chance(60) ? Read(choices.Of(locals))
            : Compose(Kind.ChosenInt, scope, uniform || scope.IsUniform, Math.Max(depth, 1));
    }

    private IEnumerable<Form> ChosenForms()
    {
        yield return new Form(Construct.ChosenInt, Kind.ChosenInt, "($0 ? $1 : $2)", Where.Anywhere, 3, Operand.Bool, Operand.Leaf,
            Operand.Leaf);
        yield return new Form(Construct.ChosenInt, Kind.ChosenInt, "($0 ? $1 : $2)", Where.Anywhere, 1, Operand.Bool, Operand.ChosenInt,
            Operand.Leaf);
        yield return new Form(Construct.ChosenInt, Kind.ChosenInt, "($0 ? $1 : $2)", Where.Anywhere, 1, Operand.UniformBool, Operand.Leaf,
            Operand.ChosenInt);
    }

    private IEnumerable<Form> IntForms()
    {
        yield return new Form(Construct.IntArithmetic, Kind.Int, "($0 + $1)", Where.Anywhere, 3, Operand.Int, Operand.Int);
        yield return new Form(Construct.IntArithmetic, Kind.Int, "($0 - $1)", Where.Anywhere, 3, Operand.Int, Operand.Int);
        yield return new Form(Construct.IntArithmetic, Kind.Int, "($0 * $1)", Where.Anywhere, 2, Operand.Leaf, Operand.Leaf);
        yield return new Form(Construct.IntArithmetic, Kind.Int, "(-$0)", Where.Anywhere, 1, Operand.Int);
        yield return new Form(Construct.IntDivision, Kind.Int, "($0 / $1)", Where.CanThrow, 5, Operand.Int, Operand.NonZero);
        yield return new Form(Construct.IntRemainder, Kind.Int, "($0 % $1)", Where.CanThrow, 5, Operand.Int, Operand.NonZero);
        yield return new Form(Construct.IntFunction, Kind.Int, "Math.Min($0, $1)", Where.Anywhere, 1, Operand.Int, Operand.Int);
        yield return new Form(Construct.IntFunction, Kind.Int, "Math.Max($0, $1)", Where.Anywhere, 1, Operand.Int, Operand.Int);
        yield return new Form(Construct.IntFunction, Kind.Int, "Math.Clamp($0, -2, 3)", Where.CanThrow, 1, Operand.Int);
        yield return new Form(Construct.IntFunction, Kind.Int, "Math.Abs($0)", Where.CanThrow, 1, Operand.Leaf);
        yield return new Form(Construct.CheckedArithmetic, Kind.Int, "checked($0 + $1)", Where.CanThrow, 1, Operand.Leaf, Operand.Leaf);
        yield return new Form(Construct.CheckedArithmetic, Kind.Int, "checked($0 * $1 - 1)", Where.CanThrow, 1, Operand.Leaf, Operand.Leaf);
        yield return new Form(Construct.CheckedArithmetic, Kind.Int, $"checked((int)(-$0 * {Literal(0.75)}))", Where.CanThrow, 1,
            Operand.Leaf);
        yield return new Form(Construct.RealToInt, Kind.Int, $"(int)Math.Max({Literal(-50)}, Math.Min($0, {Literal(50)}))", Where.Anywhere,
            2, Operand.UniformReal);
        yield return new Form(Construct.Conditional, Kind.Int, "($0 ? $1 : $2)", Where.Anywhere, 2, Operand.UniformBool, Operand.Int,
            Operand.Int);
        yield return new Form(Construct.GuardedDivision, Kind.Int, "($0 != 0 ? 12 / $0 : 1)", Where.CanThrow, 1, Operand.Variable);
        yield return new Form(Construct.GuardedDivision, Kind.Int, "($0 == 0 ? $1 : $1 % $0)", Where.CanThrow, 1, Operand.Variable,
            Operand.Int);
        yield return new Form(Construct.SwitchOnConstants, Kind.Int, "($0 switch { 0 => $1, 1 => $2, _ => $3 })", Where.Anywhere, 1,
            Operand.Variable, Operand.Int, Operand.Int, Operand.Int);
    }

    private IEnumerable<Form> BoolForms()
    {
        (Construct Construct, string Text)[] comparisons =
        [
            (Construct.Less, "<"), (Construct.LessOrEqual, "<="), (Construct.Greater, ">"), (Construct.GreaterOrEqual, ">="),
                (Construct.Equal, "=="), (Construct.NotEqual, "!="),
        ];
        foreach ((Construct construct, string text) in comparisons)
        {
            yield return new Form(construct, Kind.Bool, $"($0 {text} $1)", Where.Anywhere, 4, Operand.Real, Operand.Real);
            yield return new Form(construct, Kind.Bool, $"($0 {text} $1)", Where.Anywhere, 1, Operand.Int, Operand.Leaf);
        }

        yield return new Form(Construct.Not, Kind.Bool, "!$0", Where.Anywhere, 3, Operand.Bool);
        yield return new Form(Construct.AndAlso, Kind.Bool, "($0 && $1)", Where.Anywhere, 2, Operand.Bool, Operand.BoolUnder);
        yield return new Form(Construct.OrElse, Kind.Bool, "($0 || $1)", Where.Anywhere, 2, Operand.Bool, Operand.BoolUnder);
        yield return new Form(Construct.And, Kind.Bool, "($0 & $1)", Where.Anywhere, 2, Operand.Bool, Operand.Bool);
        yield return new Form(Construct.Or, Kind.Bool, "($0 | $1)", Where.Anywhere, 2, Operand.Bool, Operand.Bool);
        yield return new Form(Construct.ConditionalBool, Kind.Bool, "($0 ? $1 : $2)", Where.Anywhere, 2, Operand.Bool, Operand.BoolUnder,
            Operand.BoolUnder);
        yield return new Form(Construct.GuardedCondition, Kind.Bool, "($0 > 0 && 12 / $0 > 2)", Where.CanThrow, 1, Operand.Variable);
        yield return new Form(Construct.GuardedCondition, Kind.Bool, "($0 <= 1 || 7 % ($0 - 1) == 0)", Where.CanThrow, 1, Operand.Variable);
    }

    /// <summary>A small int: an input, a hyperparameter or a literal.</summary>
    private Expr IntLeaf(Scope scope)
    {
        var small = scope.Variables.Where(variable =>
            variable is { Kind: Kind.Int, IsUniform: true, IsAssignable: false, IsConstant: false }
            && (variable.Name is "step" or "rows" or "columns" or "rank" || variable.IsInstance)).ToList();
        return small.Count > 0 && choices.Chance(60) ? Read(choices.Of(small))
            : Text(Kind.Int, choices.Of(["1", "2", "3", "0", "4", "(-1)"]));
    }

    /// <summary>An int that is no constant to the compiler, which would refuse a division of constants by zero.</summary>
    private Expr IntVariable(Scope scope)
    {
        var variables = scope.Variables.Where(variable => variable is { Kind: Kind.Int, IsUniform: true, IsConstant: false }).ToList();
        return variables.Count > 0 ? Read(choices.Of(variables))
            : new Expr(Kind.Int, "(int)Math.Min($0, 4)", null, false, [Leaf(Kind.Real, scope, uniform: true)]);
    }

    private Expr NonZero(Scope scope)
    {
        if (scope.NonZero.Count > 0 && choices.Chance(85))
        {
            return Text(Kind.Int, choices.Of(scope.NonZero), Construct.GuardedReturn);
        }

        return choices.Chance(50) ? Text(Kind.Int, choices.Of(["2", "3", "5"]))
            : new Expr(Kind.Int, "(1 + Math.Abs($0 % 7))", Construct.IntRemainder, false, [IntVariable(scope)]);
    }
}
