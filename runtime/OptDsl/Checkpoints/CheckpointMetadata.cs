using System.Globalization;

namespace OptDsl.Checkpoints;

/// <summary>What Load does with an entry of the metadata.</summary>
internal enum MetadataUse
{
    /// <summary>It must be what this optimizer would write.</summary>
    Compare,

    /// <summary>The optimizer takes it over.</summary>
    Take,

    /// <summary>The optimizer takes it over where there is one.</summary>
    TakeIfAny,

    /// <summary>For the reader's information.</summary>
    Ignore,
}

/// <summary>An entry of the metadata.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">What this optimizer writes for it.</param>
/// <param name="Use">What Load does with it.</param>
/// <param name="Noun">What it is, for messages.</param>
internal sealed record MetadataEntry(string Key, string Value, MetadataUse Use, string Noun)
{
    /// <summary>Whether it says something of one tensor of the optimizer: where the file has no such tensor, that is said.</summary>
    internal bool IsOfTensor { get; init; }

    /// <summary>What keeps the optimizer and has this entry, such as a sampler; null for what an optimizer itself has.</summary>
    internal string? Owner { get; init; }

    /// <summary>What to do where the file says otherwise.</summary>
    internal string Advice => Owner is not null ? $"load it into {Owner} of the same kind and settings"
        : $"load it into an optimizer of the same rule over the same tensors{(IsOfTensor ? ", in the same groups and order" : "")}";

    /// <summary>What a file says; null where it says nothing.</summary>
    internal string? Found { get; set; }
}

/// <summary>The metadata of a checkpoint: what an optimizer writes, and what it finds in a file.</summary>
internal sealed class CheckpointMetadata
{
    /// <summary>The format that this library writes and reads.</summary>
    internal const string Format = "optdsl", Version = "1";

    internal const string HashKey = "sha256", TensorHash = "sha256/", FormatKey = "format", VersionKey = "version";

    internal const int HashDigits = 64;

    // Longer values are no numbers; of text that is only shown, this much.
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

    /// <summary>Takes what a file says; false where it says it twice, or of what there is none here.</summary>
    internal bool Find(ReadOnlySpan<char> key, ReadOnlySpan<char> value)
    {
        if (!byKey.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out MetadataEntry? entry) || entry.Found is not null)
        {
            return false;
        }

        entry.Found = value.SequenceEqual(entry.Value) ? entry.Value : value[..Math.Min(value.Length, LongestShown)].ToString();
        return true;
    }

    /// <summary>Takes the beginning of what is longer than anything here, to show how it differs.</summary>
    /// <param name="key">The entry.</param>
    /// <param name="beginning">Of its value.</param>
    /// <param name="canBe">False of what could only be a number, or is said twice.</param>
    /// <returns>Whether there is such an entry here.</returns>
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

    /// <summary>What a file says for a key; null where it says nothing.</summary>
    internal string? Found(string key) => byKey[key].Found;

    /// <summary>
    /// Requires everything that must be there, and be the same: what is of the rule, or what is of tensors, which are known to be there.
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
        ? new(file, null, $"was not saved by {owner}, for it has no '{entry.Key}' in its metadata",
            "load it into what saved it, such as an optimizer of the same rule")
        : new(file, null, $"has no '{entry.Key}' in its metadata",
            "another version of the rule or of the library wrote it: load it into that one");

    /// <summary>A count.</summary>
    internal TNumber Number<TNumber>(string file, string key)
        where TNumber : struct, System.Numerics.IBinaryInteger<TNumber>
        => Found(key) is { Length: <= LongestNumber } text
        && TNumber.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out TNumber number) ? number : throw NoNumber(file, key);

    /// <summary>A value of a rule, or the loss: the same bits, but for a NaN's.</summary>
    internal double Double(string file, string key)
        => Found(key) is { Length: <= LongestNumber } text
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw NoNumber(file, key);

    internal static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private CheckpointException NoNumber(string file, string key)
        => new(file, null, $"has '{Found(key)}' for '{key}' in its metadata, which is no such number",
            "it was changed after Save wrote it: name an untouched copy, or its .previous");
}
