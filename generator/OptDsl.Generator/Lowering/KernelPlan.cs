using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Lowering;

/// <summary>All that a rule's kernel does: its schedules, each a sequence of passes, over one list of expressions.</summary>
internal sealed class KernelPlan
{
    /// <summary>Of a pass of more values per parameter the runtime is told: it may need more stack than a thread has.</summary>
    internal const int LargePass = 500;

    // The exponent by which the runtime's Observation scales sums of squares back.
    private const int ScaleOfSquares = 600;

    private readonly ExpressionGraph graph;
    private readonly Levels levels;
    private readonly Func<int, int> contract;
    private readonly List<KernelOutput> probes = [];
    private readonly List<ReductionPlan> reductions = [];
    private readonly bool hasInitial;
    private int kept;

    internal KernelPlan(RuleSpec rule)
    {
        Rule = rule;
        graph = new ExpressionGraph(rule.Nodes.Concat(rule.ReadingNodes));
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
        var initial = InitialParts();
        hasInitial = initial.Outputs.Count + initial.Carried.Count + initial.Checks.Count > 0;
        AddStep(ScheduleKind.Step, []);
        if (rule.Observed.Count > 0)
        {
            Observations = [.. rule.Observed.Select(observed => (observed.Name, Statistics(contract(observed.Node))))];
            AddStep(ScheduleKind.Observed, [.. Observations.SelectMany(observed => observed.Statistics)]);
        }

        if (hasInitial)
        {
            Add(ScheduleKind.Initial, initial.Outputs, initial.Carried, initial.Checks, []);
        }

        if (rule.Reading >= 0)
        {
            Add(ScheduleKind.Read, [new KernelOutput(Target.Caller, contract(rule.Reading))], [], rule.ReadingChecks, []);
        }

        if (rule.SearchDirection >= 0)
        {
            Add(ScheduleKind.Direction, [new KernelOutput(Target.Caller, contract(rule.SearchDirection))], [],
                ChecksOf(MemberNeeds.OfDirection(rule)), []);
        }

        Passes = [.. Schedules.SelectMany(schedule => schedule.Passes)];
    }

    internal RuleSpec Rule { get; }

    /// <summary>The expressions, with products contracted if the rule is fused.</summary>
    internal IReadOnlyList<Expression> Nodes => graph.Nodes;

    /// <summary>Names the author, or a role, gave to expressions.</summary>
    internal Dictionary<int, string> NameHints { get; }

    internal List<Schedule> Schedules { get; } = [];

    /// <summary>The passes of all schedules, by number.</summary>
    internal IReadOnlyList<PassPlan> Passes { get; }

    /// <summary>The most values per parameter that a pass computes.</summary>
    internal int LargestPass => Passes.Max(pass => pass.Order.Count + pass.WideOrder.Count);

    /// <summary>The passes of a step.</summary>
    internal IReadOnlyList<PassPlan> StepPasses => [.. Schedules[0].Passes];

    /// <summary>Uniforms of all passes.</summary>
    internal int UniformCount => Passes.Sum(pass => pass.Uniforms.Count);

    /// <summary>The carried values, in the plan's expressions.</summary>
    internal IReadOnlyList<CarriedSpec> Carried { get; }

    /// <summary>The content of each buffer before the first step, in the plan's expressions.</summary>
    internal IReadOnlyList<int> Initials { get; }

    internal IReadOnlyList<ReductionPlan> Reductions => reductions;

    /// <summary>
    /// By observed member, the nodes of its sum of squares, least, greatest, sum, number of values that are not zero, and sums of squares
    /// of what is huge or tiny, scaled.
    /// </summary>
    internal IReadOnlyList<(string Name, int[] Statistics)> Observations { get; } = [];

    /// <summary>Buffers beside the states: points and gradients there, and values kept over a barrier.</summary>
    internal int ScratchCount => probes.Count + kept;

    /// <summary>Whether the content before the first step is one value per group, known before anything is computed.</summary>
    internal bool IsSimple(int initial) => Nodes[initial].Kind == Kind.Group && levels.Of(initial) == 0
        && !graph.Below(initial, _ => false)
        .Any(node => Nodes[node].Operation is Operation.Noise or Operation.Loss or Operation.Step or Operation.Correction or Operation.Mass
            or Operation.Weight or Operation.Carried);

    /// <summary>What can throw before the first step and is known before anything is computed.</summary>
    internal IEnumerable<CheckSpec> SimpleInitialChecks => Rule.InitialChecks.Where(IsSimple).Select(check => check.Map(contract));

    /// <summary>What was reduced, in this step or in earlier ones, of which a value is made; else null.</summary>
    internal int? ReducedIn(int node)
        => graph.Below(node, _ => false).Where(part => Nodes[part].Operation is Operation.Reduction or Operation.Carried)
        .Select(part => (int?)part).FirstOrDefault();

    private bool IsSimple(CheckSpec check) => check.Nodes.All(node => IsSimple(contract(node)));

    /// <summary>The buffer a leaf of the caller's lies in: the buffers are the states, the scratch and the caller's.</summary>
    internal int BufferOf(Expression leaf) => leaf.Operation switch
    {
        Operation.Buffer => (int)leaf.Bits,
        Operation.PointGradient => probes.Find(probe => probe.Node == leaf.A).Buffer,
        _ => Rule.Buffers.Count + ScratchCount + Rule.Extras.Take((int)leaf.Bits).Count(extra => extra.Extra == ExtraKind.PerParameter),
    };

    /// <summary>
    /// The member at which a step takes the gradient that an input is: of members of one value the first, because one point is one
    /// evaluation; -1 where no step takes it, and for another input.
    /// </summary>
    internal int PointOf(ExtraSpec extra)
    {
        if (extra.Member < 0)
        {
            return -1;
        }

        int point = contract(Rule.Members[extra.Member].Value),
            scratch = probes.Find(probe => probe.Node == point).Buffer - Rule.Buffers.Count;
        return Schedules[0].Steps.Any(step => step.Evaluations.Contains(scratch))
            ? Points.First(member => contract(Rule.Members[member].Value) == point) : -1;
    }

    /// <summary>The members at which gradients are taken, in the order of evaluation where they are known after the same pass.</summary>
    private IEnumerable<int> Points
        => Rule.Extras.Where(extra => extra.Extra == ExtraKind.GradientAt).Select(extra => extra.Member).Distinct()
        .OrderBy(member => member);

    private void FindProbes()
    {
        foreach (int point in Points.Select(member => contract(Rule.Members[member].Value)).Distinct())
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
        List<(int Slot, int Node)> carried = [.. Carried.Select((value, slot) => (slot, value.Stored))];
        Add(kind, outputs, carried, ChecksOf(kind == ScheduleKind.Step ? MemberNeeds.OfStep(Rule) : MemberNeeds.OfObservedStep(Rule)),
            further);
    }

    private IEnumerable<CheckSpec> ChecksOf(HashSet<int> members)
        => members.OrderBy(member => member).SelectMany(member => Rule.Members[member].Checks).Distinct();

    /// <summary>What the states' content before the first step needs beside what is known before anything is computed.</summary>
    private (List<KernelOutput> Outputs, List<(int Slot, int Node)> Carried, List<CheckSpec> Checks) InitialParts() =>
    (
        [.. Initials.Select((node, buffer) => new KernelOutput(buffer, node)).Where(output => !IsSimple(output.Node))],
        [.. Carried.Select((value, slot) => (slot, value.Initial)).Where(value => !IsSimple(value.Initial))],
        [.. Rule.InitialChecks.Where(check => !IsSimple(check))]
    );

    private void Add(ScheduleKind kind, List<KernelOutput> outputs, List<(int Slot, int Node)> left, IEnumerable<CheckSpec> made,
        List<int> further)
    {
        List<CheckSpec> contracted = [.. made.Select(check => check.Map(contract))];
        List<int> roots = [.. outputs.Select(output => output.Node), .. left.Select(value => value.Node),
            .. contracted.SelectMany(check => check.Nodes), .. further];
        var reached = new HashSet<int>();
        foreach (int root in roots)
        {
            reached.UnionWith(graph.Below(root, reached.Contains).ToList());
        }

        var placement = new Placement(levels,
            reached.Where(node => Nodes[node].Operation == Operation.Reduction).OrderBy(node => node).Select(Reduced).ToList());
        List<CarriedOutput> carried = [.. left.Select(value =>
            new CarriedOutput(value.Slot, value.Node, Carried[value.Slot].Kind, placement.Of(value.Node)))];

        // Each at the first place where it is known.
        List<PlacedCheck> checks = [.. contracted.Select(check =>
            new PlacedCheck(check, check.Nodes.Select(node => Nodes[node].Kind).Aggregate(Kinds.Join), check.Nodes.Max(placement.Of)))];
        List<KernelOutput> points = [.. probes.Where(probe =>
            reached.Any(node => Nodes[node].Operation == Operation.PointGradient && Nodes[node].A == probe.Node))];

        // Whatever can still throw, the gradient at another point too, is behind us before anything is stored. What was computed once
        // without throwing does not throw where a later or finer phase computes it again.
        int[] throwing = [0, .. checks.Select(check => check.Level), .. points.Select(point => placement.After(point.Node))];
        int earliest = throwing.Max();
        var scheduler = new Scheduler(graph, placement, outputs, points, earliest, Rule.Buffers.Count + probes.Count);
        (List<PassPlan> passes, int scratch) = scheduler.Plan(Schedules.Sum(schedule => schedule.Passes.Count()),
            Schedules.Sum(schedule => schedule.Passes.Sum(pass => pass.Uniforms.Count)));
        kept = Math.Max(kept, scratch);
        var barriers = new bool[passes.Count + 1];
        for (int pass = 0; pass <= passes.Count; pass++)
        {
            // Where several passes reduce between two barriers, all of it is known after the last of them.
            barriers[pass] = throwing.Contains(pass)
                || placement.Reductions.Any(reduction => placement.Of(reduction.Node) == pass && reduction.Spec.Kind == Kind.Group);
        }

        // What states begin with comes before anything else: where a member says it, that is the schedule before the first step's.
        bool begins = kind == ScheduleKind.Initial || (!hasInitial && kind != ScheduleKind.Read);
        var planner = new StepPlanner(Nodes, passes, barriers, carried, checks);
        Schedules.Add(new Schedule(kind, planner.Plan(Schedules.Sum(schedule => schedule.Steps.Count), begins,
            pass => [.. points.Where(point => placement.After(point.Node) == pass + 1)
                .Select(point => point.Buffer - Rule.Buffers.Count)])));
    }

    /// <summary>One reduction of several schedules is one.</summary>
    private ReductionPlan Reduced(int node)
    {
        if (reductions.Find(other => other.Node == node) is not { } reduction)
        {
            reduction = new ReductionPlan(reductions.Count, node, Nodes[node].A, levels.Of(node) - 1, ReductionSpec.Of(Nodes[node]));
            reductions.Add(reduction);
        }

        return reduction;
    }

    private int[] Statistics(int node)
    {
        int zero = graph.Constant(0.0, ScalarType.Float64);

        // What differs from column to column reaches a reduction as an element, and is to be squared in double.
        int wide = Nodes[node].PerElement || Nodes[node].Kind == Kind.Column
            ? graph.Add(new Expression(Operation.Widen, ScalarType.Float64, Kind.Parameter, node))
            : Nodes[node].Type == ScalarType.Float64 ? node : graph.Add(Operation.Convert, ScalarType.Float64, node);
        int present = graph.Add(Operation.Conditional, ScalarType.Float64, graph.Add(Operation.NotEqual, ScalarType.Boolean, wide, zero),
            graph.Constant(1.0, ScalarType.Float64), zero);

        // Squares of values past 2^512 overflow, and those below 2^-480 lose digits.
        int huge = graph.Add(Operation.Multiply, ScalarType.Float64, wide,
            graph.Constant(Math.Pow(2, -ScaleOfSquares), ScalarType.Float64));
        int isTiny = graph.Add(Operation.Less, ScalarType.Boolean, graph.Add(Operation.Abs, ScalarType.Float64, wide),
            graph.Constant(Math.Pow(2, -480), ScalarType.Float64));
        int tiny = graph.Add(Operation.Conditional, ScalarType.Float64, isTiny,
            graph.Add(Operation.Multiply, ScalarType.Float64, wide, graph.Constant(Math.Pow(2, ScaleOfSquares), ScalarType.Float64)), zero);
        int Squares(int value) => Reduced(ReductionOperator.Sum, graph.Add(Operation.Multiply, ScalarType.Float64, value, value));
        int Reduced(ReductionOperator how, int body)
            => graph.Add(
                new Expression(Operation.Reduction, ScalarType.Float64, Kind.Tensor, body,
                    Bits: new ReductionSpec(how, ScopeKind.Tensor).Bits));
        return
        [
            Squares(wide),
            Reduced(ReductionOperator.Min, wide),
            Reduced(ReductionOperator.Max, wide),
            Reduced(ReductionOperator.Sum, wide),
            Reduced(ReductionOperator.Sum, present),
            Squares(huge),
            Squares(tiny),
        ];
    }
}
