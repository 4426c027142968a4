using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission;

/// <summary>Emits what the runtime must know to allocate for the rule.</summary>
internal static class SchemaEmitter
{
    internal static void Write(SourceWriter writer, RuleSpec rule, KernelPlan plan)
    {
        writer.Line($"internal static readonly global::OptDsl.RuleSchema Schema = new({Literals.String(rule.Name)}, global::OptDsl.Arithmetic.{(rule.Fused ? "Fused" : "Strict")}, UniformCount: {plan.Uniforms.Count}, CarriedCount: {rule.Carried.Count},");
        writer.Line("[");
        writer.Indent();
        foreach (BufferSpec buffer in rule.Buffers)
        {
            WriteState(writer, buffer.Name, buffer.Role, "PerParameter");
        }

        foreach (CarriedSpec value in rule.Carried.Where(value => value.Role.Length > 0))
        {
            WriteState(writer, value.Name, value.Role, "Uniform");
        }

        writer.Outdent();
        writer.Line(plan.IsStreaming ? "]) { IsStreaming = true };" : "]);");
        writer.Line();
    }

    private static void WriteState(SourceWriter writer, string name, string role, string kind)
        => writer.Line($"new({Literals.String(name)}, global::OptDsl.StateRole.{role}, global::OptDsl.StateKind.{kind}),");
}
