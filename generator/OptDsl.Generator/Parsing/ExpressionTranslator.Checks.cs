using Microsoft.CodeAnalysis;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>What bodies can throw at: whether its value is used or not, the author's code computes it.</summary>
internal sealed partial class ExpressionTranslator
{
    private CheckList checks = new();

    /// <summary>What was met since it was last asked for, in the order in which it was met.</summary>
    internal IReadOnlyList<CheckSpec> TakeChecks()
    {
        IReadOnlyList<CheckSpec> taken = checks.All;
        checks = new CheckList();
        return taken;
    }

    /// <summary>
    /// Adds a node. One that can throw must not run in a lane that did not ask for it, and must not run at all where the
    /// uniform conditions around it do not hold, although its value is computed before the pass.
    /// </summary>
    private int Add(Expression node, IOperation origin, string why)
    {
        int index = graph.Add(node);
        if (!node.CanThrow())
        {
            return index;
        }

        if (perElementConditions > 0 || MeetInParameters(node.Kind))
        {
            // Its value is computed before the pass, so that what the uniform conditions rule out, they must rule out there, too.
            if (CannotThrow(node, unguarded: true))
            {
                return index;
            }

            if (!MeetInParameters(node.Kind) && CannotThrow(node, unguarded: false))
            {
                return Guarded(index);
            }

            sink.Report(DiagnosticDescriptors.CanThrowPerElement, origin.Syntax.GetLocation(), origin.Syntax.ToString(), why);
            return Failed;
        }

        int guarded = guards.Count > 0 || node.Operation != Operation.SwitchFailure ? Guarded(index)
            : graph.Add(Operation.Conditional, node.Type, graph.Constant(true), index, graph.Default(node.Type));
        checks.Add(new CheckSpec(guarded));
        return guarded;
    }

    /// <summary>
    /// Whether a value and the uniform conditions around it differ together from parameter to parameter, as a row's condition and a
    /// column's value do.
    /// </summary>
    private bool MeetInParameters(Kind kind)
        => guards.Aggregate(kind, (all, guard) => Kinds.Join(all, graph[guard].Kind)) == Kind.Parameter;

    /// <summary>The uniform value where the uniform conditions around this point hold; else it is not computed, and zero.</summary>
    private int Guarded(int index)
    {
        if (guards.Count == 0)
        {
            return index;
        }

        int condition = guards[0];
        for (int i = 1; i < guards.Count; i++)
        {
            condition = graph.Add(Operation.AndAlso, ScalarType.Boolean, condition, guards[i]);
        }

        return graph.Add(Operation.Conditional, graph[index].Type, condition, index, graph.Default(graph[index].Type));
    }

    /// <summary>Checks in order, each once.</summary>
    private sealed class CheckList
    {
        private readonly HashSet<CheckSpec> known = [];
        private readonly List<CheckSpec> all = [];

        internal IReadOnlyList<CheckSpec> All => all;

        internal void Add(CheckSpec check)
        {
            if (known.Add(check))
            {
                all.Add(check);
            }
        }

        internal void Add(IReadOnlyList<CheckSpec> further)
        {
            foreach (CheckSpec check in further)
            {
                Add(check);
            }
        }
    }
}
