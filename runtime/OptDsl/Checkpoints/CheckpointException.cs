namespace OptDsl;

/// <summary>
/// A file is no checkpoint, is damaged, or belongs to another rule or other tensors. It is thrown before anything is changed.
/// </summary>
public sealed class CheckpointException : Exception
{
    internal CheckpointException(string file, string? tensor, string what, string advice, Exception? inner = null)
        : base($"{file}: {(tensor is null ? "" : $"tensor '{tensor}' ")}{what}; {advice}.", inner)
    {
        File = file;
        Tensor = tensor;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>The tensor of the file, or missing in it, that is wrong; null where that is not one tensor.</summary>
    public string? Tensor { get; }
}
