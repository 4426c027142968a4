using OptDsl.Generator.Language;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Report;

/// <summary>Says of a rule what its expressions say: costs, degrees, units, half-lives, and what could be cheaper.</summary>
internal static class RuleReporter
{
    private const int FloatBytes = 4;

    // Who reads more than these has stopped reading.
    private const int MostNotes = 4;

    internal static RuleReport Report(KernelPlan plan)
    {
        RuleSpec rule = plan.Rule;
        Dictionary<int, string> names = FormulaNames.Of(rule);
        var formulas = new FormulaPrinter(rule.Nodes, names);
        var gradient = new DegreeAnalysis(rule, Operation.Gradient, formulas);
        var parameter = new DegreeAnalysis(rule, Operation.Parameter, formulas);

        // Draws are made in the first cache, a few at a time: they are neither in memory nor brought from there.
        int loads = plan.StepPasses.Sum(pass =>
            pass.Order.Count(node => pass.IsLoad(node)
                && (pass.LoadedFrom(node) is not null || plan.Nodes[node].Operation != Operation.Noise)));
        List<Operation> computed = [.. plan.StepPasses.SelectMany(pass => pass.Order.Concat(pass.WideOrder)
            .Where(node => !pass.IsLoad(node)))
            .Select(node => plan.Nodes[node].Operation).Where(operation => operation != Operation.Widen)];
        int divisions = computed.Count(operation => operation == Operation.Divide),
            roots = computed.Count(operation => operation == Operation.Sqrt);
        return new RuleReport(
            rule.Name,
            FloatBytes * rule.Buffers.Count,
            FloatBytes * (loads
                + plan.StepPasses.Sum(pass => pass.Outputs.Count(output => !IsUnchanged(plan.Nodes[output.Node], output.Buffer)))),
            divisions,
            roots,
            computed.Count - divisions - roots,
            plan.StepPasses.Count,
            gradient.OfChange,
            parameter.OfChange,
            Note(("gradient", gradient), ("parameters", parameter)),
            [.. new UnitAnalysis(rule).Hyperparameters],
            [.. HalfLivesOf(rule)],
            [.. Suggestions.For(plan, names).Distinct()]);
    }

    /// <summary>Whether an output is what its memory holds already, and so is not stored.</summary>
    private static bool IsUnchanged(Expression node, int buffer) => buffer < 0
        ? node.Operation == Operation.Parameter
        : node.Operation == Operation.Buffer && node.Bits == buffer;

    private static string Note(params (string What, DegreeAnalysis Degree)[] analyses)
        => string.Join(" ", analyses.Select(analysis => (analysis.What, Text: Shortened([.. analysis.Degree.Notes])))
            .Where(note => note.Text.Length > 0).Select(note => $"In the {note.What}, {note.Text}."));

    private static string Shortened(string[] notes)
        => string.Join("; ", notes.Take(MostNotes))
        + (notes.Length > MostNotes ? $"; and {(notes.Length - MostNotes).ToString(System.Globalization.CultureInfo.InvariantCulture)} more"
            : "");

    private static IEnumerable<(string Name, double Steps)> HalfLivesOf(RuleSpec rule)
    {
        foreach (MemberSpec member in rule.Members)
        {
            if (Averages.HalfLifeOf(rule, member) is { } steps)
            {
                yield return (member.Name, steps);
            }
        }
    }
}
