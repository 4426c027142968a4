using OptDsl.Generator.Language;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Host;

/// <summary>Emits what runs once a step: the checks of the rule's values, and the phases between the passes.</summary>
internal static class UniformEmitter
{
    internal static void Write(SourceWriter writer, RuleSpec rule, KernelPlan plan, EmissionNames names)
    {
        WriteValidate(writer, rule, names);
        InitialEmitter.Write(writer, plan, names);
        var leaves = new FrameLeaves(plan);
        foreach (Schedule schedule in plan.Schedules)
        {
            for (int pass = 0; pass <= schedule.Passes.Count; pass++)
            {
                if (schedule.HasGroupPhase(pass))
                {
                    new PhaseEmitter(writer, plan, names, leaves, schedule, pass).WriteGroup(Suffix(plan, schedule, pass));
                }

                if (schedule.HasTensorPhase(pass))
                {
                    new PhaseEmitter(writer, plan, names, leaves, schedule, pass).WriteTensor(Suffix(plan, schedule, pass));
                }
            }
        }
    }

    /// <summary>What distinguishes a phase in the emitted text: nothing where the rule has one.</summary>
    internal static string Suffix(KernelPlan plan, Schedule schedule, int pass)
        => plan.Schedules.Count == 1 && schedule.Passes.Count == 1 && pass == 0 ? ""
            : PhaseId(plan, schedule, pass).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The number of what lies before a pass, or after the last one, among all of the rule.</summary>
    internal static int PhaseId(KernelPlan plan, Schedule schedule, int pass)
        => plan.Schedules.TakeWhile(other => other != schedule).Sum(other => other.Passes.Count + 1) + pass;

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
            writer.Line($"{EmissionNames.Kernels}RuleChecks.Domain({EmissionNames.Read("rule", domain.Value.Member, domain.Value.Owner)}, {Literals.String(domain.Value.Name)}, {Literals.Of(domain.Interval)});");
        }

        foreach (ValueSpec value in rule.Numbers)
        {
            writer.Line($"{EmissionNames.Kernels}RuleChecks.Number<{names.Element}>({EmissionNames.Read("rule", value.Member, value.Owner)}, {Literals.String(value.Name)});");
        }

        var checks = rule.Members.Where(member => member.Setting.Length > 0 && member.Averaging != Averaging.Weight)
            .Select(member => $"{EmissionNames.Kernels}RuleChecks.{member.Averaging}({member.Setting}, {Literals.String(member.SettingName)});");
        foreach (string check in checks.Distinct())
        {
            writer.Line(check);
        }

        writer.Close();
        writer.Line();
    }
}
