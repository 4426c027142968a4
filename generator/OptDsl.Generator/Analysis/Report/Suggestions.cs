using OptDsl.Generator.Language;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Report;

/// <summary>
/// Parentheses that would let two uniform factors be computed once per step and not once per parameter. They are the author's to
/// write, because they change the rounding.
/// </summary>
internal static class Suggestions
{
    internal static IEnumerable<string> For(KernelPlan plan, Dictionary<int, string> names)
    {
        var formulas = new FormulaPrinter(plan.Nodes, names);
        foreach ((PassPlan pass, int index) in plan.StepPasses.SelectMany(pass => pass.Order.Select(node => (pass, node))))
        {
            Expression outer = plan.Nodes[index];
            if (Split(plan, outer) is not var (inner, factor) || names.ContainsKey(inner) || pass.Uses(inner) > 1
                || Split(plan, plan.Nodes[inner]) is not var (value, innerFactor))
            {
                continue;
            }

            bool divides = outer.Operation == Operation.Divide, innerDivides = plan.Nodes[inner].Operation == Operation.Divide;
            string x = Enclosed(formulas.Mention(value)), a = Enclosed(formulas.Mention(innerFactor)),
                b = Enclosed(formulas.Mention(factor));
            string better = (innerDivides, divides) switch
            {
                (false, false) => $"{x} * ({a} * {b})",
                (false, true) => $"{x} * ({a} / {b})",
                (true, false) => $"{x} * ({b} / {a})",
                _ => $"{x} / ({a} * {b})",
            };
            yield return $"{formulas.Print(index)} written as {better} would save a {(divides || innerDivides ? "division" : "multiplication")} per parameter, and round differently";
        }
    }

    /// <summary>A product or quotient of a value per parameter and a uniform factor.</summary>
    private static (int Value, int Factor)? Split(KernelPlan plan, Expression node)
    {
        bool isProduct = node.Operation == Operation.Multiply;
        if (!isProduct && node.Operation != Operation.Divide)
        {
            return null;
        }

        bool a = plan.Nodes[node.A].PerElement, b = plan.Nodes[node.B].PerElement;
        return a && !b ? (node.A, node.B) : b && !a && isProduct ? (node.B, node.A) : null;
    }

    /// <summary>In parentheses, unless it is one name, call or parenthesis.</summary>
    private static string Enclosed(string formula)
    {
        int depth = 0;
        foreach (char c in formula)
        {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ' ' && depth == 0)
            {
                return $"({formula})";
            }
        }

        return formula;
    }
}
