using System.Globalization;
using System.Runtime.CompilerServices;

namespace OptDsl.Models;

/// <summary>
/// Which numbers of a setting, a double, an element can hold: one that becomes zero or infinite in float would stop or lose the chains in
/// silence.
/// </summary>
internal static class ElementRange
{
    // Room for the factors that are applied to such a number later: 2 h, 4 b.
    private const double Room = 16;

    // The least numbers that have all digits.
    private const double LeastFloat = 1.17549435e-38, LeastDouble = 2.2250738585072014e-308;

    /// <summary>The least positive number that settings may have.</summary>
    internal static double Least<T>() => (typeof(T) == typeof(float) ? LeastFloat : LeastDouble) * Room;

    /// <summary>The largest number that settings may have.</summary>
    internal static double Largest<T>() => (typeof(T) == typeof(float) ? float.MaxValue : double.MaxValue) / Room;

    /// <summary>Requires that the element holds a positive number.</summary>
    internal static double Require<T>(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        (double least, double largest) = (Least<T>(), Largest<T>());
        return value >= least && value <= largest
            ? value
            : throw new ArgumentOutOfRangeException(name, value,
                string.Create(CultureInfo.InvariantCulture,
                    $"{name} must be from {least:G2} to {largest:G2}, which the element {typeof(T).Name} can hold."));
    }
}
