using System.Globalization;
using OptDsl.Generator.Emission.Text;
using OptDsl.Generator.Language;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Cpu;

/// <summary>Emits a pass: the body for one vector of parameters, and the unrolled loop around it.</summary>
internal sealed class KernelEmitter
{
    internal const string Inline =
        "[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]";

    // Optimized from the first call: a kernel's loop is hot before the tiers would notice.
    private const string Optimize =
        "[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]";

    private static readonly string[] Always = ["ref parameters", "in gradients"];

    private readonly SourceWriter writer;
    private readonly KernelPlan plan;
    private readonly PassPlan pass;
    private readonly EmissionNames names;
    private readonly Identifiers identifiers;
    private readonly PassMemory memory;
    private readonly Dictionary<int, string> uniformNames = [];
    private readonly ReductionEmitter? reductions;

    private KernelEmitter(SourceWriter writer, KernelPlan plan, PassPlan pass, EmissionNames names)
    {
        this.writer = writer;
        this.plan = plan;
        this.pass = pass;
        this.names = names;
        identifiers = new Identifiers(
            ["i", "offset", "block", "uniforms", "lanes", "count", "width", "last", "fault", "fault0", "fault1", "parameters", "gradients",
                "output", "stripe", "sums", "wideFault",
            .. Enumerable.Range(0, CpuPass.MostUnrolled).Select(Advanced), .. names.TypeParameters]);
        memory = new PassMemory(plan, pass, identifiers);
        for (int slot = 0; slot < pass.Uniforms.Count; slot++)
        {
            int node = pass.Uniforms[slot];
            Expression uniform = plan.Nodes[node];
            string wish = uniform.Operation == Operation.Hyperparameter ? Names.Camel(Names.Letters(uniform.Text))
                : plan.NameHints.TryGetValue(node, out string? hint) ? hint
                : uniform.Operation == Operation.Constant ? "constant"
                : "uniform";
            uniformNames.Add(node, identifiers.Claim(wish));
        }

        reductions = pass.Reductions.Count == 0 ? null : new ReductionEmitter(writer, plan, pass, names, identifiers, uniformNames);
    }

    internal static void Write(SourceWriter writer, KernelPlan plan, EmissionNames names)
    {
        foreach (PassPlan pass in plan.Passes)
        {
            var emitter = new KernelEmitter(writer, plan, pass, names);
            emitter.reductions?.WriteAccumulate();
            emitter.WriteAdvance();
            emitter.WriteSweep();
        }
    }

    private IEnumerable<int> InRegisters => pass.Uniforms.Take(CpuPass.RegisterUniforms);

    private bool InMemory => pass.Uniforms.Count > CpuPass.RegisterUniforms;

    private string Generics
        => string.Join(", ",
            new[] { names.Element, names.Simd, names.Vector }.Concat(reductions is null ? [] : [names.Wide, names.WideVector]));

    private string[] Constraints => reductions is null
        ? [names.ElementConstraint, names.SimdConstraint]
        : [names.ElementConstraint, names.WideningConstraint, names.WideConstraint];

    private void WriteAdvance()
    {
        string t = names.Element, v = names.Vector;
        writer.Line(
            "// Advances the vector of parameters at i + offset. What it returns is not finite where a gradient, state or update is not.");
        writer.Line(Inline);
        writer.Line($"private static {v} Advance{CpuPass.Suffix(plan, pass)}<{Generics}>(");
        writer.Indent();
        var buffers = memory.All.Select(entry => $"{(entry.By == "in" ? "ref readonly" : entry.By)} {t} {entry.Name}");
        string addresses = string.Join(", ",
            new[] { $"ref {t} parameters", $"ref readonly {t} gradients" }.Concat(buffers)
                .Concat([$"{names.Index} i", $"{names.Index} offset"]));
        string values = string.Join(", ",
            InRegisters.Select(node => $"{v} {uniformNames[node]}").Concat(InMemory ? [$"ref readonly {t} uniforms"] : [])
                .Concat(reductions?.Parameters ?? []));
        writer.Line(addresses + (values.Length > 0 ? "," : ")"));
        if (values.Length > 0)
        {
            writer.Line(values + ")");
        }

        writer.Lines(Constraints);
        writer.Outdent();
        writer.Open();
        new BodyEmitter(writer, plan, pass, names, identifiers, uniformNames, memory, reductions).Write();
        writer.Close();
        writer.Line();
    }

    private void WriteSweep()
    {
        string t = names.Element, s = names.Simd, v = names.Vector;
        writer.Line(Optimize);
        writer.Line(
            $"internal static bool Sweep{CpuPass.Suffix(plan, pass)}<{Generics}, {names.Check}>(ref readonly {EmissionNames.Contract}KernelBlock<{t}> block)");
        writer.Indent();
        writer.Lines([.. Constraints, names.CheckConstraint]);
        writer.Outdent();
        writer.Open();
        writer.Line($"ref {t} parameters = ref block.Parameters;");
        writer.Line($"ref readonly {t} gradients = ref block.Gradients;");
        foreach ((string by, string name, string source) in memory.All)
        {
            writer.Line($"{(by == "in" ? "ref readonly" : by)} {t} {name} = {source};");
        }

        writer.Line($"ref readonly {t} uniforms = ref block.Uniforms;");
        writer.Line($"{names.Index} lanes = ({names.Index}){EmissionNames.Contract}UniformFrame.Lanes<{t}>();");
        var formulas = new FormulaPrinter(plan.Nodes, new Dictionary<int, string>());
        foreach (int node in InRegisters)
        {
            string formula = formulas.Print(node);
            writer.Line(
                $"{v} {uniformNames[node]} = {s}.Load(in uniforms, {pass.UniformSlot(node)} * lanes);{(formula == uniformNames[node] ? "" : " // " + formula)}");
        }

        reductions?.WriteUniforms();
        writer.Line();
        if (pass.Faults.Count > 0)
        {
            writer.Line($"{v} fault0 = {s}.Broadcast({t}.Zero), fault1 = fault0;");
        }

        if (reductions is null)
        {
            writer.Line($"{names.Index} i = 0, count = block.Length, width = ({names.Index}){s}.Count;");
            WriteLoops();
        }
        else
        {
            writer.Line($"{names.Index} count = block.Length;");
            reductions.WriteLoops((copy, further) => WriteCall(copy, further));
        }

        writer.Line();
        WriteFault();
        writer.Close();
        writer.Line();
    }

    private void WriteFault()
    {
        List<string> sums = [];
        writer.Line("// Only a sum that is not finite differs from itself.");
        if (pass.Faults.Count > 0)
        {
            writer.Line($"{names.Vector} fault = {names.Simd}.Add(fault0, fault1);");
            sums.Add($"{names.Simd}.AnyBit({names.Simd}.Subtract(fault, fault))");
        }

        if (reductions is { HasFault: true })
        {
            sums.Add($"{names.Wide}.AnyBit({names.Wide}.Subtract(wideFault, wideFault))");
        }

        string all = sums.Count == 1 ? sums[0] : $"({string.Join(" || ", sums)})";
        writer.Line(sums.Count == 0 ? "return false;" : $"return {names.Check}.Enabled && {all};");
    }

    private static string Advanced(int copy) => "advanced" + copy.ToString(CultureInfo.InvariantCulture);

    private void WriteLoops()
    {
        if (CpuPass.Unroll(pass) > 1)
        {
            writer.Open($"if (count >= {CpuPass.Unroll(pass)} * width)");
            writer.Open(
                $"for ({names.Index} last = count - {CpuPass.Unroll(pass)} * width; i <= last; i += {CpuPass.Unroll(pass)} * width)");
            for (int copy = 0; copy < CpuPass.Unroll(pass); copy++)
            {
                WriteCall(copy, []);
            }

            writer.Close();
            writer.Close();
            writer.Line();
        }

        writer.Open("for (; i < count; i += width)");
        WriteCall(0, []);
        writer.Close();
    }

    private void WriteCall(int copy, IEnumerable<string> further)
    {
        string s = names.Simd;
        string offset = copy switch { 0 => "0", 1 => $"({names.Index}){s}.Count", _ => $"{copy} * ({names.Index}){s}.Count" };
        string arguments = string.Join(", ", Always
            .Concat(memory.All.Select(entry => $"{entry.By} {entry.Name}"))
            .Concat(["i", offset])
            .Concat(InRegisters.Select(node => uniformNames[node]))
            .Concat(InMemory ? ["in uniforms"] : [])
            .Concat(further));
        string result = Advanced(copy), fault = copy % 2 == 0 ? "fault0" : "fault1";
        if (pass.Faults.Count == 0)
        {
            writer.Line($"Advance{CpuPass.Suffix(plan, pass)}<{Generics}>({arguments});");
            return;
        }

        writer.Line($"{names.Vector} {result} = Advance{CpuPass.Suffix(plan, pass)}<{Generics}>({arguments});");
        writer.Line($"{fault} = {names.Check}.Enabled ? {s}.Add({fault}, {result}) : {fault};");
    }
}
