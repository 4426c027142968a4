using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Ranges;

/// <summary>A sum that mixes: (1 - w) past + w sample, each the product of some nodes.</summary>
internal sealed record Mixture(IReadOnlyList<int> Weight, IReadOnlyList<int> Past, IReadOnlyList<int> Sample);

/// <summary>Finds products, and sums that mix two values by shares of one: b a + (1 - b) x, and a + (x - a) w.</summary>
internal sealed class Mixtures(IReadOnlyList<Expression> nodes)
{
    // Longer products are not told apart.
    private const int MostFactors = 12;

    /// <summary>The factors of a product, those of its factors included.</summary>
    internal List<int> Factors(int node)
    {
        var factors = new List<int>();
        var pending = new Stack<int>([node]);
        while (pending.Count > 0)
        {
            int factor = pending.Pop();
            if (nodes[factor].Operation == Operation.Multiply && factors.Count + pending.Count < MostFactors)
            {
                pending.Push(nodes[factor].A);
                pending.Push(nodes[factor].B);
            }
            else
            {
                factors.Add(factor);
            }
        }

        return factors;
    }

    internal IEnumerable<Mixture> Of(int index)
    {
        Expression node = nodes[index];
        return node.Operation switch
        {
            Operation.Add =>
                OfTerms(Factors(node.A), Factors(node.B)).Concat(OfChange(node.A, Factors(node.B), isAdded: true))
                .Concat(OfChange(node.B, Factors(node.A), isAdded: true)),
            Operation.Subtract => OfChange(node.A, Factors(node.B), isAdded: false),
            Operation.FusedMultiplyAdd =>
                OfTerms([.. Factors(node.A), .. Factors(node.B)], Factors(node.C))
                .Concat(OfChange(node.C, [.. Factors(node.A), .. Factors(node.B)], isAdded: true)),
            _ => [],
        };
    }

    /// <summary>b a + (1 - b) x.</summary>
    private IEnumerable<Mixture> OfTerms(List<int> left, List<int> right)
    {
        foreach ((List<int> terms, List<int> others) in new[] { (left, right), (right, left) })
        {
            for (int i = 0; i < terms.Count; i++)
            {
                int rest = others.FindIndex(other => IsRest(other, terms[i]));
                if (rest >= 0)
                {
                    yield return new Mixture([terms[i]], Without(others, rest), Without(terms, i));
                }
            }
        }
    }

    /// <summary>a + (x - a) w, also written as a - (a - x) w.</summary>
    private IEnumerable<Mixture> OfChange(int past, List<int> change, bool isAdded)
    {
        for (int i = 0; i < change.Count; i++)
        {
            Expression difference = nodes[change[i]];
            if (difference.Operation == Operation.Subtract && (isAdded ? difference.B : difference.A) == past)
            {
                yield return new Mixture(Without(change, i), [past], [isAdded ? difference.A : difference.B]);
            }
        }
    }

    private bool IsRest(int node, int share)
        => nodes[node] is { Operation: Operation.Subtract } rest && rest.B == share && Constants.LiteralOf(nodes, rest.A) is 1;

    private static List<int> Without(List<int> factors, int index)
    {
        List<int> others = [.. factors];
        others.RemoveAt(index);
        return others;
    }
}
