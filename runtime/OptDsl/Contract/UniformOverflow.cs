using System.Numerics;

namespace OptDsl.Contract;

/// <summary>A value that was computed in double from a reduction and is infinite in the element type in which parameters read it.</summary>
/// <param name="Name">The name of the value.</param>
/// <param name="Kind">How many such values there are.</param>
/// <param name="Index">The index of the row or column.</param>
/// <param name="Value">The value in double.</param>
internal readonly record struct UniformOverflow(string Name, ValueKind Kind, int Index, double Value)
{
    /// <summary>The overflow that is already known, or else the overflow of a value, or null.</summary>
    internal static UniformOverflow? Of<T>(UniformOverflow? known, string name, ValueKind kind, int index, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => known ?? (double.IsFinite(value) && !T.IsFinite(T.CreateTruncating(value)) ? new UniformOverflow(name, kind, index, value)
            : null);
}
