namespace OptDsl.Checkpoints;

/// <content>What a file of another program holds in addition to the expected tensors.</content>
internal sealed partial class CheckpointReader
{
    // The places of tensors in another program's file that are not read.
    private readonly List<(long Begin, long End)> others = [];
    private bool isOfSave;

    /// <summary>Names of the buffer's tensors that other optimizers step; null if there are none.</summary>
    internal HashSet<string>? Elsewhere { get; init; }

    /// <summary>Whether only parameters are read; states are then skipped like other tensors that are not read.</summary>
    internal bool ReadsParametersOnly { get; init; }

    /// <summary>
    /// Whether a tensor is a single number that another program keeps beside a tensor's states. Such numbers are functions of the step, and
    /// a rule computes its own.
    /// </summary>
    private bool IsOneNumberMore(ReadOnlySpan<char> name, ReadOnlySpan<long> shape, long begin, long end)
    {
        int dot = name.LastIndexOf('.');
        if (metadata is not null || ReadsParametersOnly || dot < 0 || shape is not ([] or [1])
            || ignored.Count >= IgnoredAPart * tensors.Count
            || !byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..dot], out CheckpointTensor? parameters)
            || parameters.Part != CheckpointPart.Parameters)
        {
            return false;
        }

        ignored.Add(
            new CheckpointTensor(name.ToString(), CheckpointPart.Ignored, 0, 0, isDouble: true, [], 1) { Begin = begin, End = end });
        return true;
    }

    /// <summary>The tensors of another program's file that were not read, in the file's order.</summary>
    internal IReadOnlyList<string> NotRead { get; private set; } = [];

    /// <summary>
    /// Whether a tensor may be missing. Before the first step there are no states, and the number of steps is known only after the file has
    /// been read.
    /// </summary>
    private bool IsOptional(CheckpointTensor tensor)
        => tensor.Part == CheckpointPart.Step || (metadata is null && tensor.Part == CheckpointPart.State);

    /// <summary>
    /// Whether a tensor of another program's file belongs to no parameter here: it is another optimizer's, or a buffer such as a running
    /// mean. A tensor that is named after a parameter here is a state that the rule does not have.
    /// </summary>
    private bool IsOthers(ReadOnlySpan<char> name)
    {
        if (metadata is not null)
        {
            return false;
        }

        int slash = name.IndexOf('/');
        isOfSave |= slash > 0 && IsParameter(name[..slash]);

        // If the name fits several parameters, the longest one counts.
        for (ReadOnlySpan<char> owner = name; !ReadsParametersOnly && owner.LastIndexOf('.') is > 0 and int dot && !IsElsewhere(owner);)
        {
            owner = owner[..dot];
            if (IsParameter(owner))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsElsewhere(ReadOnlySpan<char> name)
        => Elsewhere is not null && Elsewhere.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);

    /// <summary>Collects the names from a file that has been read completely. Before that, the names would not be verified.</summary>
    private List<string> OthersIn(byte[] header, long dataLength)
    {
        var names = new NameVisitor(this);
        SafetensorsHeader.Walk(header, dataLength, file, names);
        return names.Found;
    }

    private bool IsParameter(ReadOnlySpan<char> name)
        => byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out CheckpointTensor? tensor)
        && tensor.Part == CheckpointPart.Parameters;

    /// <summary>Collects the names of tensors that are not read.</summary>
    private sealed class NameVisitor(CheckpointReader reader) : IHeaderVisitor
    {
        internal List<string> Found { get; } = [];

        int IHeaderVisitor.LongestText => reader.LongestText;

        bool IHeaderVisitor.ReadsMetadata => false;

        bool IHeaderVisitor.Metadata(ReadOnlySpan<char> key, ReadOnlySpan<char> value, bool isWhole, int place) => true;

        void IHeaderVisitor.Tensor(ReadOnlySpan<char> name, bool isWhole, ReadOnlySpan<char> element, ReadOnlySpan<long> shape, long begin,
            long end)
        {
            bool isExpected = isWhole && reader.byName.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(name);
            if (!isExpected && reader.IsOthers(name))
            {
                Found.Add(isWhole ? name.ToString() : $"{name}...");
            }
        }
    }
}
