using OptDsl.Generator.Emission.Text;
using OptDsl.Generator.Language;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Cpu;

/// <summary>Emits the element body in operations of the witness: loads, one local a named or shared value, stores.</summary>
internal sealed class BodyEmitter(
    SourceWriter writer,
    KernelPlan rule,
    PassPlan plan,
    EmissionNames names,
    Identifiers identifiers,
    Dictionary<int, string> uniformNames,
    PassMemory memory,
    ReductionEmitter? reductions)
{
    // Deeper expressions get a local on the way: a line stays readable, and the compiler's stack shallow.
    private const int DeepestNesting = 6;

    private readonly Dictionary<int, string> texts = [];
    private readonly Dictionary<int, int> depths = [];
    private readonly Dictionary<int, string> formulaNames = [];

    internal void Write()
    {
        var formulas = new FormulaPrinter(plan.Nodes, formulaNames);
        Dictionary<int, string> hints = rule.NameHints;
        if (plan.Uniforms.Count > CpuPass.RegisterUniforms)
        {
            writer.Line($"{names.Index} lanes = ({names.Index}){EmissionNames.Contract}UniformFrame.Lanes<{names.Element}>();");
        }

        foreach (KeyValuePair<int, string> uniform in uniformNames)
        {
            int slot = plan.UniformSlot(uniform.Key);
            texts[uniform.Key] = slot < CpuPass.RegisterUniforms ? uniform.Value : $"{names.Simd}.Load(in uniforms, {slot} * lanes)";
            formulaNames[uniform.Key] = uniform.Value;
        }

        foreach (int node in plan.Columns)
        {
            texts[node] = $"{names.Simd}.Load(in {memory.ColumnOf(node)}, i, offset)";
        }

        foreach (int node in plan.Order)
        {
            string text = Text(node);
            bool leaf = plan.IsLoad(node);
            bool hinted = hints.TryGetValue(node, out string? hint);
            bool kept = plan.Outputs.Any(output => output.Node == node) || plan.Faults.Contains(node)
                || reductions?.Widened.Contains(node) == true;
            if (!leaf && !hinted && !kept && plan.Uses(node) == 1 && depths[node] < DeepestNesting)
            {
                texts[node] = text;
                continue;
            }

            // A leaf may have been loaded early, before a store to its memory; what it is stored to is due all the same.
            if (!texts.ContainsKey(node))
            {
                WriteLocal(node, text, leaf ? memory.NameOf(node) : hinted ? hint! : kept ? "update" : "value", formulas);
            }

            foreach (KernelOutput output in plan.Outputs.Where(output => output.Node == node))
            {
                WriteStore(output, formulas);
            }
        }

        foreach (KernelOutput output in plan.Outputs.Where(output => !plan.Nodes[output.Node].PerElement))
        {
            WriteStore(output, formulas);
        }

        writer.Line();
        reductions?.WriteCalls(node => texts[node]);
        string faults = plan.Faults.Count == 0 ? $"{names.Simd}.Broadcast({names.Element}.Zero)"
            : plan.Faults.Select(node => texts[node]).Aggregate((left, right) => $"{names.Simd}.Add({left}, {right})");
        writer.Line($"return {faults};");
    }

    private void WriteLocal(int node, string text, string wish, FormulaPrinter formulas)
    {
        string name = identifiers.Claim(wish);
        if (!plan.IsLoad(node))
        {
            writer.Line();
            writer.Line($"// {name} = {formulas.Print(node)}");
        }

        writer.Line($"{names.Vector} {name} = {text};");
        texts[node] = formulaNames[node] = name;
        depths[node] = 0;
    }

    /// <summary>
    /// Stores as soon as the value is there, which frees its register; but never before the old content of that memory is loaded, if any
    /// later value reads it.
    /// </summary>
    private void WriteStore(KernelOutput output, FormulaPrinter formulas)
    {
        if (IsContent(plan.Nodes[output.Node], output.Buffer))
        {
            return;
        }

        foreach (int leaf in plan.Order.Where(node => IsContent(plan.Nodes[node], output.Buffer) && !texts.ContainsKey(node)
            && plan.LoadedFrom(node) is null).ToList())
        {
            WriteLocal(leaf, Text(leaf), memory.NameOf(leaf), formulas);
        }

        writer.Line($"{names.Simd}.Store({texts[output.Node]}, ref {memory.TargetOf(output.Buffer)}, i, offset);");
    }

    /// <summary>Whether the node is what a buffer, or the parameter as -1, holds before the step.</summary>
    private static bool IsContent(Expression node, int buffer) => buffer == Target.Parameter
        ? node.Operation == Operation.Parameter
        : node.Operation == Operation.Buffer && node.Bits == buffer;

    private string Text(int index)
    {
        Expression node = plan.Nodes[index];
        depths[index] = 1 + node.Operands.Select(operand => depths.TryGetValue(operand, out int depth) ? depth : 0).DefaultIfEmpty(0).Max();
        return plan.IsLoad(index) ? $"{names.Simd}.Load(in {memory.SourceOf(index)}, i, offset)"
            : Call(names.Simd, names.Vector, names.Element, node, texts);
    }

    /// <summary>An operation of a witness on values that have a text.</summary>
    internal static string Call(string s, string v, string t, Expression node, IReadOnlyDictionary<int, string> texts)
    {
        string name = node.Operation.Spec().Witness;
        string operands = string.Join(", ", node.Operands.Select(operand => texts[operand]));
        return node.IsApproximate()
            ? $"{EmissionNames.SimdTypes}VectorMath.{name}<{s}, {v}, {t}>({operands})"
            : $"{s}.{name}({operands})";
    }
}
