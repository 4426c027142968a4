using System.ComponentModel;

namespace OptDsl.Contract;

/// <summary>
/// The lanes in which every pass accumulates a reduction, at any vector width. Lane j takes the elements whose index mod
/// <see cref="Count"/> is j. So the bits of a sum do not depend on the width.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ReductionLanes
{
    /// <summary>The number of lanes: a power of two, and at least four of the widest vectors of double.</summary>
    public const int Count = 32;

    /// <summary>The bits of an index that give its lane.</summary>
    public const int Mask = Count - 1;

    /// <summary>
    /// The number of elements whose lanes are folded before the next elements are added. A tensor is divided only at the ends of such
    /// blocks.
    /// </summary>
    internal const int Block = 4096;
}
