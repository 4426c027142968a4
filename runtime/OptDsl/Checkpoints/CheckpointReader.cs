using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace OptDsl.Checkpoints;

/// <summary>
/// Reads a file and compares it with what an optimizer expects. What the file claims is only compared. So it allocates only the header and
/// the tensors that were expected anyway. Every expected tensor is read completely and compared with its hash before anyone gets it.
/// </summary>
/// <param name="file">The file's name, for messages.</param>
/// <param name="tensors">The expected tensors.</param>
/// <param name="metadata">The expected metadata; null for a file of another program.</param>
internal sealed partial class CheckpointReader(string file, IReadOnlyList<CheckpointTensor> tensors, CheckpointMetadata? metadata)
    : IHeaderVisitor
{
    private const string OtherParts = "give Load the same names and objects beside the optimizer that Save was given";
    private const string Damaged = "the file is damaged: name an untouched copy, or its .previous";
    private readonly string otherTensors = metadata is null
        ? "import it into an optimizer of the rule that wrote it, over tensors of the same names and shapes, in F32 or F64"
        : "load it into an optimizer of the same rule over tensors of the same names, shapes and groups, or into an object like the one that saved it";

    // A character takes up to six bytes when escaped. The rest leaves room to show a foreign name.
    private const int BytesACharacter = 6, LeastText = 256, UnknownShown = 5, IgnoredAPart = 8;

    private readonly Dictionary<string, CheckpointTensor> byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    private readonly List<CheckpointTensor> ignored = [];

    private readonly List<string> unknown = [];
    private readonly Dictionary<string, CheckpointTensor> byNameOfAnyCase = tensors.DistinctBy(tensor => tensor.Name,
        StringComparer.OrdinalIgnoreCase).ToDictionary(tensor => tensor.Name, StringComparer.OrdinalIgnoreCase);
    private int unknownCount, hashPlace = -1;
    private string? hash, unknownKey;
    private (string Found, string Here)? otherCase;

    public int LongestText { get; } = LeastText + (BytesACharacter * Math.Max(
        tensors.Select(tensor => tensor.Name.Length).DefaultIfEmpty().Max() + CheckpointMetadata.TensorHash.Length,
        metadata is null ? 0 : metadata.Entries.Max(entry => Math.Max(entry.Key.Length, entry.Value.Length))));

    public bool ReadsMetadata => metadata is not null;

    /// <summary>Reads the whole file. After that, every expected tensor has its values.</summary>
    /// <exception cref="CheckpointException">The file is not as expected.</exception>
    internal void Read(Stream stream)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("A checkpoint is little-endian, and this processor is not.");
        }

        try
        {
            long length = stream.Length;
            byte[] header = SafetensorsHeader.Read(stream, length, file);
            long dataLength = length - SafetensorsHeader.LengthBytes - header.Length;
            SafetensorsHeader.Walk(header, dataLength, file, this);
            CheckMetadata(header);
            CheckTensors(dataLength);
            foreach ((long begin, long end, _, CheckpointTensor? tensor) in InOrder())
            {
                if (tensor is null or { Part: CheckpointPart.Ignored })
                {
                    stream.Seek(end - begin, SeekOrigin.Current);
                }
                else
                {
                    ReadData(stream, tensor);
                }
            }

            NotRead = others.Count == 0 ? [] : OthersIn(header, dataLength);
        }
        catch (EndOfStreamException exception)
        {
            throw new CheckpointException(file, null, "became shorter while it was read", Damaged, exception);
        }
    }

    bool IHeaderVisitor.Metadata(ReadOnlySpan<char> key, ReadOnlySpan<char> value, bool isWhole, int place)
    {
        if (!isWhole)
        {
            // The file may be of a rule with more states or longer names. The difference is reported later.
            bool isKnown = metadata!.FindBeginning(key, value, out bool canBe);
            unknownKey ??= isKnown ? null : key.ToString();
            return canBe;
        }

        if (key.SequenceEqual(CheckpointMetadata.HashKey))
        {
            if (hash is not null)
            {
                throw new CheckpointException(file, null, "has the SHA-256 of its header twice", Damaged);
            }

            // One digit more shows that there are too many.
            (hash, hashPlace) = (value[..Math.Min(value.Length, CheckpointMetadata.HashDigits + 1)].ToString(), place);
        }
        else if (key.StartsWith(CheckpointMetadata.TensorHash)
        && byName.GetAlternateLookup<ReadOnlySpan<char>>()
        .TryGetValue(key[CheckpointMetadata.TensorHash.Length..], out CheckpointTensor? tensor))
        {
            byte[] bytes = new byte[SHA256.HashSizeInBytes];
            if (tensor.Hash.Length > 0 || value.Length != CheckpointMetadata.HashDigits
                || Convert.FromHexString(value, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            {
                throw new CheckpointException(file, tensor.Name, "has an invalid SHA-256, or two of them", Damaged);
            }

            tensor.Hash = bytes;
        }
        else if (!metadata!.Find(key, value))
        {
            // The entry may be of a later version; that is reported first.
            unknownKey ??= key.ToString();
        }

        return true;
    }

    void IHeaderVisitor.Tensor(ReadOnlySpan<char> name, bool isWhole, ReadOnlySpan<char> element, ReadOnlySpan<long> shape, long begin,
        long end)
    {
        if (!isWhole || !byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out CheckpointTensor? tensor))
        {
            if (isWhole && IsOneNumberMore(name, shape, begin, end))
            {
                return;
            }

            if (IsOthers(name))
            {
                others.Add((begin, end));
                return;
            }

            unknownCount++;
            if (isWhole && otherCase is null
                && byNameOfAnyCase.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out CheckpointTensor? twin))
            {
                otherCase = (name.ToString(), twin.Name);
            }

            if (unknown.Count < UnknownShown)
            {
                unknown.Add(isWhole ? $"'{name}'" : $"'{name}...'");
            }

            return;
        }

        if (tensor.Begin >= 0)
        {
            throw new CheckpointException(file, tensor.Name, "is in the header twice", Damaged);
        }

        (tensor.Begin, tensor.End) = (begin, end);
        tensor.FileElement = ElementOf(element, tensor);
        bool isShape = IsShape(tensor, shape);
        long bytes = tensor.Count * (long)tensor.FileElement.Size();
        tensor.Problem = tensor.FileElement == FileElement.Other ? $"is of type {element}, but this optimizer has {tensor.ElementName}"
            : !isShape ? $"has the shape [{Text(shape)}], but here it has {tensor.ShapeText}"
            : end - begin != bytes ? $"takes bytes {begin} to {end} for {tensor.Count} elements of {element}, which take {bytes}"
            : null;
    }

    private static bool IsShape(CheckpointTensor tensor, ReadOnlySpan<long> shape)
    {
        // A single number may be written as an array of length one.
        if (tensor.Part == CheckpointPart.Step && shape is [] or [1])
        {
            return tensor.Count == 1;
        }

        bool same = shape.Length == tensor.Shape.Length, freeRows = same && tensor.MostRows >= 0 && tensor.TakeRows(shape[0]);
        for (int i = freeRows ? 1 : 0; same && i < shape.Length; i++)
        {
            same = shape[i] == tensor.Shape[i];
        }

        return same;
    }

    /// <summary>Another program's elements are converted, those of Save never.</summary>
    private FileElement ElementOf(ReadOnlySpan<char> element, CheckpointTensor tensor)
    {
        FileElement found = element switch
        {
            "F64" => FileElement.Double,
            "F32" => FileElement.Single,
            "I64" => FileElement.Int64,
            _ =>
            FileElement.Other
        };
        FileElement own = tensor.IsDouble ? FileElement.Double : FileElement.Single;
        return found == own || (metadata is null && (found != FileElement.Int64 || tensor.Part == CheckpointPart.Step)) ? found
            : FileElement.Other;
    }

    private void CheckMetadata(byte[] header)
    {
        if (metadata is null)
        {
            return;
        }

        if (metadata.Found(CheckpointMetadata.FormatKey) != CheckpointMetadata.Format)
        {
            throw new CheckpointException(file, null, "is a safetensors file that Save did not write",
                "take over another program's file with Import");
        }

        string? version = metadata.Found(CheckpointMetadata.VersionKey);
        if (version != CheckpointMetadata.Version)
        {
            throw new CheckpointException(file, null,
                $"is a checkpoint of version '{version}', but this library reads version {CheckpointMetadata.Version}",
                    "read it with the version of the library that wrote it, or a later one");
        }

        CheckHeader(header);

        // The file is as it was written. Differences of the rule are reported first, then missing tensors, because each tensor has
        // entries, too.
        metadata.Check(file, ofTensors: false);
        CheckNames();
        metadata.Check(file, ofTensors: true);
        if (unknownKey is not null)
        {
            throw new CheckpointException(file, null, $"has '{unknownKey}' in its metadata, twice or unknown to this optimizer",
                otherTensors);
        }
    }

    /// <summary>The header's own hash is computed with zeros in its place.</summary>
    private void CheckHeader(byte[] header)
    {
        Span<byte> digits = header.AsSpan(Math.Max(hashPlace, 0),
            Math.Min(CheckpointMetadata.HashDigits, header.Length - Math.Max(hashPlace, 0)));
        Span<char> text = stackalloc char[CheckpointMetadata.HashDigits];
        bool isPlain = hash is { Length: CheckpointMetadata.HashDigits } && digits.Length == text.Length
            && Encoding.ASCII.GetChars(digits, text) == text.Length && text.SequenceEqual(hash);
        if (isPlain)
        {
            digits.Fill((byte)'0');
        }

        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(header, actual);
        if (!isPlain || Convert.ToHexStringLower(actual) != hash)
        {
            throw new CheckpointException(file, null, $"has a header whose SHA-256 is {(hash is null ? "missing" : $"not '{hash}'")}",
                Damaged);
        }
    }

    /// <summary>Requires every expected tensor, and no others.</summary>
    private void CheckNames()
    {
        string more = unknownCount > unknown.Count ? $" and {unknownCount - unknown.Count} more"
            : "", extra = $"{string.Join(", ", unknown)}{more}";
        if (tensors.FirstOrDefault(tensor => tensor.Begin < 0 && !IsOptional(tensor)) is { } missing)
        {
            string instead = otherCase is { } twin
                ? $"; the file has '{twin.Found}', but here it is '{twin.Here}', and names are case-sensitive"
                : unknownCount > 0 ? $"; the file has {extra} instead"
                : "";
            throw new CheckpointException(file, missing.Name, $"is missing{instead}",
                isOfSave ? "it was written by Save: take it over with Load"
                    : missing.Name.StartsWith(CheckpointCompanion.Beside, StringComparison.Ordinal) ? OtherParts : otherTensors);
        }

        if (unknownCount > 0)
        {
            throw new CheckpointException(file, null, $"holds {extra}, which this optimizer does not",
                unknown.Any(name => name.StartsWith($"'{CheckpointCompanion.Beside}", StringComparison.Ordinal)) ? OtherParts
                    : otherTensors);
        }
    }

    private void CheckTensors(long dataLength)
    {
        CheckNames();
        if (tensors.FirstOrDefault(tensor => tensor.Problem is not null) is { } wrong)
        {
            throw new CheckpointException(file, wrong.Name, wrong.Problem!, otherTensors);
        }

        if (metadata is not null && tensors.FirstOrDefault(tensor => tensor.Hash.Length == 0) is { } bare)
        {
            throw new CheckpointException(file, bare.Name, "has no SHA-256 in the metadata", Damaged);
        }

        long place = 0;
        foreach ((long begin, long end, string? name, _) in InOrder())
        {
            if (begin != place)
            {
                throw new CheckpointException(file, name,
                    (name is null ? "has a tensor that " : "")
                        + (begin < place ? $"begins at byte {begin}, within the previous tensor, which ends at {place}"
                            : $"begins at byte {begin}, but bytes {place} to {begin} belong to no tensor"), Damaged);
            }

            place = end;
        }

        if (place != dataLength)
        {
            throw new CheckpointException(file, null, $"has {dataLength} bytes of data, but its tensors take {place}", Damaged);
        }
    }

    /// <summary>All tensors of the file in the order of their data, including those that are not read.</summary>
    private IEnumerable<(long Begin, long End, string? Name, CheckpointTensor? Tensor)> InOrder()
        => tensors.Where(tensor => tensor.Begin >= 0).Concat(ignored)
        .Select(tensor => (tensor.Begin, tensor.End, (string?)tensor.Name, (CheckpointTensor?)tensor))
            .Concat(others.Select(place => (place.Begin, place.End, (string?)null, (CheckpointTensor?)null)))
            .OrderBy(entry => entry.Begin).ThenBy(entry => entry.End);

    private void ReadData(Stream stream, CheckpointTensor tensor)
    {
        Array values = tensor.FileElement switch
        {
            FileElement.Double => new double[tensor.Count],
            FileElement.Single =>
            new float[tensor.Count],
            _ => new long[tensor.Count]
        };
        using IncrementalHash? hashing = tensor.Hash.Length > 0 ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        for (int start = 0; start < tensor.Count; start += CheckpointWriter.Chunk)
        {
            Span<byte> bytes = Bytes(values, start, Math.Min(CheckpointWriter.Chunk, tensor.Count - start));
            stream.ReadExactly(bytes);
            hashing?.AppendData(bytes);
        }

        if (hashing is not null && !hashing.GetHashAndReset().AsSpan().SequenceEqual(tensor.Hash))
        {
            throw new CheckpointException(file, tensor.Name, "has data whose SHA-256 differs from the one in the header", Damaged);
        }

        if (metadata is null && FirstNotFinite(values, tensor) is var (index, value) && index >= 0)
        {
            string converted = double.IsFinite(value) ? ", which exceeds the largest float" : "";
            throw new CheckpointException(file, tensor.Name,
                string.Create(CultureInfo.InvariantCulture, $"has {value} at index {index}{converted}"),
                    "import it into a buffer of double, or find out which program wrote this value");
        }

        tensor.Values = values;
    }

    /// <summary>
    /// The index and value of the first number in another program's file that would not be finite in the buffer; the index is -1 if there
    /// is none. What Save wrote is loaded as it is.
    /// </summary>
    private static (int Index, double Value) FirstNotFinite(Array values, CheckpointTensor tensor)
    {
        switch (values)
        {
            case double[] doubles:
                int wide = Array.FindIndex(doubles,
                    value => !double.IsFinite(value) || (!tensor.IsDouble && !float.IsFinite((float)value)));
                return (wide, wide < 0 ? 0 : doubles[wide]);
            case float[] singles:
                int single = Array.FindIndex(singles, value => !float.IsFinite(value));
                return (single, single < 0 ? 0 : singles[single]);
            default:
                return (-1, 0);
        }
    }

    private static Span<byte> Bytes(Array values, int start, int count) => values switch
    {
        double[] doubles => MemoryMarshal.AsBytes(doubles.AsSpan(start, count)),
        float[] singles => MemoryMarshal.AsBytes(singles.AsSpan(start, count)),
        _ => MemoryMarshal.AsBytes(((long[])values).AsSpan(start, count)),
    };

    private static string Text(ReadOnlySpan<long> shape)
    {
        var text = new StringBuilder();
        foreach (long side in shape)
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(side.ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
