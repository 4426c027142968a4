using OptDsl.Generator.Emission.Text;
using OptDsl.Generator.Language;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Host;

/// <summary>Emits what the runtime must know to allocate for the rule and to run its passes.</summary>
internal static class SchemaEmitter
{
    private const string K = EmissionNames.Contract;

    internal static void Write(SourceWriter writer, RuleSpec rule, KernelPlan plan, bool isStreaming)
    {
        writer.Line(
            $"internal static readonly global::OptDsl.RuleSchema Schema = new({Literals.String(rule.Name)}, global::OptDsl.Arithmetic.{(rule.Fused ? "Fused" : "Strict")}, UniformCount: {plan.UniformCount}, CarriedCount: {rule.Carried.Count},");
        writer.Line("[");
        writer.Indent();
        foreach (BufferSpec buffer in rule.Buffers)
        {
            WriteState(writer, buffer.Name, buffer.Role, "PerParameter", buffer.SavedAs);
        }

        foreach (CarriedSpec value in rule.Carried.Where(value => value.IsState))
        {
            WriteState(writer, value.Name, value.Role, value.Kind == Kind.Group ? "Uniform" : "Per" + value.Kind);
        }

        writer.Outdent();
        writer.Line("])");
        writer.Open();
        if (isStreaming)
        {
            writer.Line("IsStreaming = true,");
        }

        if (plan.LargestPass > KernelPlan.LargePass)
        {
            writer.Line($"LargestPass = {Int(plan.LargestPass)},");
        }

        if (rule.Values.Count > 0)
        {
            writer.Line($"Values = [{string.Join(", ", rule.Values.Select(value => Value(value, rule)))}],");
        }

        WriteList(writer, "Members",
            rule.Members.Select(member => $"new({Literals.String(member.Name)}, {K}ValueKind.{member.Kind}{Reduction(member)}),"));

        WriteList(writer, "Inputs",
            rule.Extras.Select(extra =>
                $"new({Literals.String(extra.Name)}, {K}InputSource.{extra.Extra}, global::OptDsl.Scope.{extra.Scope}, {Int(plan.PointOf(extra))}),"));
        WriteList(writer, "Reductions",
            plan.Reductions.Select(reduction =>
                $"new({Literals.String(NameOf(plan, reduction))}, global::OptDsl.Reduction.{reduction.Spec.Operator}, global::OptDsl.Scope.{reduction.Spec.Scope}),"));
        if (rule.Carried.Any(value => value.Kind != Kind.Group))
        {
            writer.Line($"Carried = [{string.Join(", ", rule.Carried.Select(value => $"{K}ValueKind.{value.Kind}"))}],");
        }

        if (plan.ScratchCount > 0)
        {
            writer.Line($"ScratchCount = {plan.ScratchCount},");
        }

        if (plan.Nodes.Any(node => node.Operation == Operation.Loss))
        {
            writer.Line("ReadsLoss = true,");
        }

        if (rule.ReadAt >= 0)
        {
            writer.Line($"ReadAt = {Literals.String(rule.Members.First(member => member.Role == MemberRole.ReadAt).Name)},");
        }

        if (rule.SearchDirection >= 0)
        {
            writer.Line(
                $"SearchDirection = {Literals.String(rule.Members.First(member => member.Role == MemberRole.SearchDirection).Name)},");
        }

        WriteList(writer, "Observed", plan.Observations.Select(observed =>
            $"new({Literals.String(observed.Name)}, [{string.Join(", ", observed.Statistics.Select(node => plan.Reductions.First(reduction => reduction.Node == node).Id))}]),"));
        WriteSchedules(writer, plan);
        writer.Close("};");
        writer.Line();
    }

    private static string Value(ValueSpec value, RuleSpec rule)
    {
        string domain = rule.Domains.FirstOrDefault(domain => domain.Value.Name == value.Name) is { } declared
            ? $" {{ Domain = {Literals.Of(declared.Interval)} }}" : "";
        return $"new({Literals.String(value.Name)}, global::OptDsl.HyperparameterType.{TypeName(value.Type)}){domain}";
    }

    private static void WriteSchedules(SourceWriter writer, KernelPlan plan)
    {
        writer.Line("Sequences =");
        writer.Line("[");
        writer.Indent();
        foreach (Schedule schedule in plan.Schedules)
        {
            writer.Line($"new({K}SequenceKind.{schedule.Kind},");
            writer.Line("[");
            writer.Indent();
            foreach (PlannedStep step in schedule.Steps.Where(step => step.Sweep is not null || step.Group is not null
                || step.Tensor is not null || step.IsBarrier))
            {
                writer.Line($"new({Int(step.Sweep?.Id ?? -1)}) {{ {string.Join(", ", Settings(plan, step))} }},");
            }

            writer.Outdent();
            writer.Line("]),");
        }

        writer.Outdent();
        writer.Line("],");
    }

    private static List<string> Settings(KernelPlan plan, PlannedStep step)
    {
        var settings = new List<string>();
        void Set(bool wanted, string text) => settings.AddRange(wanted ? [text] : []);
        Set(step.IsBarrier, "IsBarrier = true");
        Set(step.Group is not null, $"GroupPhase = {step.Id}");
        Set(step.Tensor is not null, $"TensorPhase = {step.Id}");
        Set(step.Tensor is { IsChecked: true }, "IsChecked = true");
        if (step.Sweep is { } sweep)
        {
            IEnumerable<int> rows = sweep.Uniforms.Where(node => plan.Nodes[node].Kind == Kind.Row)
                .Select(node => sweep.UniformStart + sweep.UniformSlot(node));
            Set(true, $"UniformStart = {sweep.UniformStart}");
            Set(true, $"UniformCount = {sweep.Uniforms.Count}");
            Set(sweep.IsLocal, "IsLocal = true");
            Set(sweep.IsRowWise, "IsRowWise = true");
            Set(rows.Any(), $"RowUniforms = [{string.Join(", ", rows)}]");
            Set(sweep.Columns.Count > 0, $"ColumnCount = {sweep.Columns.Count}");
            Set(sweep.Reductions.Count > 0, $"Reductions = [{string.Join(", ", sweep.Reductions.Select(reduction => reduction.Id))}]");
            Set(sweep.Outputs.Any(output => output.Buffer == Target.Parameter
                || (output.Buffer >= 0 && output.Buffer < plan.Rule.Buffers.Count)), "Stores = true");
            Set(sweep.Noises.Any(), $"Noises = [{string.Join(", ", sweep.Noises)}]");
            Set(step.Evaluations.Count > 0, $"EvaluateAt = [{string.Join(", ", step.Evaluations)}]");
        }

        return settings;
    }

    private static string NameOf(KernelPlan plan, ReductionPlan reduction)
    {
        string name = plan.Observations.FirstOrDefault(observed => observed.Statistics.Contains(reduction.Node)).Name;
        return name ?? (plan.NameHints.TryGetValue(reduction.Node, out string? hint) ? Names.Pascal(hint) : "Reduction");
    }

    private static string Reduction(MemberSpec member) => member.Role == MemberRole.Reduce
        ? $", new({Literals.String(member.Name)}, global::OptDsl.Reduction.{member.Reduction.Operator}, global::OptDsl.Scope.{member.Reduction.Scope})"
        : "";

    private static void WriteList(SourceWriter writer, string name, IEnumerable<string> lines)
    {
        List<string> all = [.. lines];
        if (all.Count == 0)
        {
            return;
        }

        writer.Line($"{name} =");
        writer.Line("[");
        writer.Indent();
        writer.Lines([.. all]);
        writer.Outdent();
        writer.Line("],");
    }

    private static string TypeName(ScalarType type)
        => type switch { ScalarType.Float64 => "Double", ScalarType.Float32 => "Single", ScalarType.Int32 => "Int32", _ => "Boolean" };

    /// <summary>A number that may be negative: a culture may write its sign otherwise.</summary>
    private static string Int(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void WriteState(SourceWriter writer, string name, MemoryRole role, string kind, string? savedAs = null)
        => writer.Line(
            $"new({Literals.String(name)}, global::OptDsl.StateRole.{role}, global::OptDsl.StateKind.{kind}){(savedAs is null ? "" : $" {{ SavedAs = {Literals.String(savedAs)} }}")},");
}
