using System.Numerics;

namespace OptDsl.Contract;

/// <summary>
/// A value that was computed in double from what a rule reduced, and is infinite in the element in which parameters read it.
/// </summary>
/// <param name="Name">What it is.</param>
/// <param name="Kind">What there is one of.</param>
/// <param name="Index">Its row or column.</param>
/// <param name="Value">The value in double.</param>
internal readonly record struct UniformOverflow(string Name, ValueKind Kind, int Index, double Value)
{
    /// <summary>The overflow that is known, or that of a value.</summary>
    internal static UniformOverflow? Of<T>(UniformOverflow? known, string name, ValueKind kind, int index, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => known ?? (double.IsFinite(value) && !T.IsFinite(T.CreateTruncating(value)) ? new UniformOverflow(name, kind, index, value)
            : null);
}
