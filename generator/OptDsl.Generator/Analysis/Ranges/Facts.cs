using OptDsl.Generator.Language;

namespace OptDsl.Generator.Analysis.Ranges;

/// <summary>What is known where some conditions hold: for some nodes, fewer values than they have elsewhere.</summary>
internal sealed class Facts
{
    /// <summary>Where no condition is known.</summary>
    internal static readonly Facts Nothing = new();

    private readonly Dictionary<int, ValueRange> known = [];
    private readonly Dictionary<int, ValueRange> computed = [];

    /// <summary>Whether the conditions cannot hold together.</summary>
    internal bool IsImpossible { get; private set; }

    /// <summary>The first node that something is known of: those before it cannot depend on any.</summary>
    internal int First { get; private set; } = int.MaxValue;

    internal bool IsNothing => known.Count == 0;

    /// <summary>The nodes that something is known of.</summary>
    internal IEnumerable<int> Known => known.Keys;

    internal Facts Copy()
    {
        var copy = new Facts { IsImpossible = IsImpossible, First = First };
        foreach (KeyValuePair<int, ValueRange> fact in known)
        {
            copy.known.Add(fact.Key, fact.Value);
        }

        return copy;
    }

    internal bool TryGet(int node, out ValueRange range) => known.TryGetValue(node, out range) || computed.TryGetValue(node, out range);

    internal void Keep(int node, ValueRange range) => computed[node] = range;

    internal void Learn(int node, ValueRange range)
    {
        known[node] = range;
        computed.Clear();
        First = Math.Min(First, node);
        IsImpossible |= range.IsEmpty;
    }

    /// <summary>What holds under the one or the other.</summary>
    internal static Facts Either(Facts a, Facts b)
    {
        if (ReferenceEquals(a, b) || b.IsImpossible)
        {
            return a;
        }

        if (a.IsImpossible)
        {
            return b;
        }

        if (a.IsNothing || b.IsNothing)
        {
            return Nothing;
        }

        var joined = new Facts();
        foreach (KeyValuePair<int, ValueRange> fact in a.known)
        {
            if (b.known.TryGetValue(fact.Key, out ValueRange other))
            {
                joined.Learn(fact.Key, ValueRange.Either(fact.Value, other));
            }
        }

        return joined.IsNothing ? Nothing : joined;
    }

    /// <summary>What of it holds of some nodes.</summary>
    internal Facts Of(Func<int, bool> nodes)
    {
        var some = new Facts();
        foreach (KeyValuePair<int, ValueRange> fact in known.Where(fact => nodes(fact.Key)))
        {
            some.Learn(fact.Key, fact.Value);
        }

        return some.IsNothing ? Nothing : some;
    }
}
