using System.Collections.Immutable;

namespace OptDsl.Generator.Tests.RandomRules;

/// <content>Operations that throw in one step, for every group or for some tensors, rows or columns.</content>
internal sealed partial class RuleWriter
{
    /// <summary>Each throws where $0 is zero; elsewhere $0 is one.</summary>
    private static readonly (Construct Construct, Kind Kind, string Text)[] Throwing =
    [
        (Construct.ThrowingDivision, Kind.Int, "(12 / $0)"),
        (Construct.ThrowingDivision, Kind.Int, "(int.MinValue / ($0 == 0 ? -1 : 3))"),
        (Construct.ThrowingRemainder, Kind.Int, "(7 % $0)"),
        (Construct.ThrowingRemainder, Kind.Int, "(int.MinValue % ($0 == 0 ? -1 : 3))"),
        (Construct.ThrowingArithmetic, Kind.Int, "checked(int.MaxValue - 3 + ($0 == 0 ? 9 : 1))"),
        (Construct.ThrowingArithmetic, Kind.Int, "checked(int.MinValue * ($0 == 0 ? -1 : 1))"),
        (Construct.ThrowingArithmetic, Kind.Int, "checked(-($0 == 0 ? int.MinValue : 5))"),
        (Construct.ThrowingAbsolute, Kind.Int, "Math.Abs($0 == 0 ? int.MinValue : -5)"),
        (Construct.ThrowingCast, Kind.Int, "checked((int)($0 == 0 ? 1e10 : 2.5))"),
        (Construct.ThrowingCast, Kind.Int, "checked((int)(0.0 / $0))"),
        (Construct.ThrowingCast, Kind.Int, "checked((int)(-3e9f * (1 - $0)))"),
        (Construct.ThrowingClamp, Kind.Int, "Math.Clamp(5, $0 == 0 ? 9 : 0, 7)"),
        (Construct.ThrowingClamp, Kind.Real, "Math.Clamp(0.5f, $0 == 0 ? 2.0f : 0.0f, 1.0f)"),
        (Construct.ThrowingSwitch, Kind.Int, "($0 switch { > 0 => 2, < 0 => 3 })"),
    ];

    private readonly List<Construct> throwing = [];

    private void PlanThrowing()
    {
        var kinds = Throwing.Select(each => each.Construct).Distinct().ToList();
        for (int i = choices.Chance(30) ? 4 : 0; i > 0; i--)
        {
            throwing.Add(choices.Of(kinds));
        }
    }

    /// <summary>Something that throws, and the inputs it reads added to the member's; null where this member has none.</summary>
    private Expr? Risk(Plan plan, List<Input> inputs)
    {
        if (throwing.Count == 0 || plan.Shape is not null || !choices.Chance(60))
        {
            return null;
        }

        (Fineness Fineness, Construct Construct, Input? Input, string Condition)[] places =
        [
            (Fineness.Group, Construct.ThrowsPerGroup, null, ""),
            (Fineness.Tensor, Construct.ThrowsPerTensor, new Input("rows", Kind.Int), $" && rows {choices.Of(["== 1", "> 2", "== 4"])}"),
            (Fineness.Row, Construct.ThrowsPerRow, Drawn(Fineness.Row), $" && rowDraw > {expressions.Literal(0.75)}"),
            (Fineness.Column, Construct.ThrowsPerColumn, Drawn(Fineness.Column), $" && columnDraw > {expressions.Literal(1.25)}"),
        ];
        (_, Construct place, Input? input, string condition) = choices.Of(places.Where(each => plan.Body.Reads(each.Fineness)).ToList());
        foreach (Input needed in new[] { new Input("step", Kind.Int), input }.OfType<Input>()
            .Where(needed => !inputs.Exists(other => other.Name == needed.Name)))
        {
            inputs.Add(needed);
        }

        Construct what = throwing[^1];
        throwing.RemoveAt(throwing.Count - 1);
        (_, Kind kind, string text) = choices.Of(Throwing.Where(each => each.Construct == what).ToList());
        Expr zero = ExpressionWriter.Text(Kind.Int, $"(step == {choices.Of(["3", "2", "4", "1"])}{condition} ? 0 : 1)", place);
        return new Expr(kind, text, what, Instance: false, [zero]);
    }

    private static Input Drawn(Fineness fineness)
        => Fallback(fineness) is var draw ? new Input(draw.Name, Kind.Real, Attribute: draw.Attribute) : null!;

    /// <summary>
    /// The body with the value at its beginning, where no condition per parameter is around it; mostly what it returns reads it.
    /// </summary>
    private ImmutableArray<Statement> Risking(ImmutableArray<Statement> body, Expr? risk)
    {
        if (risk is null)
        {
            return body;
        }

        if (choices.Chance(70) && body is [.., Return { Value.Kind: Kind.Real } last])
        {
            body = body.SetItem(body.Length - 1,
                new Return(new Expr(Kind.Real, "($0 + $1)", Construct.Add, Instance: false,
                    [last.Value, ExpressionWriter.Text(risk.Kind, "risk")])));
        }

        return body.Insert(0, new Declare(risk.Kind, "risk", risk));
    }
}
