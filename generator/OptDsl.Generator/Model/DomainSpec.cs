using System.Globalization;

namespace OptDsl.Generator.Model;

/// <summary>An interval of numbers.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
/// <param name="IncludesLow">Whether the lower end belongs to it.</param>
/// <param name="IncludesHigh">Whether the upper end belongs to it.</param>
internal sealed record IntervalSpec(double Low, double High, bool IncludesLow, bool IncludesHigh)
{
    internal bool Contains(double value)
        => (value > Low || (IncludesLow && value == Low)) && (value < High || (IncludesHigh && value == High));

    /// <summary>With its ends as the hyperparameter's type has them: 0.1f is in [0, 0.1].</summary>
    internal IntervalSpec In(ScalarType? type) => type == ScalarType.Float32 ? this with { Low = (float)Low, High = (float)High } : this;

    /// <summary>As the author writes it, and as the runtime's Interval prints it.</summary>
    public override string ToString() => $"{(IncludesLow ? '[' : '(')}{Text(Low)}, {Text(High)}{(IncludesHigh ? ']' : ')')}";

    private static string Text(double end)
    {
        string whole = end.ToString("R", CultureInfo.InvariantCulture), single = ((float)end).ToString("R", CultureInfo.InvariantCulture);
        return double.IsPositiveInfinity(end) ? "inf"
            : double.IsNegativeInfinity(end) ? "-inf" : (float)end == end && single.Length < whole.Length ? single : whole;
    }
}

/// <summary>Where a hyperparameter must lie.</summary>
/// <param name="Value">The hyperparameter.</param>
/// <param name="Interval">Its domain.</param>
internal sealed record DomainSpec(ValueSpec Value, IntervalSpec Interval);
