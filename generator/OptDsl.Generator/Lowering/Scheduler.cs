using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Lowering;

/// <summary>
/// Chooses the pass in which each output is stored, so that every value is there when it is needed, a state is advanced once,
/// and the passes cost least: bytes first, then divisions and roots. A value needed on both sides of a barrier is made again
/// from what is stored, or kept in a scratch buffer where that is cheaper.
/// </summary>
internal sealed class Scheduler
{
    // More combinations than this are not tried: then everything is stored in the last pass.
    private const int MostPlans = 20_000;

    private readonly IReadOnlyList<Expression> nodes;
    private readonly IReadOnlyList<KernelOutput> outputs;
    private readonly IReadOnlyList<KernelOutput> probes;
    private readonly Placement placement;
    private readonly int passes, earliest, scratch;

    /// <param name="graph">The rule's expressions.</param>
    /// <param name="placement">The pass before which each is known, and what is to be reduced.</param>
    /// <param name="outputs">What is to be stored.</param>
    /// <param name="probes">Points at which gradients are taken, and their scratch buffers.</param>
    /// <param name="earliest">The first pass that may store: what can throw is computed before it.</param>
    /// <param name="scratch">The first free scratch buffer.</param>
    internal Scheduler(
        ExpressionGraph graph, Placement placement, IReadOnlyList<KernelOutput> outputs, IReadOnlyList<KernelOutput> probes, int earliest,
            int scratch)
    {
        nodes = graph.Nodes;
        this.placement = placement;
        this.outputs = outputs;
        this.probes = probes;
        this.earliest = earliest;
        this.scratch = scratch;
        passes = 1 + outputs.Select(output => placement.Of(output.Node)).Concat(probes.Select(probe => placement.Of(probe.Node)))
            .Concat(placement.Reductions.Select(reduction => reduction.Level)).Append(earliest).Max();
    }

    /// <summary>The passes, and how many scratch buffers they keep values in.</summary>
    /// <param name="firstId">The number of the first pass.</param>
    /// <param name="firstUniform">The place of its first uniform.</param>
    internal (List<PassPlan> Passes, int Kept) Plan(int firstId, int firstUniform)
    {
        List<int> candidates = passes == 1 ? [] : [.. Candidates().Take(3)];
        int[] first = [.. outputs.Select(output => Math.Max(earliest, placement.Of(output.Node)))];
        double cheapest = double.PositiveInfinity;
        (int[] Stores, List<int> Kept)? best = null;
        int tried = 0;
        for (int mask = 0; mask < 1 << candidates.Count; mask++)
        {
            List<int> kept = [.. candidates.Where((_, index) => (mask >> index & 1) != 0)];
            foreach (int[] stores in Assignments(first))
            {
                if (++tried > MostPlans)
                {
                    break;
                }

                double cost = Cost(stores, kept);
                if (cost < cheapest)
                {
                    (cheapest, best) = (cost, (stores, kept));
                }
            }
        }

        (int[] Stores, List<int> Kept) chosen = best ?? ([.. outputs.Select(_ => passes - 1)], []);
        var planned = new List<PassPlan>();
        for (int pass = 0; pass < passes; pass++)
        {
            planned.Add(
                Pass(pass, chosen.Stores, chosen.Kept, firstId + pass, firstUniform + planned.Sum(earlier => earlier.Uniforms.Count)));
        }

        return (planned, chosen.Kept.Count);
    }

    /// <summary>Values that more than one pass makes, the dearest first.</summary>
    private IEnumerable<int> Candidates()
    {
        int[] last = [.. outputs.Select(_ => passes - 1)];
        var seen = new Dictionary<int, int>();
        for (int pass = 0; pass < passes; pass++)
        {
            PassPlan plan = Pass(pass, last, []);
            foreach (int node in plan.Order.Where(node => !plan.IsLoad(node) && nodes[node].Type.IsFloating()))
            {
                seen[node] = seen.TryGetValue(node, out int count) ? count + 1 : 1;
            }
        }

        return seen.Where(pair => pair.Value > 1 && Weight(nodes[pair.Key]) >= 1).Select(pair => pair.Key).OrderByDescending(node => node);
    }

    private IEnumerable<int[]> Assignments(int[] first)
    {
        int[] current = [.. first];
        while (true)
        {
            yield return [.. current];
            int place = 0;
            while (place < current.Length && current[place] == passes - 1)
            {
                current[place] = first[place];
                place++;
            }

            if (place == current.Length)
            {
                yield break;
            }

            current[place]++;
        }
    }

    private double Cost(int[] stores, List<int> kept)
    {
        double cost = 0;
        for (int pass = 0; pass < passes; pass++)
        {
            PassPlan plan = Pass(pass, stores, kept);
            foreach (int node in plan.Order.Where(plan.IsLoad))
            {
                // What an earlier pass has overwritten is gone.
                Expression leaf = nodes[node];
                int target = leaf.Operation == Operation.Parameter ? Target.Parameter
                    : leaf.Operation == Operation.Buffer ? (int)leaf.Bits : int.MinValue;
                if (plan.LoadedFrom(node) is null && target != int.MinValue)
                {
                    for (int i = 0; i < outputs.Count; i++)
                    {
                        if (outputs[i].Buffer == target && stores[i] < pass && outputs[i].Node != node)
                        {
                            return double.PositiveInfinity;
                        }
                    }
                }
            }

            cost += plan.Order.Count(plan.IsLoad) + plan.Outputs.Count(output => !IsContent(output));
            cost += plan.Order.Concat(plan.WideOrder).Where(node => !plan.IsLoad(node)).Sum(node => Weight(nodes[node]));
        }

        return cost;
    }

    /// <summary>In loads from memory.</summary>
    private static double Weight(Expression node) => node.Operation.Spec().Cost;

    private bool IsContent(KernelOutput output) => nodes[output.Node] is var node
        && (node.Operation == Operation.Buffer ? node.Bits == output.Buffer
            : node.Operation == Operation.Parameter && output.Buffer == Target.Parameter);

    private PassPlan Pass(int pass, int[] stores, List<int> kept, int id = 0, int uniformStart = 0)
    {
        var loaded = new Dictionary<int, int>();
        var stored = new List<KernelOutput>();
        for (int i = 0; i < outputs.Count; i++)
        {
            if (stores[i] == pass)
            {
                stored.Add(outputs[i]);
            }
            else if (stores[i] < pass && nodes[outputs[i].Node].PerElement && !PassPlan.IsLeaf(nodes[outputs[i].Node].Operation)
            && outputs[i].Buffer != Target.Caller)
            {
                loaded[outputs[i].Node] = outputs[i].Buffer;
            }
        }

        for (int i = 0; i < kept.Count; i++)
        {
            int made = Math.Max(0, placement.Of(kept[i]));
            if (made == pass)
            {
                stored.Add(new KernelOutput(scratch + i, kept[i]));
            }
            else if (made < pass)
            {
                loaded[kept[i]] = scratch + i;
            }
        }

        stored.InsertRange(0, probes.Where(probe => placement.Of(probe.Node) == pass));

        // The parameter last, as a rule's only pass has it.
        stored = [.. stored.Where(output => output.Buffer != Target.Parameter),
            .. stored.Where(output => output.Buffer == Target.Parameter)];
        return new PassPlan(nodes, stored, [.. placement.Reductions.Where(reduction => reduction.Level == pass)], loaded, id, uniformStart);
    }
}
