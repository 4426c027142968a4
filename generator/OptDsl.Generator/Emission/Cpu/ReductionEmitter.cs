using OptDsl.Generator.Emission.Text;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Cpu;

/// <summary>
/// Emits what a pass does for reductions. Their bodies are computed in double, and accumulated by 32 virtual lanes (ReductionLanes): lane j
/// takes the elements with index mod 32 = j in ascending order, whatever the width, so that the bits do not depend on it. A column's
/// sum takes its rows in ascending order.
/// </summary>
internal sealed class ReductionEmitter
{
    private readonly SourceWriter writer;
    private readonly KernelPlan plan;
    private readonly PassPlan pass;
    private readonly EmissionNames names;
    private readonly Dictionary<int, string> uniformNames;
    private readonly List<(ReductionPlan Reduction, string Name)> byLane = [], byColumn = [];
    private readonly Dictionary<int, string> wideUniforms = [];
    private readonly List<int> widened;

    internal ReductionEmitter(SourceWriter writer, KernelPlan plan, PassPlan pass, EmissionNames names, Identifiers identifiers,
        Dictionary<int, string> uniformNames)
    {
        this.writer = writer;
        this.plan = plan;
        this.pass = pass;
        this.names = names;
        this.uniformNames = uniformNames;
        foreach (ReductionPlan reduction in pass.Reductions.Where(reduction => reduction.Spec.Scope != ScopeKind.Column))
        {
            // Four accumulators are named after it, and in the body the two halves of what it takes.
            byLane.Add((reduction, identifiers.Claim(Wish(reduction), "Lower", "Upper", "0", "1", "2", "3")));
        }

        foreach (ReductionPlan reduction in pass.Reductions.Where(reduction => reduction.Spec.Scope == ScopeKind.Column))
        {
            byColumn.Add((reduction, identifiers.Claim(Wish(reduction))));
        }

        string Wish(ReductionPlan reduction) => (plan.NameHints.TryGetValue(reduction.Node, out string? hint) ? hint : "reduced") + "Sum";

        IEnumerable<int> read = pass.WideOrder.Where(node => plan.Nodes[node].Operation != Operation.Widen)
            .SelectMany(node => plan.Nodes[node].Operands)
            .Concat(pass.Reductions.Select(reduction => reduction.Body)).Distinct();
        foreach (int node in read.Where(node => !plan.Nodes[node].PerElement && plan.Nodes[node].Kind != Kind.Column))
        {
            wideUniforms[node] = identifiers.Claim(uniformNames[node] + "Wide");
        }

        widened = [.. pass.WideOrder.Where(node => plan.Nodes[node].Operation == Operation.Widen).Select(node => plan.Nodes[node].A)
            .Concat(read.Where(node => plan.Nodes[node].Kind == Kind.Column || (plan.Nodes[node].PerElement && !pass.IsWide(node))))
            .Distinct()];
    }

    /// <summary>The values in the buffer's element that the bodies read.</summary>
    internal IReadOnlyList<int> Widened => widened;

    /// <summary>What the body takes beside its addresses and uniforms.</summary>
    internal IEnumerable<string> Parameters =>
    [
        .. wideUniforms.Values.Select(name => $"{names.WideVector} {name}"),
        .. byLane.SelectMany(entry => new[] { $"ref {names.WideVector} {entry.Name}Lower", $"ref {names.WideVector} {entry.Name}Upper" }),
        .. byColumn.Select(entry => $"ref double {entry.Name}"),
    ];

    /// <summary>Whether sums tell of values that are not finite.</summary>
    internal bool HasFault => byLane.Exists(entry => Reveals(entry.Reduction));

    internal void WriteUniforms()
    {
        foreach (KeyValuePair<int, string> uniform in wideUniforms)
        {
            writer.Line($"{names.WideVector} {uniform.Value} = {names.Wide}.Broadcast(block.Wide({pass.UniformSlot(uniform.Key)}));");
        }

        for (int i = 0; i < byColumn.Count; i++)
        {
            writer.Line($"ref double {byColumn[i].Name} = ref block.ColumnSums({i});");
        }
    }

    /// <summary>The bodies, and how they are accumulated.</summary>
    internal void WriteAccumulate()
    {
        string d = names.Wide, w = names.WideVector;
        var local = new Identifiers(["index", names.Element, d, w]);
        var texts = new Dictionary<int, string>();
        foreach (int node in widened)
        {
            texts[node] = local.Claim("x");
        }

        foreach (KeyValuePair<int, string> uniform in wideUniforms)
        {
            texts[uniform.Key] = local.Claim(uniform.Value);
        }

        List<string> inputs = [.. widened.Concat(wideUniforms.Keys).Select(node => $"{w} {texts[node]}")];
        List<(ReductionPlan Reduction, string Name)> lanes = [.. byLane.Select(entry => (entry.Reduction, local.Claim(entry.Name)))];
        List<(ReductionPlan Reduction, string Name)> columns = [.. byColumn.Select(entry => (entry.Reduction, local.Claim(entry.Name)))];
        writer.Line("// What the reductions take from these elements, in double.");
        writer.Line(KernelEmitter.Inline);
        writer.Line($"private static void Accumulate{CpuPass.Suffix(plan, pass)}<{names.Element}, {d}, {w}>(");
        writer.Indent();
        writer.Line(
            string.Join(", ",
                inputs.Concat(lanes.Select(entry => $"ref {w} {entry.Name}")).Concat(columns.Select(entry => $"ref double {entry.Name}"))
                    .Concat([$"{names.Index} index)"])));
        writer.Lines(names.ElementConstraint, names.WideConstraint);
        writer.Outdent();
        writer.Open();

        // A mask of a column is NaN where it is true, and widening it as a number loses bits of it.
        foreach (int node in widened.Where(node => plan.Nodes[node].Type == ScalarType.Boolean))
        {
            string condition = local.Claim("condition");
            writer.Line($"{w} {condition} = {d}.AreNotEqual({texts[node]}, {texts[node]});");
            texts[node] = condition;
        }

        foreach (int node in pass.WideOrder)
        {
            Expression expression = plan.Nodes[node];
            if (expression.Operation == Operation.Widen)
            {
                texts[node] = texts[expression.A];
                continue;
            }

            if (pass.Uses(node) == 1 && byLane.Exists(entry => entry.Reduction.Body == node && IsProduct(entry.Reduction)))
            {
                continue;
            }

            string name = local.Claim(plan.NameHints.TryGetValue(node, out string? hint) ? hint : "value");
            writer.Line($"{w} {name} = {BodyEmitter.Call(d, w, "double", expression, texts)};");
            texts[node] = name;
        }

        foreach ((ReductionPlan reduction, string name) in lanes)
        {
            Expression body = plan.Nodes[reduction.Body];
            writer.Line(IsProduct(reduction)
                ? $"{name} = {EmissionNames.SimdTypes}WideSums.AddProduct<{names.Element}, {d}, {w}>({name}, {texts[body.A]}, {texts[body.B]});"
                : $"{name} = {Combine(reduction.Spec)}({name}, {texts[reduction.Body]});");
        }

        foreach ((ReductionPlan reduction, string name) in columns)
        {
            writer.Line($"{d}.Store({Combine(reduction.Spec)}({d}.Load(in {name}, index), {texts[reduction.Body]}), ref {name}, index);");
        }

        writer.Close();
        writer.Line();
    }

    /// <summary>
    /// At the end of the body: its values are widened and accumulated, in two halves where a vector of double holds fewer.
    /// </summary>
    internal void WriteCalls(Func<int, string> text)
    {
        string s = names.Simd;
        WriteHalf("Lower", "i + offset");
        writer.Open($"if (typeof({names.Element}) == typeof(float) && {s}.Count > 1)");
        WriteHalf("Upper", $"i + offset + ({names.Index}){names.Wide}.Count");
        writer.Close();
        writer.Line();

        void WriteHalf(string half, string index)
        {
            string arguments = string.Join(", ", widened.Select(node => $"{s}.Widen{half}({text(node)})")
                .Concat(wideUniforms.Values)
                .Concat(byLane.Select(entry => $"ref {entry.Name}{half}"))
                .Concat(byColumn.Select(entry => $"ref {entry.Name}"))
                .Concat([index]));
            writer.Line($"Accumulate{CpuPass.Suffix(plan, pass)}<{names.Element}, {names.Wide}, {names.WideVector}>({arguments});");
        }
    }

    /// <summary>
    /// Vectors go over the block in stripes of four vectors of double, whose accumulators stay in registers; one lane takes
    /// element after element.
    /// </summary>
    internal void WriteLoops(Action<int, IEnumerable<string>> writeCall)
    {
        string s = names.Simd, d = names.Wide, w = names.WideVector;
        if (byLane.Count > 0)
        {
            writer.Line("ref double sums = ref block.Sums;");
        }

        if (HasFault)
        {
            writer.Line($"{w} wideFault = {d}.Broadcast(0);");
        }

        writer.Open($"if ({s}.Count > 1)");
        writer.Open($"for ({names.Index} stripe = 0; stripe < {EmissionNames.ReductionLanes}; stripe += 4 * ({names.Index}){d}.Count)");
        for (int i = 0; i < byLane.Count; i++)
        {
            writer.Line(
                $"{w} {string.Join(", ", Enumerable.Range(0, 4).Select(part => $"{byLane[i].Name}{part} = {d}.Load(in sums, {Place(i, part)})"))};");
        }

        writer.Open($"for ({names.Index} i = stripe; i < count; i += {EmissionNames.ReductionLanes})");
        writer.Open($"if (typeof({names.Element}) == typeof(float))");
        WriteCopies(2, (entry, copy) => [$"ref {entry}{2 * copy}", $"ref {entry}{(2 * copy) + 1}"]);
        writer.Close();
        writer.Open("else");
        WriteCopies(4, (entry, copy) => [$"ref {entry}{copy}", $"ref {entry}{copy}"]);
        writer.Close();
        writer.Close();
        writer.Line();
        for (int i = 0; i < byLane.Count; i++)
        {
            if (Reveals(byLane[i].Reduction))
            {
                string all = $"{d}.Add({d}.Add({byLane[i].Name}0, {byLane[i].Name}1), {d}.Add({byLane[i].Name}2, {byLane[i].Name}3))";
                writer.Line($"wideFault = {names.Check}.Enabled ? {d}.Add(wideFault, {all}) : wideFault;");
            }

            for (int part = 0; part < 4; part++)
            {
                writer.Line($"{d}.Store({byLane[i].Name}{part}, ref sums, {Place(i, part)});");
            }
        }

        writer.Close();
        writer.Close();
        writer.Open("else");
        writer.Open($"for ({names.Index} i = 0; i < count; i++)");
        for (int i = 0; i < byLane.Count; i++)
        {
            writer.Line(
                $"ref {w} {byLane[i].Name} = ref global::System.Runtime.CompilerServices.Unsafe.As<double, {w}>(ref {EmissionNames.UnsafeAdd}(ref sums, {(i == 0 ? "" : $"{i} * {EmissionNames.ReductionLanes} + ")}((block.Start + i) & {EmissionNames.ReductionMask})));");
        }

        WriteCopies(1, (entry, _) => [$"ref {entry}", $"ref {entry}"]);
        foreach ((ReductionPlan reduction, string name) in byLane.Where(entry => Reveals(entry.Reduction)))
        {
            writer.Line($"wideFault = {names.Check}.Enabled ? {d}.Add(wideFault, {name}) : wideFault;");
        }

        writer.Close();
        writer.Close();

        string Place(int reduction, int part)
            => (reduction == 0 ? "stripe" : $"{reduction} * {EmissionNames.ReductionLanes} + stripe")
            + (part == 0 ? "" : $" + {part} * ({names.Index}){d}.Count");

        void WriteCopies(int copies, Func<string, int, string[]> accumulators)
        {
            for (int copy = 0; copy < copies; copy++)
            {
                int at = copy;
                writeCall(copy,
                    [.. wideUniforms.Values, .. byLane.SelectMany(entry => accumulators(entry.Name, at)),
                        .. byColumn.Select(entry => "ref " + entry.Name)]);
            }
        }
    }

    /// <summary>
    /// A sum of products of two values per parameter as they were widened; a coarser product is computed before the pass.
    /// </summary>
    private bool IsProduct(ReductionPlan reduction)
        => reduction.Spec.Operator is ReductionOperator.Sum or ReductionOperator.Mean
        && plan.Nodes[reduction.Body] is { Operation: Operation.Multiply, PerElement: true } body
            && plan.Nodes[body.A].Operation == Operation.Widen && plan.Nodes[body.B].Operation == Operation.Widen;

    private static bool Reveals(ReductionPlan reduction)
        => reduction.Spec is { Operator: ReductionOperator.Sum or ReductionOperator.Mean, Scope: not ScopeKind.Column };

    private string Combine(ReductionSpec spec) => names.Wide + (spec.Operator switch
    {
        ReductionOperator.Max => ".Max",
        ReductionOperator.Min => ".Min",
        _ => ".Add",
    });
}
