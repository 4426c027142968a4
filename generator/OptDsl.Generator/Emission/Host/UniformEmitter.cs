using OptDsl.Generator.Emission.Text;
using OptDsl.Generator.Language;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Host;

/// <summary>Emits what runs once per step: the checks of the rule's values, and the phases between the passes.</summary>
internal static class UniformEmitter
{
    internal static void Write(SourceWriter writer, RuleSpec rule, KernelPlan plan, EmissionNames names)
    {
        WriteValidate(writer, rule, names);
        InitialEmitter.Write(writer, plan, names);
        var leaves = new FrameLeaves(plan);
        foreach (Schedule schedule in plan.Schedules)
        {
            foreach (PlannedStep step in schedule.Steps)
            {
                if (step.Group is { } group)
                {
                    new PhaseEmitter(writer, plan, names, leaves, schedule.Kind, Suffix(plan, step)).WriteGroup(group);
                }

                if (step.Tensor is { } tensor)
                {
                    new PhaseEmitter(writer, plan, names, leaves, schedule.Kind, Suffix(plan, step)).WriteTensor(tensor);
                }
            }
        }
    }

    /// <summary>What distinguishes a step's phases in the emitted text: nothing where the rule has one pass.</summary>
    internal static string Suffix(KernelPlan plan, PlannedStep step)
        => plan.Passes.Count == 1 && step.Id == 0 ? "" : step.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A carried value as the double it is kept in; a condition's text must be a name or stand in parentheses.</summary>
    internal static string AsDouble(ScalarType type, string text) => type == ScalarType.Boolean ? $"{text} ? 1 : 0" : text;

    /// <summary>A double as the type it was kept from.</summary>
    internal static string FromDouble(ScalarType type, string text) => type switch
    {
        ScalarType.Boolean => $"{text} != 0",
        ScalarType.Float64 => text,
        _ => $"({type.Keyword()}){text}",
    };

    private static void WriteValidate(SourceWriter writer, RuleSpec rule, EmissionNames names)
    {
        writer.Line($"internal static void Validate<{names.Element}>({names.Rule} rule)");
        writer.Indent();
        writer.Line(names.ElementConstraint);
        writer.Outdent();
        writer.Open();
        foreach (DomainSpec domain in rule.Domains)
        {
            writer.Line(
                $"{EmissionNames.Contract}RuleChecks.Domain({EmissionNames.Read("rule", domain.Value.Member, domain.Value.Owner)}, {Literals.String(domain.Value.Name)}, {Literals.Of(domain.Interval)});");
        }

        foreach (ValueSpec value in rule.Numbers)
        {
            writer.Line(
                $"{EmissionNames.Contract}RuleChecks.Number<{names.Element}>({EmissionNames.Read("rule", value.Member, value.Owner)}, {Literals.String(value.Name)});");
        }

        var checks = rule.Members.Where(member => member.Setting is not null && member.Averaging != Averaging.Weight)
            .Select(member =>
                $"{EmissionNames.Contract}RuleChecks.{member.Averaging}({EmissionNames.Read(member.Setting!.Value)}, {Literals.String(member.SettingName)});");
        foreach (string check in checks.Distinct())
        {
            writer.Line(check);
        }

        writer.Close();
        writer.Line();
    }
}
