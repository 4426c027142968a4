using System.Globalization;
using System.Runtime.CompilerServices;

namespace OptDsl.Models;

/// <summary>
/// The range of a setting, given as a double, that the element can hold. A setting that becomes zero or infinite in float would silently
/// stop or lose the chains.
/// </summary>
internal static class ElementRange
{
    // Room for factors that are applied to a setting later: 2 h, 4 b.
    private const double Room = 16;

    // The smallest numbers with full precision.
    private const double LeastFloat = 1.17549435e-38, LeastDouble = 2.2250738585072014e-308;

    /// <summary>The smallest positive number that a setting may have.</summary>
    internal static double Least<T>() => (typeof(T) == typeof(float) ? LeastFloat : LeastDouble) * Room;

    /// <summary>The largest number that a setting may have.</summary>
    internal static double Largest<T>() => (typeof(T) == typeof(float) ? float.MaxValue : double.MaxValue) / Room;

    /// <summary>Throws unless the element can hold a positive number.</summary>
    internal static double Require<T>(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        (double least, double largest) = (Least<T>(), Largest<T>());
        return value >= least && value <= largest
            ? value
            : throw new ArgumentOutOfRangeException(name, value,
                string.Create(CultureInfo.InvariantCulture,
                    $"{name} must be between {least:G2} and {largest:G2}, the range that the element {typeof(T).Name} can hold."));
    }
}
