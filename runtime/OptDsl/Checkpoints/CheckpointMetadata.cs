using System.Globalization;

namespace OptDsl.Checkpoints;

/// <summary>What Load does with an entry of a file's metadata.</summary>
internal enum MetadataUse
{
    /// <summary>The value must equal what this optimizer would write.</summary>
    Compare,

    /// <summary>The optimizer takes the value.</summary>
    Take,

    /// <summary>The optimizer takes the value if the file has one.</summary>
    TakeIfAny,

    /// <summary>The value is only information for a reader of the file.</summary>
    Ignore,
}

/// <summary>An entry of the metadata.</summary>
/// <param name="Key">The entry's key.</param>
/// <param name="Value">The value that this optimizer writes.</param>
/// <param name="Use">What Load does with the entry.</param>
/// <param name="Noun">What the entry is called in messages.</param>
internal sealed record MetadataEntry(string Key, string Value, MetadataUse Use, string Noun)
{
    /// <summary>Whether the entry is about one tensor of the optimizer. A missing tensor is reported before such an entry.</summary>
    internal bool IsOfTensor { get; init; }

    /// <summary>
    /// The object that keeps the optimizer and has this entry, such as a sampler; null for an entry of the optimizer itself.
    /// </summary>
    internal string? Owner { get; init; }

    /// <summary>The advice for a file with another value.</summary>
    internal string Advice => Owner is not null ? $"load it into {Owner} of the same kind and settings"
        : $"load it into an optimizer of the same rule over the same tensors{(IsOfTensor ? ", in the same groups and order" : "")}";

    /// <summary>The value in the file; null if the file has none.</summary>
    internal string? Found { get; set; }
}

/// <summary>The metadata of a checkpoint: the entries that an optimizer writes, and what it finds in a file.</summary>
internal sealed class CheckpointMetadata
{
    /// <summary>The format that this library writes and reads.</summary>
    internal const string Format = "optdsl", Version = "1";

    internal const string HashKey = "sha256", TensorHash = "sha256/", FormatKey = "format", VersionKey = "version";

    internal const int HashDigits = 64;

    // A longer value cannot be a number. Of text that is only shown, this many characters are kept.
    private const int LongestNumber = 40, LongestShown = 300;

    private readonly Dictionary<string, MetadataEntry> byKey = new(StringComparer.Ordinal);
    private readonly List<MetadataEntry> entries = [];

    internal IReadOnlyList<MetadataEntry> Entries => entries;

    internal void Add(string key, string value, MetadataUse use, string noun = "", bool isOfTensor = false, string? owner = null)
    {
        var entry = new MetadataEntry(key, value, use, noun) { IsOfTensor = isOfTensor, Owner = owner };
        entries.Add(entry);
        byKey.Add(key, entry);
    }

    /// <summary>Takes the value of a file. Returns false if the key is unknown here or the file has it twice.</summary>
    internal bool Find(ReadOnlySpan<char> key, ReadOnlySpan<char> value)
    {
        if (!byKey.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out MetadataEntry? entry) || entry.Found is not null)
        {
            return false;
        }

        entry.Found = value.SequenceEqual(entry.Value) ? entry.Value : value[..Math.Min(value.Length, LongestShown)].ToString();
        return true;
    }

    /// <summary>Takes the beginning of a value that is longer than any value here, to show how it differs.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="beginning">The beginning of the value.</param>
    /// <param name="canBe">False if the value must be a number or the file has the entry twice.</param>
    /// <returns>Whether there is an entry with this key.</returns>
    internal bool FindBeginning(ReadOnlySpan<char> key, ReadOnlySpan<char> beginning, out bool canBe)
    {
        if (!byKey.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out MetadataEntry? entry))
        {
            canBe = true;
            return false;
        }

        canBe = entry is { Found: null, Use: MetadataUse.Compare };
        entry.Found ??= $"{beginning}...";
        return true;
    }

    /// <summary>The value in the file; null if the file has none.</summary>
    internal string? Found(string key) => byKey[key].Found;

    /// <summary>
    /// Requires that entries are present and equal: the entries about the rule, or the entries about tensors. The tensors are known to be
    /// present.
    /// </summary>
    internal void Check(string file, bool ofTensors)
    {
        foreach (MetadataEntry entry in entries.Where(entry => entry.IsOfTensor == ofTensors))
        {
            if (entry.Found is null)
            {
                if (entry.Use != MetadataUse.TakeIfAny)
                {
                    throw Missing(file, entry);
                }
            }
            else if (entry.Use == MetadataUse.Compare && entry.Found != entry.Value)
            {
                throw new CheckpointException(file, null,
                    $"holds {entry.Noun} '{entry.Found}', and this {(entry.Owner is null ? "optimizer" : "one")} has '{entry.Value}'",
                        entry.Advice);
            }
        }
    }

    private static CheckpointException Missing(string file, MetadataEntry entry) => entry.Owner is { } owner
        ? new(file, null, $"was not saved by {owner}: it has no '{entry.Key}' in its metadata",
            "load it into an object like the one that saved it, such as an optimizer of the same rule")
        : new(file, null, $"has no '{entry.Key}' in its metadata",
            "another version of the rule or of the library wrote it: load it into that one");

    /// <summary>Reads a whole number.</summary>
    internal TNumber Number<TNumber>(string file, string key)
        where TNumber : struct, System.Numerics.IBinaryInteger<TNumber>
        => Found(key) is { Length: <= LongestNumber } text
        && TNumber.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out TNumber number) ? number : throw NoNumber(file, key);

    /// <summary>Reads a value of a rule, or the loss. The bits are the same, except those of a NaN.</summary>
    internal double Double(string file, string key)
        => Found(key) is { Length: <= LongestNumber } text
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw NoNumber(file, key);

    internal static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private CheckpointException NoNumber(string file, string key)
        => new(file, null, $"has '{Found(key)}' for '{key}' in its metadata, which is not a valid number",
            "it was changed after Save wrote it: name an untouched copy, or its .previous");
}
