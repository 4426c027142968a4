namespace OptDsl.Generator.Language;

/// <summary>
/// Values between two ends, either of which may be left out: 1 - b, for b in [0, 1), lies in (0, 1]. Zero between the ends may be left out,
/// too.
/// </summary>
internal readonly struct ValueRange(double low, double high, bool lowOpen = false, bool highOpen = false, bool withoutZero = false)
    : IEquatable<ValueRange>
{
    internal static readonly ValueRange All = new(double.NegativeInfinity, double.PositiveInfinity);
    internal static readonly ValueRange None = new(double.PositiveInfinity, double.NegativeInfinity);
    internal static readonly ValueRange NonZero = new(double.NegativeInfinity, double.PositiveInfinity, withoutZero: true);
    internal static readonly ValueRange NonNegative = new(0, double.PositiveInfinity);
    internal static readonly ValueRange NonPositive = new(double.NegativeInfinity, 0);
    internal static readonly ValueRange Positive = new(0, double.PositiveInfinity, lowOpen: true);
    internal static readonly ValueRange Negative = new(double.NegativeInfinity, 0, highOpen: true);
    internal static readonly ValueRange FromOne = new(1, double.PositiveInfinity);
    internal static readonly ValueRange Decay = new(0, 1, highOpen: true);
    internal static readonly ValueRange Share = new(0, 1);

    internal double Low => low;

    internal double High => high;

    internal bool LowOpen => lowOpen;

    internal bool HighOpen => highOpen;

    /// <summary>Whether zero, which lies between the ends, is left out.</summary>
    internal bool WithoutZero => withoutZero && low < 0 && high > 0;

    /// <summary>Whether no value is left, as on a path that no step takes.</summary>
    internal bool IsEmpty => low > high || (low == high && (lowOpen || highOpen || (withoutZero && low == 0)));

    internal bool HasZero => !withoutZero && (low < 0 || (low == 0 && !lowOpen)) && (high > 0 || (high == 0 && !highOpen));

    internal bool IsPositive => low > 0 || (low == 0 && (lowOpen || withoutZero));

    internal bool IsNegative => high < 0 || (high == 0 && (highOpen || withoutZero));

    internal bool IsPoint => low == high && !lowOpen && !highOpen;

    internal bool Within(ValueRange other)
        => (low > other.Low || (low == other.Low && (lowOpen || !other.LowOpen)))
        && (high < other.High || (high == other.High && (highOpen || !other.HighOpen)));

    internal bool Contains(double value)
        => (value > low || (value == low && !lowOpen)) && (value < high || (value == high && !highOpen)) && !(withoutZero && value == 0);

    /// <summary>
    /// The values of a hyperparameter with a domain. Zero at an end is left out where the default is another number: an epsilon may be
    /// set to zero, and who does so knows what is divided by it.
    /// </summary>
    internal static ValueRange Of(Model.IntervalSpec domain, double? given)
    {
        bool apart = given is not (null or 0);
        return new(domain.Low, domain.High, !domain.IncludesLow || (apart && domain.Low == 0),
            !domain.IncludesHigh || (apart && domain.High == 0));
    }

    internal static ValueRange Point(double value) => double.IsNaN(value) ? All : new(value, value);

    /// <summary>Of integers: an end that is left out is the next one.</summary>
    internal ValueRange Whole()
    {
        if (IsEmpty)
        {
            return this;
        }

        double least = Math.Ceiling(low), most = Math.Floor(high);
        least += (lowOpen && least == low) || (withoutZero && least == 0) ? 1 : 0;
        most -= (highOpen && most == high) || (withoutZero && most == 0) ? 1 : 0;
        return new(least, most, false, false, withoutZero);
    }

    public static ValueRange operator -(ValueRange a) => new(-a.High, -a.Low, a.HighOpen, a.LowOpen, a.WithoutZero);

    public static ValueRange operator +(ValueRange a, ValueRange b)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            return None;
        }

        double least = a.Low + b.Low, most = a.High + b.High;
        return double.IsNaN(least) || double.IsNaN(most) ? All : new(least, most, a.LowOpen || b.LowOpen, a.HighOpen || b.HighOpen);
    }

    public static ValueRange operator *(ValueRange a, ValueRange b)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            return None;
        }

        ReadOnlySpan<(double Value, bool Open)> ends =
        [
            Product((a.Low, a.LowOpen), (b.Low, b.LowOpen)), Product((a.Low, a.LowOpen), (b.High, b.HighOpen)),
            Product((a.High, a.HighOpen), (b.Low, b.LowOpen)), Product((a.High, a.HighOpen), (b.High, b.HighOpen)),
        ];
        return Hull(ends, !a.HasZero && !b.HasZero);
    }

    public static ValueRange operator /(ValueRange a, ValueRange b)
        => a.IsEmpty || b.IsEmpty ? None
            : b.WithoutZero ? (a.HasZero ? All : NonZero)
            : !b.HasZero
            ? a * new ValueRange(Reciprocal(b.High, above: b.Low >= 0), Reciprocal(b.Low, above: b.Low >= 0),
                b.HighOpen || double.IsInfinity(b.High), b.LowOpen || double.IsInfinity(b.Low))
            : a.Low >= 0 && b.Low >= 0 ? (a.IsPositive ? Positive : NonNegative)
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
        return IsEmpty ? None : low >= 0 ? this : high <= 0 ? negated
            : new ValueRange(0, Math.Max(high, -low), withoutZero, high == -low ? highOpen && lowOpen : high > -low ? highOpen : lowOpen);
    }

    internal ValueRange Sqrt()
        => IsEmpty ? None : new(Math.Sqrt(Math.Max(low, 0)), Math.Sqrt(Math.Max(high, 0)), low >= 0 && lowOpen, high > 0 && highOpen);

    /// <summary>By a function that never falls.</summary>
    internal ValueRange Map(Func<double, double> rising) => IsEmpty ? None : new(rising(low), rising(high), lowOpen, highOpen);

    internal static ValueRange Min(ValueRange a, ValueRange b) => -Max(-a, -b);

    internal static ValueRange Max(ValueRange a, ValueRange b)
        => a.IsEmpty || b.IsEmpty ? None : new(
            Math.Max(a.Low, b.Low), Math.Max(a.High, b.High),
            a.Low == b.Low ? a.LowOpen || b.LowOpen : a.Low > b.Low ? a.LowOpen : b.LowOpen,
            a.High == b.High ? a.HighOpen && b.HighOpen : a.High > b.High ? a.HighOpen : b.HighOpen,
            !a.HasZero && !b.HasZero);

    /// <summary>Either of two values.</summary>
    internal static ValueRange Either(ValueRange a, ValueRange b)
        => a.IsEmpty ? b : b.IsEmpty ? a : new(
            Math.Min(a.Low, b.Low), Math.Max(a.High, b.High),
            a.Low == b.Low ? a.LowOpen && b.LowOpen : a.Low < b.Low ? a.LowOpen : b.LowOpen,
            a.High == b.High ? a.HighOpen && b.HighOpen : a.High > b.High ? a.HighOpen : b.HighOpen,
            !a.HasZero && !b.HasZero);

    /// <summary>What both allow.</summary>
    internal static ValueRange Both(ValueRange a, ValueRange b)
    {
        double least = Math.Max(a.Low, b.Low), most = Math.Min(a.High, b.High);
        bool leastOpen = a.Low == b.Low ? a.LowOpen || b.LowOpen : a.Low > b.Low ? a.LowOpen : b.LowOpen;
        bool mostOpen = a.High == b.High ? a.HighOpen || b.HighOpen : a.High < b.High ? a.HighOpen : b.HighOpen;
        bool apart = !a.HasZero || !b.HasZero;
        return a.IsEmpty || b.IsEmpty ? None
            : new(least, most, leastOpen || (apart && least == 0), mostOpen || (apart && most == 0), apart && least < 0 && most > 0);
    }

    /// <summary>
    /// The value (1 - w) past + w sample for a weight within [0, 1]: it lies between the two, and where the weight is not zero the sample
    /// keeps it off an end that only the past has.
    /// </summary>
    internal static ValueRange Mixture(ValueRange past, ValueRange sample, ValueRange weight)
    {
        if (past.IsEmpty || sample.IsEmpty || weight.IsEmpty)
        {
            return None;
        }

        ValueRange hull = Either(past, sample);
        bool mayBeZero = weight.HasZero, mayBeOne = weight.Contains(1);
        bool lowOpen = !Reaches(past.Low, past.LowOpen, sample.Low, sample.LowOpen, mayBeZero, mayBeOne, higher: false);
        bool highOpen = !Reaches(past.High, past.HighOpen, sample.High, sample.HighOpen, mayBeZero, mayBeOne, higher: true);
        return new(hull.Low, hull.High, hull.LowOpen || lowOpen, hull.HighOpen || highOpen);
    }

    /// <summary>This, with every end that moved from another range put as far as its sign allows: the fixed point is then near.</summary>
    internal ValueRange WidenedFrom(ValueRange before)
    {
        if (before.IsEmpty || IsEmpty)
        {
            return this;
        }

        bool lower = low < before.Low || (low == before.Low && before.LowOpen && !lowOpen), higher = high > before.High
            || (high == before.High && before.HighOpen && !highOpen);
        double least = !lower ? low : low >= 1 ? 1 : low >= 0 ? 0 : double.NegativeInfinity;
        double most = !higher ? high : high <= 0 ? 0 : high <= 1 ? 1 : double.PositiveInfinity;
        return new(least, most, least == low ? lowOpen : least == 0, most == high ? highOpen : most is 0, withoutZero);
    }

    public bool Equals(ValueRange other)
        => low == other.Low && high == other.High && lowOpen == other.LowOpen && highOpen == other.HighOpen
        && WithoutZero == other.WithoutZero;

    public override bool Equals(object? obj) => obj is ValueRange other && Equals(other);

    public override int GetHashCode() => (low, high).GetHashCode();

    /// <summary>The least range around values each of which is one or, if it is open, nearly one.</summary>
    internal static ValueRange Hull(ReadOnlySpan<(double Value, bool Open)> ends, bool withoutZero = false)
    {
        (double Value, bool Open) least = ends[0], most = ends[0];
        foreach ((double Value, bool Open) end in ends)
        {
            if (double.IsNaN(end.Value))
            {
                return All;
            }

            if (end.Value < least.Value || (end.Value == least.Value && !end.Open))
            {
                least = end;
            }

            if (end.Value > most.Value || (end.Value == most.Value && !end.Open))
            {
                most = end;
            }
        }

        return new(least.Value, most.Value, least.Open, most.Open, withoutZero);
    }

    private static bool Reaches(double past, bool pastOpen, double sample, bool sampleOpen, bool mayBeZero, bool mayBeOne, bool higher)
        => past == sample ? (!pastOpen && (mayBeZero || !sampleOpen)) || (!sampleOpen && mayBeOne)
            : past < sample != higher ? mayBeZero && !pastOpen
            : mayBeOne && !sampleOpen;

    private static double Reciprocal(double end, bool above) => end == 0 ? (above ? double.PositiveInfinity : double.NegativeInfinity)
        : 1 / end;

    private static (double Value, bool Open) Product((double Value, bool Open) a, (double Value, bool Open) b)
        => (a.Value == 0 && !a.Open) || (b.Value == 0 && !b.Open) ? (0, false)
            : a.Value == 0 || b.Value == 0 ? (0, true)
            : (a.Value * b.Value, a.Open || b.Open);
}
