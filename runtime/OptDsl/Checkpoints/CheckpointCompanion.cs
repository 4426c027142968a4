using System.Runtime.InteropServices;

namespace OptDsl.Checkpoints;

/// <summary>
/// What the owner of an optimizer keeps beside it, a sampler's draws for instance, in the optimizer's checkpoint: numbers that are
/// taken over, and settings that must be the same.
/// </summary>
internal sealed class CheckpointCompanion
{
    private readonly List<CheckpointTensor> tensors = [];
    private readonly List<Array> arrays = [];
    private readonly List<(string Key, string Value, string Noun)> settings = [];

    internal IReadOnlyList<CheckpointTensor> Tensors => tensors;

    /// <summary>Numbers that a save reads and a load overwrites.</summary>
    /// <param name="name">With a slash, so that it is no parameter's.</param>
    /// <param name="values">float or double.</param>
    /// <param name="shape">Of as many elements.</param>
    internal void Add(string name, Array values, params nint[] shape)
    {
        tensors.Add(new CheckpointTensor(name, CheckpointPart.Companion, arrays.Count, 0, values is double[], shape, values.Length));
        arrays.Add(values);
    }

    /// <summary>A setting that the file must have, too.</summary>
    internal void Require(string key, string value, string noun) => settings.Add((key, value, noun));

    internal void AddTo(CheckpointMetadata metadata)
    {
        foreach ((string key, string value, string noun) in settings)
        {
            metadata.Add(key, value, MetadataUse.Compare, noun);
        }
    }

    internal ReadOnlySpan<byte> BytesOf(CheckpointTensor tensor, int start, int count) => arrays[tensor.Owner] switch
    {
        double[] wide => MemoryMarshal.AsBytes(wide.AsSpan(start, count)),
        var narrow => MemoryMarshal.AsBytes(((float[])narrow).AsSpan(start, count)),
    };

    /// <summary>Nothing of it throws: a reader has found the file to hold the same elements and lengths.</summary>
    internal void TakeOver(CheckpointTensor[] read)
    {
        foreach (CheckpointTensor tensor in read.Where(tensor => tensor.Part == CheckpointPart.Companion))
        {
            tensor.Values!.CopyTo(arrays[tensor.Owner], 0);
        }
    }
}
