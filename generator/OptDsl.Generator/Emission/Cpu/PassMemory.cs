using OptDsl.Generator.Emission.Text;
using OptDsl.Generator.Language;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Cpu;

/// <summary>The memory that a pass uses besides parameters and gradients, by name.</summary>
internal sealed class PassMemory
{
    private readonly KernelPlan plan;
    private readonly PassPlan pass;
    private readonly Dictionary<int, string> buffers = [];
    private readonly Dictionary<int, string> draws = [];
    private readonly Dictionary<int, string> columns = [];

    internal PassMemory(KernelPlan plan, PassPlan pass, Identifiers identifiers)
    {
        this.plan = plan;
        this.pass = pass;
        IEnumerable<int> loads = pass.Order.Where(pass.IsLoad).Select(PlaceOf).Where(place => place >= 0);
        foreach (int buffer in pass.Outputs.Select(output => output.Buffer).Where(buffer => buffer >= 0).Concat(loads).Distinct()
            .OrderBy(buffer => buffer))
        {
            string name = identifiers.Claim(Wish(buffer) + "Buffer");
            buffers.Add(buffer, name);
            Declare("ref", name, $"ref block.State({buffer})");
        }

        foreach (int index in pass.Noises)
        {
            draws[index] = identifiers.Claim(plan.Rule.Extras[index].Name + "Draws");
            Declare("in", draws[index], $"ref block.Noise({pass.Noises.TakeWhile(other => other != index).Count()})");
        }

        for (int column = 0; column < pass.Columns.Count; column++)
        {
            int node = pass.Columns[column];
            columns[node] = identifiers.Claim((plan.NameHints.TryGetValue(node, out string? hint) ? hint : "column") + "Columns");
            Declare("in", columns[node], $"ref block.Column({column})");
        }

        if (pass.Outputs.Any(output => output.Buffer == Target.Caller))
        {
            Declare("ref", "output", "ref block.Output");
        }
    }

    /// <summary>How each is passed, its name, and what it is in a block.</summary>
    internal List<(string By, string Name, string Source)> All { get; } = [];

    /// <summary>Where an output goes.</summary>
    internal string TargetOf(int buffer) => buffer switch
    {
        Target.Parameter => "parameters",
        Target.Caller => "output",
        _ => buffers[buffer],
    };

    /// <summary>Where a node is loaded from.</summary>
    internal string SourceOf(int node) => plan.Nodes[node].Operation switch
    {
        _ when pass.LoadedFrom(node) is { } buffer => TargetOf(buffer),
        Operation.Parameter => "parameters",
        Operation.Gradient => "gradients",
        Operation.Noise => draws[(int)plan.Nodes[node].Bits],
        _ => buffers[plan.BufferOf(plan.Nodes[node])],
    };

    /// <summary>Where a per-column value is loaded from.</summary>
    internal string ColumnOf(int node) => columns[node];

    /// <summary>The name of a loaded value.</summary>
    internal string NameOf(int node)
    {
        Expression leaf = plan.Nodes[node];
        return pass.LoadedFrom(node) is { } buffer ? plan.NameHints.TryGetValue(node, out string? hint) ? hint : Wish(buffer)
            : leaf.Operation switch
            {
                Operation.Buffer => FormulaNames.PreviousName(plan.Rule.Buffers[(int)leaf.Bits]),
                Operation.Input or Operation.Noise => plan.Rule.Extras[(int)leaf.Bits].Name,
                _ => Names.Camel(leaf.Operation.ToString()),
            };
    }

    private int PlaceOf(int node) => pass.LoadedFrom(node) is { } buffer ? buffer
        : plan.Nodes[node].Operation is Operation.Parameter or Operation.Gradient or Operation.Noise ? -1
        : plan.BufferOf(plan.Nodes[node]);

    private string Wish(int buffer)
    {
        int states = plan.Rule.Buffers.Count, inputs = states + plan.ScratchCount;
        return buffer < states ? Names.Camel(plan.Rule.Buffers[buffer].Name)
            : buffer < inputs ? "scratch"
            : plan.Rule.Extras.Where(extra => extra.Extra == ExtraKind.PerParameter).ElementAt(buffer - inputs).Name;
    }

    private void Declare(string by, string name, string source) => All.Add((by, name, source));
}
