using System.Collections.Immutable;

namespace OptDsl.Generator.Tests.RandomRules;

/// <content>Writes the members that were planned.</content>
internal sealed partial class RuleWriter
{
    private Member WriteMember(List<Plan> plans, int index)
    {
        Plan plan = plans[index];
        List<Input> inputs = Inputs(plans, index);
        Expr? risk = Risk(plan, inputs);
        (string setting, bool corrected) = plan.Role == "RunningAverage" ? Setting(plans, index) : (plan.Reduction, false);
        if (setting.StartsWith("Decay", StringComparison.Ordinal))
        {
            plan.Correction = plans.Find(source =>
                setting.EndsWith($"nameof({RulePrinter.Escape(source.Name)})", StringComparison.Ordinal))?.Fineness ?? Fineness.Group;
        }

        string initial = "";
        if (plan.InitialFrom >= 0)
        {
            initial = $"nameof({RulePrinter.Escape(plans[plan.InitialFrom].Name)})";
        }
        else if (plan.HasMemory && inputs.Exists(input => input.Name is "gradient" or "parameter") && Wants(Construct.InitialInput, 10))
        {
            initial = $"nameof({choices.Of([.. inputs.Select(input => input.Name).Where(name => name is "gradient" or "parameter")])})";
        }
        else if (plan.HasMemory && Wants(Construct.InitialConstant, 25))
        {
            initial = choices.Of(["1.5", "2", "-0.5", "0.1f", "7"]);
        }
        else if (plan.HasMemory && Wants(Construct.InitialName, 15))
        {
            initial = $"nameof({RulePrinter.Escape(choices.Of(["LearningRate", beta, span]))})";
        }

        ImmutableArray<Statement> body = Copy(plan, inputs) is { } copied
            ? [new Return(ExpressionWriter.Text(Kind.Real, copied))]
            : ReadRare(ReadMore(bodies.Body(plan.Kind, Scope(plans, plan, inputs), plan.Role == "Update" ? 4 : 3), plan.Kind, inputs), plan,
                inputs);
        return new Member(plan.Name, plan.Role, plan.Kind, plan.Fineness, setting, corrected, initial, Wants(Construct.Observe, 4),
            [.. inputs],
                Risking(plan.Shape == Construct.ReadAnew && choices.Chance(80) ? ReadingUniforms(body, plans, inputs) : body, risk),
                    isSplit && choices.Chance(50));
    }

    private (string Text, bool Corrected) Setting(List<Plan> plans, int index)
    {
        Plan plan = plans[index];
        string hyper = RulePrinter.Escape(choices.Of([beta, gamma]));
        var sources = plans.Take(index)
            .Where(source => source.Kind == Kind.Real && source.IsReadable && plan.Fineness.Reads(source.Fineness)).ToList();
        List<Plan> uniform = [.. sources.Where(source => source.IsUniform)], element = [.. sources.Where(source => !source.IsUniform)];
        if (Favours(Construct.PublishedCorrection) && choices.Chance(40))
        {
            return ($"Decay = nameof({hyper})", true);
        }

        if (uniform.Count > 0 && (Wants(Construct.DecayMember, 25) || favourites.Contains(Construct.DecayMemberPublished)))
        {
            return ($"Decay = nameof({RulePrinter.Escape(choices.Of(uniform).Name)})", Wants(Construct.DecayMemberPublished, 50));
        }

        if (element.Count > 0 && Wants(Construct.WeightElement, 70))
        {
            return ($"Weight = nameof({RulePrinter.Escape(choices.Of(element).Name)})", false);
        }

        if (uniform.Count > 0 && Wants(Construct.WeightUniform, 45))
        {
            return ($"Weight = nameof({RulePrinter.Escape(choices.Of(uniform).Name)})", false);
        }

        if (element.Count > 0 && Wants(Construct.WeightElement, 60))
        {
            return ($"Weight = nameof({RulePrinter.Escape(choices.Of(element).Name)})", false);
        }

        if (Wants(Construct.Window, 45))
        {
            return ($"Window = nameof({RulePrinter.Escape(span)})", false);
        }

        return Wants(Construct.WeightHyper, 50) ? ($"Weight = nameof({hyper})", false)
            : ($"Decay = nameof({hyper})", Wants(Construct.PublishedCorrection, 50));
    }

    private Scope Scope(List<Plan> plans, Plan plan, List<Input> inputs)
    {
        // Of rows and of columns together a value differs from parameter to parameter: one of the two then counts as if it did.
        bool both = inputs.Exists(input => FinenessOf(plans, input.Name) == Fineness.Row)
            && inputs.Exists(input => FinenessOf(plans, input.Name) == Fineness.Column);
        if (both)
        {
            inputs.RemoveAll(input => input.Kind == Kind.Int && FinenessOf(plans, input.Name) == Fineness.Column);
        }

        bool IsUniform(string name)
            => FinenessOf(plans, name) is var fineness && fineness != Fineness.Parameter && !(both && fineness == Fineness.Column);
        bool whole = plan.Body != Fineness.Parameter;
        IEnumerable<Variable> variables = inputs.Select(input =>
            new Variable(input.Name, input.Kind, IsUniform: whole || IsUniform(input.Name),
                IsAssignable: input.Kind != Kind.Int && choices.Chance(30)));
        return new Scope(whole, CanThrow: true, [.. variables.Concat(HyperVariables(ofBase: false))], [.. helpers], [], both);
    }

    /// <summary>What a member that copies another value returns, or null.</summary>
    private string? Copy(Plan plan, List<Input> inputs)
    {
        if (plan.Shape == Construct.SwappedStates)
        {
            return RulePrinter.Escape(inputs[0].Name);
        }

        var reals = inputs.Where(input => input.Kind == Kind.Real).ToList();
        if (plan.Shape is null or Construct.ReadAnew || reals.Count == 0)
        {
            return null;
        }

        return plan.Shape == Construct.CopyingState && choices.Chance(15) ? expressions.Literal(choices.Of([0.0, 1, -2.5]))
            : RulePrinter.Escape(choices.Of(reals).Name);
    }

    /// <summary>Adds inputs that the body leaves aside to what it returns: what nobody reads, no comparison sees.</summary>
    private ImmutableArray<Statement> ReadMore(ImmutableArray<Statement> body, Kind kind, List<Input> inputs)
    {
        var read = Sizes.Expressions(body).SelectMany(root => root.All).Select(part => part.Form).ToHashSet();
        foreach (Input input in inputs.Where(input => kind == Kind.Real && input.Kind == Kind.Real
            && !read.Contains(RulePrinter.Escape(input.Name))))
        {
            if (choices.Chance(60) && body is [.., Return last])
            {
                (string form, Construct construct) = choices.Of(
                    [("($0 + $1)", Construct.Add), ("($0 - $1)", Construct.Subtract), ("($0 * $1)", Construct.Multiply)]);
                Expr more = ExpressionWriter.Text(Kind.Real, RulePrinter.Escape(input.Name));
                body = body.SetItem(body.Length - 1, new Return(new Expr(Kind.Real, form, construct, Instance: false, [last.Value, more])));
            }
        }

        return body;
    }
}
