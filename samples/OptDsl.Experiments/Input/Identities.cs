namespace OptDsl.Experiments;

/// <summary>What the input calls the rows or the columns: numbers one after another, or those that occur.</summary>
internal sealed class Identities
{
    private readonly int[]? occurring;

    /// <summary>One after another.</summary>
    internal Identities(int first, int last) => (First, Count) = (first, last - first + 1);

    /// <summary>Those that occur, in their order.</summary>
    internal Identities(IEnumerable<int> all)
    {
        occurring = [.. all.Distinct().Order()];
        Count = occurring.Length;
    }

    internal int Count { get; }

    /// <summary>The first of numbers one after another; 0 where there are gaps.</summary>
    internal int First { get; }

    /// <summary>Whether numbers are left out.</summary>
    internal bool HasGaps => occurring is not null;

    internal int PlaceOf(int identity) => occurring is null ? identity - First : Array.BinarySearch(occurring, identity);

    internal int At(int place) => occurring is null ? place + First : occurring[place];
}
