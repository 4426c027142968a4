namespace OptDsl.Generator.Analysis.Report;

/// <summary>Values between two ends, either of which may be left out: 1 - b, for b in [0, 1), lies in (0, 1].</summary>
internal readonly struct ValueRange(double low, double high, bool lowOpen = false, bool highOpen = false) : IEquatable<ValueRange>
{
    internal static readonly ValueRange All = new(double.NegativeInfinity, double.PositiveInfinity);
    internal static readonly ValueRange NonNegative = new(0, double.PositiveInfinity);
    internal static readonly ValueRange Positive = new(0, double.PositiveInfinity, lowOpen: true);
    internal static readonly ValueRange Negative = new(double.NegativeInfinity, 0, highOpen: true);
    internal static readonly ValueRange FromOne = new(1, double.PositiveInfinity);
    internal static readonly ValueRange Decay = new(0, 1, highOpen: true);

    internal double Low => low;

    internal double High => high;

    internal bool LowOpen => lowOpen;

    internal bool HighOpen => highOpen;

    internal bool HasZero => (low < 0 || (low == 0 && !lowOpen)) && (high > 0 || (high == 0 && !highOpen));

    /// <summary>
    /// The values of a hyperparameter with a domain. Zero at an end is left out where the default is another number: an epsilon may be
    /// set to zero, and who does so knows what is divided by it.
    /// </summary>
    internal static ValueRange Of(Model.IntervalSpec domain, double? given)
    {
        bool apart = given is not (null or 0);
        return new(domain.Low, domain.High, !domain.IncludesLow || (apart && domain.Low == 0), !domain.IncludesHigh || (apart && domain.High == 0));
    }

    internal static ValueRange Point(double value) => double.IsNaN(value) ? All : new(value, value);

    public static ValueRange operator -(ValueRange a) => new(-a.High, -a.Low, a.HighOpen, a.LowOpen);

    public static ValueRange operator +(ValueRange a, ValueRange b)
        => Sum(a.Low, b.Low) is var least && Sum(a.High, b.High) is var most && (double.IsNaN(least) || double.IsNaN(most))
            ? All
            : new(least, most, a.LowOpen || b.LowOpen, a.HighOpen || b.HighOpen);

    public static ValueRange operator *(ValueRange a, ValueRange b)
    {
        ReadOnlySpan<(double Value, bool Open)> ends =
        [
            Product((a.Low, a.LowOpen), (b.Low, b.LowOpen)), Product((a.Low, a.LowOpen), (b.High, b.HighOpen)),
            Product((a.High, a.HighOpen), (b.Low, b.LowOpen)), Product((a.High, a.HighOpen), (b.High, b.HighOpen)),
        ];
        (double Value, bool Open) least = ends[0], most = ends[0];
        foreach ((double Value, bool Open) end in ends)
        {
            if (end.Value < least.Value || (end.Value == least.Value && !end.Open))
            {
                least = end;
            }

            if (end.Value > most.Value || (end.Value == most.Value && !end.Open))
            {
                most = end;
            }
        }

        return new(least.Value, most.Value, least.Open, most.Open);
    }

    public static ValueRange operator /(ValueRange a, ValueRange b)
        => !b.HasZero ? a * new ValueRange(Reciprocal(b.High), Reciprocal(b.Low), b.HighOpen || double.IsInfinity(b.High), b.LowOpen)
            : a.Low >= 0 && b.Low >= 0 ? NonNegative
            : All;

    /// <summary>A value times itself, which unlike a product of two is never negative.</summary>
    internal ValueRange Square()
    {
        ValueRange size = Abs();
        return size * size;
    }

    internal ValueRange Abs()
    {
        ValueRange negated = -this;
        return low >= 0 ? this : high <= 0 ? negated
            : new ValueRange(0, Math.Max(high, -low), lowOpen: false, high == -low ? highOpen && lowOpen : high > -low ? highOpen : lowOpen);
    }

    internal ValueRange Sqrt() => new(Math.Sqrt(Math.Max(low, 0)), Math.Sqrt(Math.Max(high, 0)), low >= 0 && lowOpen, high > 0 && highOpen);

    internal static ValueRange Min(ValueRange a, ValueRange b) => -Max(-a, -b);

    internal static ValueRange Max(ValueRange a, ValueRange b)
        => new(
            Math.Max(a.Low, b.Low), Math.Max(a.High, b.High),
            a.Low == b.Low ? a.LowOpen || b.LowOpen : a.Low > b.Low ? a.LowOpen : b.LowOpen,
            a.High == b.High ? a.HighOpen && b.HighOpen : a.High > b.High ? a.HighOpen : b.HighOpen);

    /// <summary>Either of two values.</summary>
    internal static ValueRange Either(ValueRange a, ValueRange b)
        => new(
            Math.Min(a.Low, b.Low), Math.Max(a.High, b.High),
            a.Low == b.Low ? a.LowOpen && b.LowOpen : a.Low < b.Low ? a.LowOpen : b.LowOpen,
            a.High == b.High ? a.HighOpen && b.HighOpen : a.High > b.High ? a.HighOpen : b.HighOpen);

    /// <summary>This, with every end that moved from another range put as far as its sign allows: the fixed point is then near.</summary>
    internal ValueRange WidenedFrom(ValueRange before)
    {
        bool lower = low < before.Low || (low == before.Low && before.LowOpen && !lowOpen), higher = high > before.High || (high == before.High && before.HighOpen && !highOpen);
        double least = !lower ? low : low >= 0 ? 0 : double.NegativeInfinity;
        double most = !higher ? high : high <= 0 ? 0 : double.PositiveInfinity;
        return new(least, most, lower && low > 0 ? true : lowOpen, higher && high < 0 ? true : highOpen);
    }

    public bool Equals(ValueRange other) => low == other.Low && high == other.High && lowOpen == other.LowOpen && highOpen == other.HighOpen;

    public override bool Equals(object? obj) => obj is ValueRange other && Equals(other);

    public override int GetHashCode() => (low, high).GetHashCode();

    private static double Sum(double a, double b) => a + b;

    private static double Reciprocal(double end) => end == 0 ? double.PositiveInfinity : 1 / end;

    private static (double Value, bool Open) Product((double Value, bool Open) a, (double Value, bool Open) b)
        => (a.Value == 0 && !a.Open) || (b.Value == 0 && !b.Open) ? (0, false)
            : a.Value == 0 || b.Value == 0 ? (0, true)
            : (a.Value * b.Value, a.Open || b.Open);
}
