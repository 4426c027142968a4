using OptDsl.Generator.Emission.Text;
using OptDsl.Generator.Language;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Host;

/// <summary>
/// Emits what is computed before a pass, or after the last one: the uniforms it reads, and what the rule carries to the next step.
/// Once per group, or once per tensor and then for each of its rows and columns.
/// </summary>
internal sealed class PhaseEmitter
{
    private readonly SourceWriter writer;
    private readonly KernelPlan plan;
    private readonly EmissionNames names;
    private readonly ScheduleKind kind;
    private readonly string suffix;
    private readonly Identifiers identifiers;
    private readonly UniformPrinter printer;

    internal PhaseEmitter(SourceWriter writer, KernelPlan plan, EmissionNames names, FrameLeaves leaves, ScheduleKind kind, string suffix)
    {
        this.writer = writer;
        this.plan = plan;
        this.names = names;
        this.kind = kind;
        this.suffix = suffix;
        identifiers = new Identifiers(
            ["rule", "frame", "tensor", "row", "column", "step", .. InitialEmitter.Names(plan), .. names.TypeParameters]);
        printer = new UniformPrinter(plan.Nodes) { Leaf = node => leaves[node] };
        InitialEmitter.Name(plan, printer);
    }

    /// <summary>Once per group.</summary>
    internal void WriteGroup(GroupPhase phase)
    {
        Open($"Prepare{suffix}", $"{EmissionNames.Contract}UniformFrame<{names.Element}> frame");
        List<int> roots = [.. phase.Values.Nodes];
        WriteCarried(roots, at => at == Kind.Group);
        UniformLocals.Write(writer, plan.Nodes, plan.NameHints, roots, identifiers, printer);
        WriteChecks(phase.Values.Checks);
        foreach ((int slot, int node, PassPlan reader) in phase.Values.Uniforms)
        {
            writer.Line($"frame.Set({slot}, {printer.PrintBare(node)}{Watched(node, reader)});");
        }

        if (phase.Begins)
        {
            WriteInitials();
        }

        WriteNext(Kind.Group, phase.Values);
        writer.Close();
        writer.Line();
    }

    /// <summary>Once per tensor, row and column.</summary>
    internal void WriteTensor(TensorPhase phase)
    {
        Open($"PrepareTensor{suffix}",
            $"{EmissionNames.Contract}UniformFrame<{names.Element}> frame, {EmissionNames.Contract}TensorFrame<{names.Element}> tensor");
        List<int> all = [.. phase.Tensor.Nodes, .. phase.Row.Nodes, .. phase.Column.Nodes];
        WriteCarried(all, at => at is Kind.Group or Kind.Tensor);
        UniformLocals.Write(writer, plan.Nodes, plan.NameHints, all, identifiers, printer, at => at is Kind.Group or Kind.Tensor);
        WriteChecks(phase.Tensor.Checks);
        foreach ((int slot, int node, PassPlan reader) in phase.Tensor.Uniforms)
        {
            writer.Line($"tensor.Set({slot}, {printer.PrintBare(node)}{Watched(node, reader)});");
        }

        WriteNext(Kind.Tensor, phase.Tensor);
        WriteLoop(Kind.Row, phase.Row);
        WriteLoop(Kind.Column, phase.Column);
        writer.Close();
        writer.Line();
    }

    private void WriteLoop(Kind of, PhaseValues values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        string name = of.Noun();
        List<int> roots = [.. values.Nodes];
        writer.Open($"for (int {name} = 0; {name} < tensor.{of}s; {name}++)");
        WriteCarried(roots, at => at == of);
        UniformLocals.Write(writer, plan.Nodes, plan.NameHints, roots, identifiers, printer, at => at == of);
        WriteChecks(values.Checks);
        foreach ((int slot, int node, PassPlan reader) in values.Uniforms)
        {
            writer.Line($"tensor.Set{of}({slot}, {name}, {printer.PrintBare(node)}{Watched(node, reader)});");
        }

        WriteNext(of, values);
        writer.Close();
    }

    /// <summary>
    /// The name of a value that is computed from reductions, perhaps those of earlier steps, and read per parameter in the element. In
    /// float it can be infinite although it is finite in double. A quotient by it would then silently be zero.
    /// </summary>
    private string Watched(int node, PassPlan of)
    {
        bool isRead = plan.Nodes[node].Kind == Kind.Column || of.Outputs.Any(output => output.Node == node)
            || of.Order.Any(user => plan.Nodes[user].Operands.Contains(node));
        return isRead && plan.Nodes[node].Type == ScalarType.Float64 && plan.ReducedIn(node) is { } reduced
            ? ", " + Literals.String(plan.NameHints.TryGetValue(node, out string? name) ? name
                : "what is made of " + (plan.NameHints.TryGetValue(reduced, out string? source) ? source : "a carried value"))
            : "";
    }

    private void Open(string name, string parameters)
    {
        writer.Line($"internal static void {name}<{names.Element}>({names.Rule} rule, {parameters})");
        writer.Indent();
        writer.Line(names.ElementConstraint);
        writer.Outdent();
        writer.Open();
        writer.Line("int step = frame.Step;");
    }

    /// <summary>Declares the values carried from the last step that the roots read.</summary>
    private void WriteCarried(List<int> roots, Func<Kind, bool> here)
    {
        var reached = new HashSet<int>();
        var pending = new Stack<int>(roots);
        while (pending.Count > 0)
        {
            int node = pending.Pop();
            if (reached.Add(node) && printer.Leaf(node) is null)
            {
                foreach (int operand in plan.Nodes[node].Operands)
                {
                    pending.Push(operand);
                }
            }
        }

        foreach (int node in reached.Where(node => plan.Nodes[node].Operation == Operation.Carried && here(plan.Nodes[node].Kind))
            .OrderBy(node => plan.Nodes[node].Bits))
        {
            CarriedSpec value = plan.Carried[(int)plan.Nodes[node].Bits];
            string name = identifiers.Claim(FormulaNames.PreviousName(value));
            string read = UniformEmitter.FromDouble(value.Type, FrameLeaves.At(value.Kind, "Carried", (int)plan.Nodes[node].Bits));

            // What is read after a step is there; in a step, the first one takes what the rule begins with.
            bool begins = kind != ScheduleKind.Read && plan.IsSimple(value.Initial);
            writer.Line($"{value.Type.Keyword()} {name} = {(begins ? $"step == 1 ? {printer.PrintBare(value.Initial)} : {read}" : read)};");
            printer.Names[node] = name;
        }
    }

    /// <summary>A value that is read as well has a local, which was computed.</summary>
    private void WriteChecks(IEnumerable<CheckSpec> checks)
    {
        foreach (CheckSpec check in checks.Where(check => check.Max >= 0 || !printer.Names.ContainsKey(check.Node)))
        {
            WriteCheck(check);
        }
    }

    private void WriteCheck(CheckSpec check) => writer.Line(check.Max < 0
        ? $"{plan.Nodes[check.Node].Type.Keyword()} {identifiers.Claim("computed")} = {printer.PrintBare(check.Node)};"
        : $"{EmissionNames.Contract}RuleChecks.ClampBounds({printer.PrintBare(check.Node)}, {printer.PrintBare(check.Max)}, {Literals.String(check.Text)});");

    private void WriteNext(Kind of, PhaseValues values)
    {
        string next = kind == ScheduleKind.Initial ? "Carried" : "NextCarried";
        foreach ((int slot, int node) in values.Carried)
        {
            ScalarType type = plan.Carried[slot].Type;
            string text = type == ScalarType.Boolean ? printer.Print(node) : printer.PrintBare(node);
            writer.Line($"{FrameLeaves.At(of, next, slot)} = {UniformEmitter.AsDouble(type, text)};");
        }
    }

    private void WriteInitials()
    {
        var initials = plan.Initials.Select((node, index) => (Node: node, Index: index))
            .Where(pair => plan.IsSimple(pair.Node) && plan.Nodes[pair.Node] is not { Operation: Operation.Constant, Bits: 0 })
            .ToList();
        List<CheckSpec> checks = [.. plan.SimpleInitialChecks];
        if (initials.Count + checks.Count == 0)
        {
            return;
        }

        writer.Open("if (step == 1)");
        checks.ForEach(WriteCheck);
        foreach ((int node, int index) in initials)
        {
            writer.Line($"frame.Initials[{index}] = {names.Element}.CreateTruncating({printer.PrintBare(node)});");
        }

        writer.Close();
    }
}
