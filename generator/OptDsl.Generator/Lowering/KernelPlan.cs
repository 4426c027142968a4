using OptDsl.Generator.Model;

namespace OptDsl.Generator.Lowering;

/// <summary>All that a rule's kernel does: its schedules, each a sequence of passes, over one list of expressions.</summary>
internal sealed class KernelPlan
{
    private readonly ExpressionGraph graph;
    private readonly Levels levels;
    private readonly Func<int, int> contract;
    private readonly List<KernelOutput> probes = [];
    private readonly List<ReductionPlan> reductions = [];
    private int kept;

    internal KernelPlan(RuleSpec rule)
    {
        Rule = rule;
        graph = new ExpressionGraph(rule.Nodes);
        levels = new Levels(graph);
        NameHints = rule.NameHints.ToDictionary(hint => hint.Node, hint => hint.Name);
        contract = node => node;
        if (rule.Fused)
        {
            contract = new Contraction(graph).Apply;

            // A contracted value keeps the name of the one it was made from.
            foreach (NameHint hint in rule.NameHints)
            {
                NameHints[contract(hint.Node)] = hint.Name;
            }
        }

        Carried = [.. rule.Carried.Select(value => value with { Stored = contract(value.Stored), Initial = contract(value.Initial) })];
        Initials = [.. rule.Buffers.Select(buffer => contract(buffer.Initial))];
        FindProbes();
        AddStep(ScheduleKind.Step, []);
        if (rule.Observed.Count > 0)
        {
            Observations = [.. rule.Observed.Select(observed => (observed.Name, Statistics(contract(observed.Node))))];
            AddStep(ScheduleKind.Observed, [.. Observations.SelectMany(observed => observed.Statistics)]);
        }

        AddInitial();
        AddRead();
        if (rule.SearchDirection >= 0)
        {
            Add(ScheduleKind.Direction, [new KernelOutput(Target.Caller, contract(rule.SearchDirection))], [], [], []);
        }

        int uniforms = 0;
        List<PassPlan> passes = [.. Schedules.SelectMany(schedule => schedule.Passes)];
        for (int id = 0; id < passes.Count; id++)
        {
            passes[id].Id = id;
            passes[id].Suffix = passes.Count == 1 ? "" : id.ToString(System.Globalization.CultureInfo.InvariantCulture);
            passes[id].UniformStart = uniforms;
            uniforms += passes[id].Uniforms.Count;
        }

        Passes = passes;
        UniformCount = uniforms;
    }

    internal RuleSpec Rule { get; }

    /// <summary>The expressions, with products contracted if the rule is fused.</summary>
    internal IReadOnlyList<Expression> Nodes => graph.Nodes;

    /// <summary>Names the author, or a role, gave to expressions.</summary>
    internal Dictionary<int, string> NameHints { get; }

    internal List<Schedule> Schedules { get; } = [];

    /// <summary>The passes of all schedules, by number.</summary>
    internal IReadOnlyList<PassPlan> Passes { get; }

    /// <summary>The passes of a step.</summary>
    internal IReadOnlyList<PassPlan> StepPasses => Schedules[0].Passes;

    /// <summary>Uniforms of all passes.</summary>
    internal int UniformCount { get; }

    /// <summary>The carried values, in the plan's expressions.</summary>
    internal IReadOnlyList<CarriedSpec> Carried { get; }

    /// <summary>The content of each buffer before the first step, in the plan's expressions.</summary>
    internal IReadOnlyList<int> Initials { get; }

    internal IReadOnlyList<ReductionPlan> Reductions => reductions;

    /// <summary>By observed member, the nodes of its sum of squares, least, greatest, sum and number of values that are not zero.</summary>
    internal IReadOnlyList<(string Name, int[] Statistics)> Observations { get; } = [];

    /// <summary>Buffers beside the states: points and gradients there, and values kept over a barrier.</summary>
    internal int ScratchCount => probes.Count + kept;

    /// <summary>Whether the content before the first step is one value a group, known before anything is computed.</summary>
    internal bool IsSimple(int initial) => Nodes[initial].Kind == Kind.Group && levels.Of(initial) == 0
        && !graph.Below(initial, _ => false).Any(node => Nodes[node].Operation is Operation.Noise or Operation.Loss or Operation.Step or Operation.Correction or Operation.Weight or Operation.Carried);

    /// <summary>The buffer a leaf of the caller's lies in: the buffers are the states, the scratch and the caller's.</summary>
    internal int BufferOf(Expression leaf) => leaf.Operation switch
    {
        Operation.Buffer => (int)leaf.Bits,
        Operation.PointGradient => probes.Find(probe => probe.Node == leaf.A).Buffer,
        _ => Rule.Buffers.Count + ScratchCount + Rule.Extras.Take((int)leaf.Bits).Count(extra => extra.Extra == ExtraKind.PerParameter),
    };

    private void FindProbes()
    {
        foreach (int point in Rule.Extras.Where(extra => extra.Extra == ExtraKind.GradientAt).Select(extra => contract(Rule.Members[extra.Member].Value)).Distinct())
        {
            probes.Add(new KernelOutput(Rule.Buffers.Count + probes.Count, point));
        }
    }

    private void AddStep(ScheduleKind kind, List<int> further)
    {
        List<KernelOutput> outputs =
        [
            .. Rule.Buffers.Select((buffer, index) => new KernelOutput(index, contract(buffer.Stored))),
            new KernelOutput(Target.Parameter, contract(Rule.Update)),
        ];
        List<CarriedOutput> carried = [.. Carried.Select((value, slot) => new CarriedOutput(slot, value.Stored, value.Kind, levels.Of(value.Stored)))];
        List<BoundsCheck> checks = [.. Rule.ClampBounds.Distinct().Select(bounds => bounds with { Min = contract(bounds.Min), Max = contract(bounds.Max) })
            .Select(bounds => new BoundsCheck(bounds, Kinds.Join(Nodes[bounds.Min].Kind, Nodes[bounds.Max].Kind), Math.Max(levels.Of(bounds.Min), levels.Of(bounds.Max))))];
        Add(kind, outputs, carried, checks, further);
    }

    private void AddInitial()
    {
        List<KernelOutput> outputs = [.. Initials.Select((node, buffer) => new KernelOutput(buffer, node)).Where(output => !IsSimple(output.Node))];
        List<CarriedOutput> carried = [.. Carried.Select((value, slot) => new CarriedOutput(slot, value.Initial, value.Kind, levels.Of(value.Initial))).Where(value => !IsSimple(value.Node))];
        if (outputs.Count + carried.Count > 0)
        {
            Add(ScheduleKind.Initial, outputs, carried, [], []);
        }
    }

    /// <summary>What was stored in the step is read from where it was stored.</summary>
    private void AddRead()
    {
        if (Rule.ReadAt < 0)
        {
            return;
        }

        var places = new Dictionary<Expression, int>();
        Expression parameter = new(Operation.Parameter, Rule.Element, Kind.Parameter);
        for (int i = 0; i < Rule.Carried.Count; i++)
        {
            places[Rule.Nodes[Rule.Carried[i].Stored]] = graph.Add(new Expression(Operation.Carried, Rule.Carried[i].Type, Rule.Carried[i].Kind, Bits: i));
        }

        for (int i = 0; i < Rule.Buffers.Count; i++)
        {
            places[Rule.Nodes[Rule.Buffers[i].Stored]] = graph.Add(new Expression(Operation.Buffer, Rule.Element, Kind.Parameter, Bits: i));
        }

        places[Rule.Nodes[Rule.Update]] = graph.Add(parameter);
        int read = graph.Rewrite(Rule.ReadAt, node => places.TryGetValue(node, out int place) ? place : -1);
        Add(ScheduleKind.Read, [new KernelOutput(Target.Caller, contract(read))], [], [], []);
    }

    private void Add(ScheduleKind kind, List<KernelOutput> outputs, List<CarriedOutput> carried, List<BoundsCheck> checks, List<int> further)
    {
        List<int> roots = [.. outputs.Select(output => output.Node), .. carried.Select(value => value.Node), .. checks.SelectMany(check => new[] { check.Bounds.Min, check.Bounds.Max }), .. further];
        var reached = new HashSet<int>();
        foreach (int root in roots)
        {
            reached.UnionWith(graph.Below(root, reached.Contains).ToList());
        }

        List<ReductionPlan> mine = [];
        foreach (int node in reached.Where(node => Nodes[node].Operation == Operation.Reduction).OrderBy(node => node))
        {
            // One reduction of several schedules is one.
            if (reductions.Find(other => other.Node == node) is not { } reduction)
            {
                reduction = new ReductionPlan(reductions.Count, node, Nodes[node].A, levels.Of(node) - 1, ReductionSpec.Of(Nodes[node]));
                reductions.Add(reduction);
            }

            mine.Add(reduction);
        }

        List<KernelOutput> points = [.. probes.Where(probe => reached.Any(node => Nodes[node].Operation == Operation.PointGradient && Nodes[node].A == probe.Node))];

        // Whatever can still throw, the gradient at another point too, is behind us before anything is stored.
        // An expression that can throw does so wherever it is read, the last phase included.
        List<int> uniform = [.. reached.Where(node => !Nodes[node].PerElement && Nodes[node].CanThrow)];
        bool inTensors = uniform.Exists(node => Nodes[node].Kind != Kind.Group);
        int last = uniform.Count == 0 ? 0 : roots.Except(further).Select(levels.Of).Concat(mine.Select(reduction => reduction.Level)).Max();
        int[] throwing = [.. inTensors ? Enumerable.Range(0, last + 1) : [last], .. checks.Select(check => check.Level), .. points.Select(point => levels.Of(point.Node) + 1)];
        int earliest = throwing.Max();
        var scheduler = new Scheduler(graph, levels, outputs, points, mine, earliest, Rule.Buffers.Count + probes.Count);
        (List<PassPlan> passes, int scratch) = scheduler.Plan();
        kept = Math.Max(kept, scratch);
        var barriers = new bool[passes.Count + 1];
        for (int pass = 0; pass <= passes.Count; pass++)
        {
            barriers[pass] = pass == 0 || (pass <= earliest && throwing.Contains(pass))
                || mine.Exists(reduction => reduction.Level == pass - 1 && reduction.Spec.Kind == Kind.Group);
        }

        bool[] isChecked = [.. barriers.Select((barrier, pass) => barrier && (inTensors || checks.Exists(check => check.Kind != Kind.Group && check.Level == pass)))];
        Schedules.Add(new Schedule(kind, passes, barriers, isChecked, carried, checks,
            [.. Enumerable.Range(0, passes.Count).Select(pass => points.FindIndex(point => levels.Of(point.Node) == pass) is >= 0 and int index ? points[index].Buffer - Rule.Buffers.Count : -1)]));
    }

    private int[] Statistics(int node)
    {
        int zero = graph.Constant(0.0, ScalarType.Float64);
        int wide = Nodes[node].PerElement ? graph.Add(Operation.Widen, ScalarType.Float64, node)
            : Nodes[node].Type == ScalarType.Float64 ? node : graph.Add(Operation.Convert, ScalarType.Float64, node);
        int present = graph.Add(Operation.Conditional, ScalarType.Float64, graph.Add(Operation.NotEqual, ScalarType.Boolean, wide, zero), graph.Constant(1.0, ScalarType.Float64), zero);
        int Reduced(ReductionOperator how, int body)
            => graph.Add(new Expression(Operation.Reduction, ScalarType.Float64, Kind.Tensor, body, Bits: new ReductionSpec(how, ScopeKind.Tensor).Bits));
        return
        [
            Reduced(ReductionOperator.Sum, graph.Add(Operation.Multiply, ScalarType.Float64, wide, wide)),
            Reduced(ReductionOperator.Min, wide),
            Reduced(ReductionOperator.Max, wide),
            Reduced(ReductionOperator.Sum, wide),
            Reduced(ReductionOperator.Sum, present),
        ];
    }
}
