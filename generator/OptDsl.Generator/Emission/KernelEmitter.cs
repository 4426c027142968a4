using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission;

/// <summary>Emits the fused pass: the body for one vector of parameters, and the unrolled loop around it.</summary>
internal sealed class KernelEmitter
{
    private const string Inline = "[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]";

    // Optimized from the first call: a kernel's loop is hot before the tiers would notice.
    private const string Optimize = "[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]";

    private static readonly string[] Always = ["ref parameters", "in gradients"];

    private readonly SourceWriter writer;
    private readonly KernelPlan plan;
    private readonly EmissionNames names;
    private readonly Identifiers identifiers;
    private readonly Dictionary<int, string> uniformNames = [];
    private readonly List<string> bufferNames = [];

    private KernelEmitter(SourceWriter writer, KernelPlan plan, EmissionNames names)
    {
        this.writer = writer;
        this.plan = plan;
        this.names = names;
        identifiers = new Identifiers(["i", "offset", "block", "uniforms", "lanes", "count", "width", "last", "fault", "fault0", "fault1", "parameters", "gradients", names.Element, names.Simd, names.Vector, names.Check]);
        foreach (BufferSpec buffer in plan.Rule.Buffers)
        {
            bufferNames.Add(identifiers.Claim(Parsing.Names.Camel(buffer.Name) + "Buffer"));
        }

        Dictionary<int, string> hints = plan.NameHints;
        for (int slot = 0; slot < plan.Uniforms.Count; slot++)
        {
            int node = plan.Uniforms[slot];
            Expression uniform = plan.Nodes[node];
            string wish = uniform.Operation == Operation.Hyperparameter ? Parsing.Names.Camel(uniform.Text)
                : hints.TryGetValue(node, out string? hint) ? hint
                : uniform.Operation == Operation.Constant ? "constant"
                : "uniform";
            uniformNames.Add(node, identifiers.Claim(wish));
        }
    }

    internal static void Write(SourceWriter writer, KernelPlan plan, EmissionNames names)
    {
        var emitter = new KernelEmitter(writer, plan, names);
        emitter.WriteAdvance();
        emitter.WriteSweep();
    }

    private IEnumerable<int> InRegisters => plan.Uniforms.Take(KernelPlan.RegisterUniforms);

    private bool InMemory => plan.Uniforms.Count > KernelPlan.RegisterUniforms;

    private void WriteAdvance()
    {
        string t = names.Element, v = names.Vector;
        writer.Line("// Advances the vector of parameters at i + offset. What it returns is not finite where a gradient, state or update is not.");
        writer.Line(Inline);
        writer.Line($"private static {v} Advance<{t}, {names.Simd}, {v}>(");
        writer.Indent();
        var buffers = bufferNames.Select(name => $"ref {t} {name}");
        string addresses = string.Join(", ", new[] { $"ref {t} parameters", $"ref readonly {t} gradients" }.Concat(buffers).Concat(["nuint i", "nuint offset"]));
        string values = string.Join(", ", InRegisters.Select(node => $"{v} {uniformNames[node]}").Concat(InMemory ? [$"ref readonly {t} uniforms"] : []));
        writer.Line(addresses + (values.Length > 0 ? "," : ")"));
        if (values.Length > 0)
        {
            writer.Line(values + ")");
        }

        writer.Line(names.ElementConstraint);
        writer.Line(names.SimdConstraint);
        writer.Outdent();
        writer.Open();
        new BodyEmitter(writer, plan, names, identifiers, uniformNames, bufferNames).Write();
        writer.Close();
        writer.Line();
    }

    private void WriteSweep()
    {
        string t = names.Element, s = names.Simd, v = names.Vector;
        writer.Line(Optimize);
        writer.Line($"internal static bool Sweep<{t}, {s}, {v}, {names.Check}>(ref readonly {EmissionNames.Kernels}KernelBlock<{t}> block)");
        writer.Indent();
        writer.Lines(names.ElementConstraint, names.SimdConstraint, names.CheckConstraint);
        writer.Outdent();
        writer.Open();
        writer.Line($"ref {t} parameters = ref block.Parameters;");
        writer.Line($"ref readonly {t} gradients = ref block.Gradients;");
        for (int i = 0; i < bufferNames.Count; i++)
        {
            writer.Line($"ref {t} {bufferNames[i]} = ref block.State({i});");
        }

        writer.Line($"ref readonly {t} uniforms = ref block.Uniforms;");
        writer.Line($"nuint lanes = (nuint){EmissionNames.Kernels}UniformFrame.Lanes<{t}>();");
        var formulas = new FormulaPrinter(plan.Nodes, new Dictionary<int, string>());
        foreach (int node in InRegisters)
        {
            string formula = formulas.Print(node);
            writer.Line($"{v} {uniformNames[node]} = {s}.Load(in uniforms, {plan.UniformSlot(node)} * lanes);{(formula == uniformNames[node] ? "" : " // " + formula)}");
        }

        writer.Line();
        writer.Line($"{v} fault0 = {s}.Broadcast({t}.Zero), fault1 = fault0;");
        writer.Line($"nuint i = 0, count = block.Length, width = (nuint){s}.Count;");
        if (plan.Unroll > 1)
        {
            writer.Open($"if (count >= {plan.Unroll} * width)");
            writer.Open($"for (nuint last = count - {plan.Unroll} * width; i <= last; i += {plan.Unroll} * width)");
            for (int copy = 0; copy < plan.Unroll; copy++)
            {
                WriteCall(copy);
            }

            writer.Close();
            writer.Close();
            writer.Line();
        }

        writer.Open("for (; i < count; i += width)");
        WriteCall(0);
        writer.Close();
        writer.Line();
        writer.Line("// Only a sum that is not finite differs from itself.");
        writer.Line($"{v} fault = {s}.Add(fault0, fault1);");
        writer.Line($"return {names.Check}.Enabled && {s}.AnyBit({s}.Subtract(fault, fault));");
        writer.Close();
        writer.Line();
    }

    private void WriteCall(int copy)
    {
        string s = names.Simd;
        string offset = copy switch { 0 => "0", 1 => $"(nuint){s}.Count", _ => $"{copy} * (nuint){s}.Count" };
        string arguments = string.Join(", ", Always
            .Concat(bufferNames.Select(name => "ref " + name))
            .Concat(["i", offset])
            .Concat(InRegisters.Select(node => uniformNames[node]))
            .Concat(InMemory ? ["in uniforms"] : []));
        string result = "advanced" + copy.ToString(System.Globalization.CultureInfo.InvariantCulture), fault = copy % 2 == 0 ? "fault0" : "fault1";
        writer.Line($"{names.Vector} {result} = Advance<{names.Element}, {s}, {names.Vector}>({arguments});");
        writer.Line($"{fault} = {names.Check}.Enabled ? {s}.Add({fault}, {result}) : {fault};");
    }
}
