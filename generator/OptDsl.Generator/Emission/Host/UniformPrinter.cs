using OptDsl.Generator.Emission.Text;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Host;

/// <summary>Prints uniform expressions as the C# the author wrote: same types, same order, same branches.</summary>
internal sealed class UniformPrinter(IReadOnlyList<Expression> nodes)
{
    /// <summary>Names of values already computed, by node.</summary>
    internal Dictionary<int, string> Names { get; } = [];

    /// <summary>The text of leaves that lie in frames; null for the others.</summary>
    internal Func<int, string?> Leaf { get; set; } = _ => null;

    internal string Print(int index)
    {
        if (Names.TryGetValue(index, out string? name))
        {
            return name;
        }

        if (Leaf(index) is { } leaf)
        {
            return leaf;
        }

        Expression node = nodes[index];
        string a = node.A < 0 ? "" : Print(node.A), b = node.B < 0 ? "" : Print(node.B), c = node.C < 0 ? "" : Print(node.C);
        bool isInt = node.Type == ScalarType.Int32;
        OperationSpec row = node.Operation.Spec();
        return node.Operation switch
        {
            Operation.Constant => Literals.Of(node),
            Operation.Hyperparameter =>
                (node.Bits == 1 ? "(int)" : "")
                + EmissionNames.Read("rule", node.Text.Substring(node.Text.LastIndexOf('.') + 1), node.Owner),
            Operation.StaticValue => (node.Bits == 1 ? "(int)" : "") + node.Text,
            Operation.Step => "step",
            Operation.Widen => a,
            Operation.SwitchFailure => "throw new global::System.Runtime.CompilerServices.SwitchExpressionException()",
            Operation.Correction => $"global::OptDsl.Contract.RunningAverages.Correction({Bare(a)}, step)",
            Operation.Mass => $"global::OptDsl.Contract.RunningAverages.Mass({Bare(a)}, step)",
            Operation.Weight => $"global::OptDsl.Contract.RunningAverages.Weight({Bare(a)}, step)",
            Operation.Convert => isInt ? $"{Context(node)}((int){a})" : $"(({node.Type.Keyword()}){a})",

            // The compiler warns of a value that is compared with itself.
            Operation.Equal when node.A == node.B && nodes[node.A].Type.IsFloating() => $"!{nodes[node.A].Type.Keyword()}.IsNaN({Bare(a)})",
            Operation.NotEqual when node.A == node.B && nodes[node.A].Type.IsFloating() =>
                $"{nodes[node.A].Type.Keyword()}.IsNaN({Bare(a)})",
            _ when row is { Symbol.Length: > 0, Arity: 1 } => Arithmetic(node, row, row.Symbol + a),
            _ when row.Symbol.Length > 0 => Arithmetic(node, row, $"{a} {row.Symbol} {b}"),
            Operation.Conditional => $"({a} ? {b} : {c})",
            Operation.Sign => $"global::OptDsl.RuleMath.Sign({Bare(a)})",
            _ when node.IsApproximate() =>
                $"global::OptDsl.RuleMath.{row.Name}({string.Join(", ", new[] { a, b }.Where(text => text.Length > 0).Select(Bare))})",
            _ => $"global::System.{(node.Type == ScalarType.Float32 && node.Operation != Operation.Clamp ? "MathF" : "Math")}.{row.Name}({string.Join(", ", new[] { a, b, c }.Where(text => text.Length > 0).Select(Bare))})",
        };
    }

    /// <summary>The text without the parentheses around the whole.</summary>
    internal string PrintBare(int index) => Bare(Print(index));

    /// <summary>Integer arithmetic keeps the checked context the author wrote it in.</summary>
    private static string Arithmetic(Expression node, OperationSpec row, string text)
        => row.Throws == Throwing.OfCheckedIntegers && node.Type == ScalarType.Int32 ? $"{Context(node)}({text})"
        : row.Arity == 1 && node.Type == ScalarType.Boolean ? text
        : $"({text})";

    private static string Context(Expression node) => node.Bits == 1 ? "checked" : "unchecked";

    private static string Bare(string text)
    {
        if (text.Length < 2 || text[0] != '(')
        {
            return text;
        }

        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth == 0)
            {
                // A cast's parentheses close early, too: then the whole is not enclosed.
                return i == text.Length - 1 ? text.Substring(1, text.Length - 2) : text;
            }
        }

        return text;
    }
}
