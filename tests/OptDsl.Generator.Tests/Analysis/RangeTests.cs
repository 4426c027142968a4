using OptDsl.Generator.Language;
using OptDsl.Generator.Model;
using Xunit;

namespace OptDsl.Generator.Tests.Analysis;

/// <summary>Ranges hold what is computed: values are drawn from the operands' ranges, and the result must lie in the operation's.</summary>
public class RangeTests
{
    private static readonly double[] Ends = [double.NegativeInfinity, -3, -1, -0.5, 0, 0.25, 1, 2, 7, double.PositiveInfinity];

    public static TheoryData<string, int> Operations => new()
    {
        { nameof(Operation.Add), 2 }, { nameof(Operation.Subtract), 2 }, { nameof(Operation.Multiply), 2 }, { nameof(Operation.Divide), 2 },
            { nameof(Operation.Remainder), 2 },
        { nameof(Operation.Negate), 1 }, { nameof(Operation.Sqrt), 1 }, { nameof(Operation.Abs), 1 }, { nameof(Operation.Min), 2 },
            { nameof(Operation.Max), 2 },
        { nameof(Operation.CopySign), 2 }, { nameof(Operation.Sign), 1 }, { nameof(Operation.Floor), 1 }, { nameof(Operation.Ceiling), 1 },
            { nameof(Operation.Truncate), 1 },
        { nameof(Operation.Round), 1 }, { nameof(Operation.FusedMultiplyAdd), 3 }, { nameof(Operation.Exp), 1 },
            { nameof(Operation.Log), 1 }, { nameof(Operation.Tanh), 1 },
        { nameof(Operation.Atan), 1 }, { nameof(Operation.Atan2), 2 },
        { nameof(Operation.Cbrt), 1 }, { nameof(Operation.Pow), 2 }, { nameof(Operation.Hypot), 2 }, { nameof(Operation.Less), 2 },
            { nameof(Operation.LessOrEqual), 2 },
        { nameof(Operation.Equal), 2 }, { nameof(Operation.NotEqual), 2 },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_stays_in_its_range(string name, int operands)
    {
        var random = new Random(17);
        Operation operation = Enum.Parse<Operation>(name);
        var node = new Expression(operation, operation >= Operation.Less ? ScalarType.Boolean : ScalarType.Float64, Kind.Group, 0,
            operands > 1 ? 1 : -1, operands > 2 ? 2 : -1);
        for (int trial = 0; trial < 20_000; trial++)
        {
            ValueRange a = Draw(random), b = Draw(random), c = Draw(random);
            ValueRange range = OperationRanges.Of(node, a, b, c);
            double x = Value(random, a), y = Value(random, b), z = Value(random, c), result = Compute(operation, x, y, z);
            Assert.True(double.IsNaN(result) || Holds(range, result),
                $"{name} of {x} in {Text(a)}, {y} in {Text(b)}, {z} in {Text(c)} is {result}, not in {Text(range)}");
        }
    }

    /// <summary>A range with zero has -0, of which the angle may be half a turn away.</summary>
    [Fact]
    public void An_angle_stays_in_its_range_beside_zeros_of_either_sign()
    {
        var node = new Expression(Operation.Atan2, ScalarType.Float64, Kind.Group, 0, 1);
        double[] values = [double.NegativeInfinity, -2, -1e-300, -0.0, 0, 1e-300, 2, double.PositiveInfinity];
        foreach (double y in values)
        {
            foreach (double x in values)
            {
                foreach (ValueRange a in Around(y))
                {
                    foreach (ValueRange b in Around(x))
                    {
                        ValueRange range = OperationRanges.Of(node, a, b, default);
                        double angle = Math.Atan2(y, x);
                        Assert.True(range.Contains(angle),
                            $"{y} of {Text(a)} and {x} of {Text(b)} have the angle {angle}, not in {Text(range)}");
                        Assert.True(range.Within(new ValueRange(-Math.PI, Math.PI)), Text(range));
                    }
                }
            }
        }

        static IEnumerable<ValueRange> Around(double value)
        {
            ValueRange[] all =
            [
                ValueRange.Point(value), ValueRange.All, ValueRange.NonZero, ValueRange.NonNegative, ValueRange.NonPositive,
                    ValueRange.Positive, ValueRange.Negative,
                ValueRange.Share, new ValueRange(-2, 0), new ValueRange(-2, 2, withoutZero: true),
            ];
            return all.Where(range => range.Contains(value));
        }
    }

    [Fact]
    public void A_mixture_stays_in_its_range()
    {
        var random = new Random(18);
        for (int trial = 0; trial < 20_000; trial++)
        {
            ValueRange past = Draw(random), sample = Draw(random), weight = ValueRange.Both(Draw(random), ValueRange.Share);
            if (weight.IsEmpty)
            {
                continue;
            }

            double a = Value(random, past), x = Value(random, sample), w = Value(random, weight), mixed = w == 0 ? a
                : w == 1 ? x : ((1 - w) * a) + (w * x);
            ValueRange range = ValueRange.Mixture(past, sample, weight);
            Assert.True(Holds(range, mixed),
                $"{a} in {Text(past)} and {x} in {Text(sample)} by {w} in {Text(weight)} is {mixed}, not in {Text(range)}");
        }
    }

    [Fact]
    public void What_either_or_both_allow_is_what_one_or_the_other_allows()
    {
        var random = new Random(19);
        for (int trial = 0; trial < 20_000; trial++)
        {
            ValueRange a = Draw(random), b = Draw(random);
            double x = Value(random, a);
            Assert.True(ValueRange.Either(a, b).Contains(x), $"{x} of {Text(a)} is not in either it or {Text(b)}");
            Assert.Equal(b.Contains(x), ValueRange.Both(a, b).Contains(x));
            ValueRange grown = ValueRange.Either(a, b).WidenedFrom(a);
            Assert.True(grown.Contains(x), $"{x} of {Text(a)} is not in {Text(grown)}, which it grew to with {Text(b)}");
        }
    }

    private static double Compute(Operation operation, double x, double y, double z) => operation switch
    {
        Operation.Add => x + y,
        Operation.Subtract => x - y,
        Operation.Multiply => x * y,
        Operation.Divide => x / y,
        Operation.Remainder => x % y,
        Operation.Negate => -x,
        Operation.Sqrt => Math.Sqrt(x),
        Operation.Abs => Math.Abs(x),
        Operation.Min => Math.Min(x, y),
        Operation.Max => Math.Max(x, y),
        Operation.CopySign => y == 0 ? double.NaN : Math.CopySign(x, y),
        Operation.Sign => Math.Sign(x),
        Operation.Floor => Math.Floor(x),
        Operation.Ceiling => Math.Ceiling(x),
        Operation.Truncate => Math.Truncate(x),
        Operation.Round => Math.Round(x),
        Operation.FusedMultiplyAdd => Math.FusedMultiplyAdd(x, y, z),
        Operation.Exp => Math.Exp(x),
        Operation.Log => Math.Log(x),
        Operation.Tanh => Math.Tanh(x),
        Operation.Atan => Math.Atan(x),
        Operation.Atan2 => Math.Atan2(x, y),
        Operation.Cbrt => Math.Cbrt(x),
        Operation.Pow => Math.Pow(x, y),
        Operation.Hypot => double.Hypot(x, y),
        Operation.Less => x < y ? 1 : 0,
        Operation.LessOrEqual => x <= y ? 1 : 0,
        Operation.Equal => x == y ? 1 : 0,
        Operation.NotEqual => x != y ? 1 : 0,
        _ => throw new InvalidOperationException(operation.ToString()),
    };

    /// <summary>Whether a result lies in a range, its rounding and underflow apart.</summary>
    private static bool Holds(ValueRange range, double result)
    {
        double slack = 1e-12 * Math.Max(1, Math.Abs(result));
        return range.Contains(result)
            || (!range.IsEmpty && result >= range.Low - slack && result <= range.High + slack
                && (double.IsInfinity(result) || !IsExact(result)));
    }

    private static bool IsExact(double value)
        => Math.Abs(value) < 100 && value * 64 == Math.Round(value * 64) && value != 0 && Math.Abs(value) != 1;

    private static ValueRange Draw(Random random)
    {
        while (true)
        {
            double low = Ends[random.Next(Ends.Length)], high = Ends[random.Next(Ends.Length)];
            var range = new ValueRange(low, high, double.IsInfinity(low) || random.Next(2) == 0,
                double.IsInfinity(high) || random.Next(2) == 0, random.Next(3) == 0);
            if (!range.IsEmpty && !double.IsInfinity(low + high) | low != high)
            {
                return range;
            }
        }
    }

    private static double Value(Random random, ValueRange range)
    {
        while (true)
        {
            double low = Math.Max(range.Low, -50), high = Math.Min(range.High, 50);
            double value = random.Next(4) switch
            {
                0 => low,
                1 => high,
                2 => 0,
                _ =>
                low + Math.Round(random.NextDouble() * 64) / 64 * (high - low)
            };
            if (range.Contains(value))
            {
                return value;
            }
        }
    }

    private static string Text(ValueRange range)
        => $"{(range.LowOpen ? '(' : '[')}{range.Low}, {range.High}{(range.HighOpen ? ')' : ']')}{(range.WithoutZero ? " but 0" : "")}";
}
