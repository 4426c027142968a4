namespace OptDsl;

/// <summary>
/// A file is not a checkpoint, is damaged, or belongs to another rule or other tensors. It is thrown before anything is changed.
/// </summary>
public sealed class CheckpointException : Exception
{
    internal CheckpointException(string file, string? tensor, string what, string advice, Exception? inner = null)
        : base($"{file}: {(tensor is null ? "" : $"tensor '{tensor}' ")}{what}; {advice}.", inner)
    {
        File = file;
        Tensor = tensor;
    }

    /// <summary>The path of the file.</summary>
    public string File { get; }

    /// <summary>The tensor that is wrong in the file or missing from it; null if the fault is not in a single tensor.</summary>
    public string? Tensor { get; }
}
