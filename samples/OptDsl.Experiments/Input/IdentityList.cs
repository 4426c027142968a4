namespace OptDsl.Experiments;

/// <summary>Numbers names in the order in which they occur.</summary>
internal sealed class IdentityList
{
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly List<string> names = [];

    internal IdentityList() => lookup = places.GetAlternateLookup<ReadOnlySpan<char>>();

    internal IReadOnlyList<string> Names => names;

    internal bool TryFind(ReadOnlySpan<char> name, out int place) => lookup.TryGetValue(name, out place);

    internal int Add(ReadOnlySpan<char> name)
    {
        string text = name.ToString();
        places.Add(text, names.Count);
        names.Add(text);
        return names.Count - 1;
    }
}
