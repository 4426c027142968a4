namespace OptDsl.Checkpoints;

/// <summary>The element types of numbers in a file.</summary>
internal enum FileElement
{
    Other,
    Double,
    Single,
    Int64,
}

/// <summary>Properties of an element type.</summary>
internal static class FileElements
{
    internal static int Size(this FileElement element) => element == FileElement.Single ? sizeof(float) : sizeof(double);
}
