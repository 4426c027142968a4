using System.Collections.Immutable;

namespace OptDsl.Generator.Tests.RandomRules;

/// <content>Gradients at other points, and models that are read anew.</content>
internal sealed partial class RuleWriter
{
    private readonly HashSet<Plan> points = [];
    private string[] pointNames = [];

    private bool HasPoints => pointNames.Length > 0;

    private void PlanPoints()
    {
        bool several = Wants(Construct.SeveralPoints, 5);
        pointNames = [.. ((string[])["sharp", "blunt", "steep"])[..(several ? 2 + choices.Below(2)
            : Wants(Construct.GradientAt, 8) ? 1 : 0)].Select(name => Camel(Named(name)))];
    }

    /// <summary>Members to be points of, one after another.</summary>
    private void PlanPointMembers(List<Plan> plans)
    {
        for (int i = 1; i < pointNames.Length && names.Count > 7; i++)
        {
            var point = new Plan(NewName(), choices.Of(["Derived", "Derived", "Rate"]), Kind.Real, Fineness.Parameter);
            plans.Insert(choices.Below(Math.Min(plans.Count, 2)), point);

            // A point after a barrier comes later than those before it, wherever it is written.
            if (i == 1 && choices.Chance(60))
            {
                Plan barrier = PlanReduction();
                barrier.Body = Fineness.Parameter;
                point.Reads.Add(barrier);
                plans.Insert(0, barrier);
            }
        }
    }

    /// <summary>Gradients at other points: of the same point in every member, and never before the search asks for a direction.</summary>
    private void AddPoints(List<Plan> plans, int index, Action<string, Kind, string> add)
    {
        Plan plan = plans[index];
        if (plan.Body != Fineness.Parameter || plans.Exists(other => other.Role == "SearchDirection"))
        {
            return;
        }

        var candidates = plans.Take(index)
            .Where(point => point is { Role: "Derived" or "Rate", Kind: Kind.Real, Fineness: Fineness.Parameter }
                && !points.Contains(point)).ToList();
        while (points.Count < pointNames.Length && candidates.Count > 0
            && (points.Count == 0 || plan.Role == "Update" || choices.Chance(50)))
        {
            Plan point = choices.Of(candidates);
            candidates.Remove(point);
            string name = pointNames[points.Count];
            points.Add(point);
            extras.Add(new Extra(name, $"[GradientAt(nameof({RulePrinter.Escape(point.Name)}))]", Fineness.Parameter, Construct.GradientAt,
                null));
            declared.Add(name);
            add(name, Kind.Real, extras[^1].Attribute);
        }
    }

    /// <summary>What a model that is read anew reads: what the step leaves.</summary>
    private List<Input> Remaining(List<Plan> plans, int index)
    {
        var inputs = new List<Input> { new(plans.Find(plan => plan.Role == "Update")!.InputName, Kind.Real) };
        inputs.AddRange(plans.Take(index).Where(plan => plan.HasMemory && choices.Chance(plan.IsUniform ? 80 : 40))
            .Select(plan => new Input(plan.InputName, Kind.Real)));
        if (choices.Chance(30))
        {
            inputs.Add(new("step", Kind.Int));
        }

        return inputs;
    }

    /// <summary>
    /// Adds something computed of a uniform value to what such a model returns, by operations that only uniform values have.
    /// </summary>
    private ImmutableArray<Statement> ReadingUniforms(ImmutableArray<Statement> body, List<Plan> plans, List<Input> inputs)
    {
        string other = isFloat ? "(float)((double)$0 * 0.1)" : "(double)(float)$0", ten = expressions.Literal(10);
        string[] forms =
        [
            $"($0 % {expressions.Literal(0.7)})",
                $"({Element})((int)Math.Max({expressions.Literal(-50)}, Math.Min($0 * {ten}, {expressions.Literal(50)})) % 4)", other,
            "Math.Clamp($0, -LearningRate, LearningRate)", $"({Element})checked((int)(Math.Min(Math.Abs($0), {ten}) * {ten}))",
                $"($0 switch {{ {Element}.NaN => LearningRate, < 1 => $0, _ => {ten} }})",
            $"(RuleMath.Exp(-$0) * LearningRate)",
        ];
        List<string> values = ["LearningRate",
            .. inputs.Where(input => input.Kind == Kind.Real && FinenessOf(plans, input.Name) != Fineness.Parameter)
            .Select(input => RulePrinter.Escape(input.Name))];
        Expr value = ExpressionWriter.Text(Kind.Real, choices.Of(values)) with { Instance = true };
        Expr read = new(Kind.Real, choices.Of(forms), Construct.ReadOfUniform, Instance: true, [value]);
        return body is [.., Return last]
            ? body.SetItem(body.Length - 1,
                new Return(new Expr(Kind.Real, "($0 + $1)", Construct.Add, Instance: false,
                    [last.Value, ExpressionWriter.Text(Kind.Real, "read")]))).Insert(0, new Declare(Kind.Real, "read", read))
            : body;
    }
}
