using System.Globalization;

namespace OptDsl;

/// <summary>An interval of numbers, such as the domain of a hyperparameter. It never contains NaN.</summary>
/// <param name="Low">Its lower end; may be negative infinity.</param>
/// <param name="High">Its upper end; may be positive infinity.</param>
/// <param name="IncludesLow">Whether the lower end belongs to it.</param>
/// <param name="IncludesHigh">Whether the upper end belongs to it.</param>
public readonly record struct Interval(double Low, double High, bool IncludesLow, bool IncludesHigh)
{
    /// <summary>Tells whether a value lies in the interval.</summary>
    /// <param name="value">Any value; NaN gives false.</param>
    public bool Contains(double value)
        => (value > Low || (IncludesLow && value == Low)) && (value < High || (IncludesHigh && value == High));

    /// <summary>The interval in mathematical notation, as in <see cref="DomainAttribute"/>: <c>[0, 1)</c>.</summary>
    public override string ToString() => $"{(IncludesLow ? '[' : '(')}{Text(Low)}, {Text(High)}{(IncludesHigh ? ']' : ')')}";

    // An end that is exactly a float, such as a float hyperparameter's, is shown as a float: 0.1, not 0.10000000149011612.
    private static string Text(double end)
    {
        string whole = end.ToString("R", CultureInfo.InvariantCulture), single = ((float)end).ToString("R", CultureInfo.InvariantCulture);
        return double.IsPositiveInfinity(end) ? "inf"
            : double.IsNegativeInfinity(end) ? "-inf" : (float)end == end && single.Length < whole.Length ? single : whole;
    }
}
