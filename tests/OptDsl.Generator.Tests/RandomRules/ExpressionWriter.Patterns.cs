namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>Switch expressions over uniform reals: constants, NaN and zeros among them, and relations.</summary>
internal sealed partial class ExpressionWriter
{
    private IEnumerable<Form> PatternForms()
    {
        string half = Literal(0.5), minusZero = isFloat ? "-0.0f" : "-0.0", nan = $"{Element}.NaN";
        Form Form(Construct construct, string arms, Where where = Where.Anywhere, params Operand[] operands)
            => new(construct, Kind.Real, $"($0 switch {{ {arms} }})", where, 1, [Operand.Unusual, .. operands]);
        const Operand Real = Operand.Real;
        yield return Form(Construct.SwitchOnNaN, $"{nan} => $1, _ => $2", operands: [Real, Real]);
        yield return Form(Construct.SwitchOnNaN, $"< {half} => $1, {nan} => $2, _ => $3", operands: [Real, Real, Real]);
        yield return Form(Construct.SwitchOnNaN, $"{nan} when $1 => $2, > {half} => $2, _ => $3",
            operands: [Operand.Bool, Operand.RealUnder, Operand.RealUnder]);
        yield return Form(Construct.SwitchOnNaN, $"< 0 => $1, >= {minusZero} => $2, {nan} => $3", Where.CanThrow, Real, Real, Real);
        yield return Form(Construct.SwitchOnZero, $"0 => $1, {nan} => $2, _ => $3", operands: [Real, Real, Real]);
        yield return Form(Construct.SwitchOnZero, $"{minusZero} => $1, <= {half} => $2, _ => $3", operands: [Real, Real, Real]);
        yield return Form(Construct.SwitchOnZero, $"< {minusZero} => $1, > 0 => $2, {minusZero} => $3, _ => $1",
            operands: [Real, Real, Real]);
        yield return Form(Construct.SwitchOnInfinity, $"{Element}.PositiveInfinity => $1, {Element}.NegativeInfinity => $2, _ => $3",
            operands: [Real, Real, Real]);
        yield return Form(Construct.SwitchOnInfinity, $"<= {Element}.MaxValue => $1, {nan} => $2, _ => $3", operands: [Real, Real, Real]);
        yield return new Form(Construct.Pattern, Kind.Bool, $"($0 is > 0 and <= {half})", Where.Anywhere, 1, Real);
        yield return new Form(Construct.Pattern, Kind.Bool, $"($0 is not (< {half} or {nan}))", Where.Anywhere, 1, Real);
        yield return new Form(Construct.Pattern, Kind.Bool, "($0 is 1 or > 2)", Where.Anywhere, 1, Operand.Variable);
        yield return new Form(Construct.CombinedPattern, Kind.Real, "($0 switch { < 0 or > 2 => $1, >= 0 and not 1 => $2, 1 => $3 })",
            Where.Anywhere, 1, Operand.Variable, Real, Real, Real);
        yield return Form(Construct.CombinedPattern, $"not {nan} and < {half} => $1, {nan} or 0 => $2, _ => $3",
            operands: [Real, Real, Real]);
        yield return new Form(Construct.SwitchOnNaN, Kind.Int, $"($0 switch {{ {nan} => $1, 0 => 3, _ => $2 }})", Where.Anywhere, 1,
            Operand.Unusual, Operand.Int, Operand.Int);
        yield return new Form(Construct.SwitchOnNaN, Kind.Bool, $"($0 switch {{ {nan} => $1, > 0 => $2, _ => false }})", Where.Anywhere, 1,
            Operand.Unusual, Operand.Bool, Operand.Bool);
    }

    /// <summary>A uniform real that often is NaN, infinite or a zero of either sign.</summary>
    private Expr Unusual(Scope scope, int depth)
    {
        (string form, Construct? construct, int count) = choices.Of<(string, Construct?, int)>(
        [
            ("($0 / ($1 - $1))", Construct.MadeNaN, 2), ("(($0 - $0) / ($0 - $0))", Construct.MadeNaN, 1),
                ($"{MathClass}.Sqrt(-$0)", Construct.MadeNaN, 1),
            ($"($0 > {Literal(0.25)} ? {Element}.NaN : $0)", Construct.MadeNaN, 1), ($"({Literal(-0.0)} * $0)", Construct.Multiply, 1),
                ("($0 - $0)", Construct.Subtract, 1), ("$0", null, 1),
        ]);
        Expr[] operands = [.. Enumerable.Range(0, count).Select(_ => Real(scope, uniform: true, depth - 2))];
        return form == "$0" ? operands[0] : new Expr(Kind.Real, form, construct, Instance: false, [.. operands]);
    }
}
