using System.Numerics;

namespace OptDsl;

/// <summary>Equality as it is promised: NaN equals NaN, with any sign and payload; all other values are compared bit for bit.</summary>
internal static class Bits
{
    internal static string NameOf<T>() => typeof(T) == typeof(float) ? "float" : "double";

    /// <summary>The first index at which two spans of the same length differ; -1 if they are equal.</summary>
    internal static int FirstDifference<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = T.IsNaN(expected[i]) ? T.IsNaN(actual[i])
                : expected[i].Equals(actual[i]) && T.IsNegative(expected[i]) == T.IsNegative(actual[i]);
            if (!same)
            {
                return i;
            }
        }

        return -1;
    }
}
