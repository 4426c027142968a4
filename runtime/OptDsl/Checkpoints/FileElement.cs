namespace OptDsl.Checkpoints;

/// <summary>The elements that a file's numbers may be.</summary>
internal enum FileElement
{
    Other,
    Double,
    Single,
    Int64,
}

/// <summary>What is known of an element.</summary>
internal static class FileElements
{
    internal static int Size(this FileElement element) => element == FileElement.Single ? sizeof(float) : sizeof(double);
}
