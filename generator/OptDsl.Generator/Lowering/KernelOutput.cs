namespace OptDsl.Generator.Lowering;

/// <summary>Something a pass stores.</summary>
/// <param name="Buffer">The buffer, or one of the constants of <see cref="Target"/>.</param>
/// <param name="Node">The node of the value.</param>
internal readonly record struct KernelOutput(int Buffer, int Node);

/// <summary>Targets of outputs that are no buffers.</summary>
internal static class Target
{
    internal const int Parameter = -1;

    /// <summary>The caller's memory, of a read or a search direction.</summary>
    internal const int Caller = -2;
}
