using System.ComponentModel;

namespace OptDsl.Contract;

/// <summary>
/// The lanes in which every pass accumulates a reduction, whatever the width of its vectors: lane j takes the elements whose index mod the
/// count is j, so that the bits of a sum do not depend on the width.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ReductionLanes
{
    /// <summary>How many lanes there are: a power of two, and at least four vectors of double of the widest kind.</summary>
    public const int Count = 32;

    /// <summary>What an index has of its lane.</summary>
    public const int Mask = Count - 1;

    /// <summary>Elements whose lanes are folded before those of the next ones are added: a tensor is cut where blocks end.</summary>
    internal const int Block = 4096;
}
