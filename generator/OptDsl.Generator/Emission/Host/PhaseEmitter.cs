using OptDsl.Generator.Language;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Host;

/// <summary>
/// Emits what is computed before a pass, or after the last one: the uniforms it reads, and what the rule carries to the next step.
/// Once a group, or once a tensor, and then for each of its rows and columns.
/// </summary>
internal sealed class PhaseEmitter
{
    private readonly SourceWriter writer;
    private readonly KernelPlan plan;
    private readonly EmissionNames names;
    private readonly Schedule schedule;
    private readonly int pass;
    private readonly Identifiers identifiers;
    private readonly UniformPrinter printer;

    internal PhaseEmitter(SourceWriter writer, KernelPlan plan, EmissionNames names, FrameLeaves leaves, Schedule schedule, int pass)
    {
        this.writer = writer;
        this.plan = plan;
        this.names = names;
        this.schedule = schedule;
        this.pass = pass;
        identifiers = new Identifiers(["rule", "frame", "tensor", "row", "column", "step", .. InitialEmitter.Names(plan), .. names.TypeParameters]);
        printer = new UniformPrinter(plan.Nodes) { Leaf = node => leaves[node] };
        InitialEmitter.Name(plan, printer);
    }

    /// <summary>Once a group: all that the passes up to the next barrier read.</summary>
    internal void WriteGroup(string suffix)
    {
        List<(int Slot, int Node)> slots = [.. Enumerable.Range(pass, schedule.Passes.Count - pass).TakeWhile(other => other == pass || !schedule.Barriers[other])
            .SelectMany(other => Slots(schedule.Passes[other], Kind.Group))];
        List<CarriedOutput> carried = Carried(Kind.Group);
        List<CheckSpec> checks = Checks(Kind.Group);
        Open($"Prepare{suffix}", $"{EmissionNames.Kernels}UniformFrame<{names.Element}> frame");
        List<int> roots = [.. slots.Select(slot => slot.Node), .. carried.Select(value => value.Node), .. checks.SelectMany(check => check.Nodes)];
        WriteCarried(roots, kind => kind == Kind.Group);
        UniformLocals.Write(writer, plan.Nodes, plan.NameHints, roots, identifiers, printer);
        WriteChecks(checks);
        foreach ((int slot, int node) in slots)
        {
            writer.Line($"frame.Set({slot}, {printer.PrintBare(node)}{Watched(node, schedule.Passes.First(other => other.Uniforms.Contains(node)))});");
        }

        // Before anything else runs: where a member says what a state begins with, that is the schedule before the first step's.
        bool hasInitial = plan.Schedules.Exists(other => other.Kind == ScheduleKind.Initial);
        if (pass == 0 && (schedule.Kind == ScheduleKind.Initial || (!hasInitial && schedule.Kind != ScheduleKind.Read)))
        {
            WriteInitials();
        }

        WriteNext(carried);
        writer.Close();
        writer.Line();
    }

    /// <summary>Once a tensor, row and column.</summary>
    internal void WriteTensor(string suffix)
    {
        Open($"PrepareTensor{suffix}", $"{EmissionNames.Kernels}UniformFrame<{names.Element}> frame, {EmissionNames.Kernels}TensorFrame<{names.Element}> tensor");
        PassPlan? plan = pass < schedule.Passes.Count ? schedule.Passes[pass] : null;
        var roots = new Dictionary<Kind, List<int>>();
        var slots = new Dictionary<Kind, List<(int Slot, int Node)>>();
        foreach (Kind kind in new[] { Kind.Tensor, Kind.Row, Kind.Column })
        {
            slots[kind] = plan is null ? [] : kind == Kind.Column ? [.. plan.Columns.Select((node, index) => (index, node))] : [.. Slots(plan, kind)];
            roots[kind] = [.. slots[kind].Select(slot => slot.Node), .. Carried(kind).Select(value => value.Node), .. Checks(kind).SelectMany(check => check.Nodes)];
        }

        List<int> all = [.. roots.Values.SelectMany(nodes => nodes)];
        WriteCarried(all, kind => kind is Kind.Group or Kind.Tensor);
        UniformLocals.Write(writer, this.plan.Nodes, this.plan.NameHints, all, identifiers, printer, kind => kind is Kind.Group or Kind.Tensor);
        WriteChecks(Checks(Kind.Tensor));
        foreach ((int slot, int node) in slots[Kind.Tensor])
        {
            writer.Line($"tensor.Set({slot}, {printer.PrintBare(node)}{Watched(node, plan!)});");
        }

        WriteNext(Carried(Kind.Tensor));
        WriteLoop(Kind.Row, roots[Kind.Row], slots[Kind.Row], plan);
        WriteLoop(Kind.Column, roots[Kind.Column], slots[Kind.Column], plan);
        writer.Close();
        writer.Line();
    }

    private void WriteLoop(Kind kind, List<int> roots, List<(int Slot, int Node)> slots, PassPlan? of)
    {
        if (roots.Count == 0)
        {
            return;
        }

        string name = kind.Noun();
        writer.Open($"for (int {name} = 0; {name} < tensor.{kind}s; {name}++)");
        WriteCarried(roots, other => other == kind);
        UniformLocals.Write(writer, plan.Nodes, plan.NameHints, roots, identifiers, printer, other => other == kind);
        WriteChecks(Checks(kind));
        foreach ((int slot, int node) in slots)
        {
            string text = printer.PrintBare(node) + Watched(node, of!);
            writer.Line(kind == Kind.Row ? $"tensor.SetRow({slot}, row, {text});" : $"tensor.SetColumn({slot}, column, {text});");
        }

        WriteNext(Carried(kind));
        writer.Close();
    }

    /// <summary>
    /// The name of a value that parameters read in their element and that what was reduced makes, perhaps in earlier steps: in float it can be
    /// infinite where it is finite in double, and what is divided by it would be zero in silence.
    /// </summary>
    private string Watched(int node, PassPlan of)
    {
        bool isRead = plan.Nodes[node].Kind == Kind.Column || of.Outputs.Any(output => output.Node == node) || of.Order.Any(user => plan.Nodes[user].Operands.Contains(node));
        return isRead && plan.Nodes[node].Type == ScalarType.Float64 && plan.ReducedIn(node) is { } reduced
            ? ", " + Literals.String(plan.NameHints.TryGetValue(node, out string? name) ? name : "what is made of " + (plan.NameHints.TryGetValue(reduced, out string? source) ? source : "a carried value"))
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

    private IEnumerable<(int Slot, int Node)> Slots(PassPlan of, Kind kind)
        => of.Uniforms.Where(node => plan.Nodes[node].Kind == kind).Select(node => (of.UniformStart + of.UniformSlot(node), node));

    private List<CarriedOutput> Carried(Kind kind) => [.. schedule.Carried.Where(value => value.Kind == kind && value.Level == pass)];

    private List<CheckSpec> Checks(Kind kind) => [.. schedule.Checks.Where(check => check.Kind == kind && check.Level == pass).Select(check => check.Check)];

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

        foreach (int node in reached.Where(node => plan.Nodes[node].Operation == Operation.Carried && here(plan.Nodes[node].Kind)).OrderBy(node => plan.Nodes[node].Bits))
        {
            CarriedSpec value = plan.Carried[(int)plan.Nodes[node].Bits];
            string name = identifiers.Claim(EmissionNames.PreviousName(value));
            string read = UniformEmitter.FromDouble(value.Type, FrameLeaves.At(value.Kind, "Carried", (int)plan.Nodes[node].Bits));

            // What is read after a step is there; in a step, the first one takes what the rule begins with.
            bool begins = schedule.Kind != ScheduleKind.Read && plan.IsSimple(value.Initial);
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
        : $"{EmissionNames.Kernels}RuleChecks.ClampBounds({printer.PrintBare(check.Node)}, {printer.PrintBare(check.Max)}, {Literals.String(check.Text)});");

    private void WriteNext(List<CarriedOutput> carried)
    {
        string next = schedule.Kind == ScheduleKind.Initial ? "Carried" : "NextCarried";
        foreach (CarriedOutput value in carried)
        {
            ScalarType type = plan.Carried[value.Slot].Type;
            string text = type == ScalarType.Boolean ? printer.Print(value.Node) : printer.PrintBare(value.Node);
            writer.Line($"{FrameLeaves.At(value.Kind, next, value.Slot)} = {UniformEmitter.AsDouble(type, text)};");
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
