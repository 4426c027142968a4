using OptDsl.Generator.Model;

namespace OptDsl.Generator.Language;

/// <summary>Prints expressions as formulas for comments: the author's names, and no more parentheses than they need.</summary>
internal sealed class FormulaPrinter(IReadOnlyList<Expression> nodes, IReadOnlyDictionary<int, string> names)
{
    private const int Longest = 160;

    private int printed;

    /// <summary>The formula of a node in terms of the named values below it, shortened where it is too long to read.</summary>
    internal string Print(int index)
    {
        printed = 0;
        string text = Print(index, 0, root: true);
        return text.Length <= Longest ? text : text.Substring(0, Longest) + " ...";
    }

    /// <summary>A node by its name, or where it has none by its formula.</summary>
    internal string Mention(int index) => names.TryGetValue(index, out string? name) ? name : Print(index);

    private string Print(int index, int parent, bool root)
    {
        if (names.TryGetValue(index, out string? name)
            && (!root || nodes[index].Operation is Operation.Buffer or Operation.Carried or Operation.Input or Operation.Noise))
        {
            return name;
        }

        // Shared expressions without a name would be printed once a use, which can be exponentially often.
        if (++printed > Longest)
        {
            return "...";
        }

        Expression node = nodes[index];
        switch (node.Operation)
        {
            case Operation.Constant:
                return Literals.Of(node).Trim('(', ')').TrimEnd('D', 'F');
            case Operation.Hyperparameter:
                return Names.Camel(node.Text);
            case Operation.StaticValue:
                return node.Text.Substring(node.Text.LastIndexOf('@') + 1);
            case Operation.PointGradient:
                return $"gradient at {Print(node.A, 9, root: false)}";
            case Operation.Widen:
                return Print(node.A, parent, root: false);
            case Operation.Reduction:
                ReductionSpec spec = ReductionSpec.Of(node);
                return $"{Names.Camel(spec.Operator.ToString())} over {(spec.Scope == ScopeKind.Global ? "all" : "the " + Names.Camel(spec.Scope.ToString()))} of {Print(node.A, 7, root: false)}";
            case Operation.SwitchFailure:
                return "no arm matches";
            case Operation.Convert:
                return Print(node.A, parent, root: false);
            case Operation.Correction:
                return Enclose($"1 / (1 - {Print(node.A, 9, root: false)}^step)", 6, parent);
            case Operation.Mass:
                return Enclose($"1 - {Print(node.A, 9, root: false)}^step", 5, parent);
            case Operation.Weight:
                return Enclose($"1 / min({Print(node.A, 0, root: false)}, step)", 6, parent);
            case Operation.Conditional:
                return Enclose($"{Print(node.A, 2, root: false)} ? {Print(node.B, 2, root: false)} : {Print(node.C, 1, root: false)}", 1,
                    parent);
            case Operation.FusedMultiplyAdd:
                return Enclose($"fma({Print(node.A, 0, root: false)}, {Print(node.B, 0, root: false)}, {Print(node.C, 0, root: false)})", 9,
                    parent);
            case Operation.FusedMultiplySubtract:
                return Enclose($"fma({Print(node.A, 0, root: false)}, {Print(node.B, 0, root: false)}, -{Print(node.C, 7, root: false)})",
                    9, parent);
            case Operation.FusedNegateMultiplyAdd:
                return Enclose($"fma(-{Print(node.A, 7, root: false)}, {Print(node.B, 0, root: false)}, {Print(node.C, 0, root: false)})",
                    9, parent);
        }

        OperationSpec row = node.Operation.Spec();
        string symbol = row.FormulaSymbol.Length > 0 ? row.FormulaSymbol : row.Symbol;
        return (symbol.Length, row.Arity) switch
        {
            ( > 0, 1) => Enclose(symbol + Print(node.A, row.Precedence, root: false), row.Precedence, parent),
            ( > 0, _) =>
                Enclose($"{Print(node.A, row.Precedence, root: false)} {symbol} {Print(node.B, row.Precedence + 1, root: false)}",
                    row.Precedence, parent),
            (_, 0) => Names.Camel(row.Name),
            _ => $"{Names.Camel(row.Name)}({string.Join(", ", node.Operands.Select(operand => Print(operand, 0, root: false)))})",
        };
    }

    private static string Enclose(string text, int precedence, int parent) => precedence < parent ? $"({text})" : text;
}
