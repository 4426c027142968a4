using System.Numerics;
using OptDsl.Runtime.Tests.Kernels;
using Xunit;

namespace OptDsl.Runtime.Tests.Functions;

/// <summary>
/// The same bits at every width and in every tail: a lane that is computed by another path, or a constant that is not set in all lanes,
/// differs.
/// </summary>
public sealed class WidthTests
{
    public static TheoryData<string> Names => [.. Function.All.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_width_gives_the_bits_of_one_lane_in_float(string name)
    => Check(name, random => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_width_gives_the_bits_of_one_lane_in_double(string name)
    => Check(name, random => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));

    [Fact]
    public void The_functions_for_one_number_are_those_of_one_lane()
    {
        double[] x = Specials.Of<double>();
        foreach (double a in x)
        {
            foreach (double b in x)
            {
                Assert.Equal(One("Pow", a, b), RuleMath.Pow(a, b));
                Assert.Equal(One("Hypot", a, b), RuleMath.Hypot(a, b));
                Assert.Equal(One("Atan2", a, b), RuleMath.Atan2(a, b));
                Assert.Equal(One("Atan2", (float)a, (float)b), RuleMath.Atan2((float)a, (float)b));
                Assert.Equal(One("Pow", (float)a, (float)b), RuleMath.Pow((float)a, (float)b));
                Assert.Equal(One("Hypot", (float)a, (float)b), RuleMath.Hypot((float)a, (float)b));
            }

            (string, double, float)[] made =
            [
                ("Exp", RuleMath.Exp(a), RuleMath.Exp((float)a)), ("Log", RuleMath.Log(a), RuleMath.Log((float)a)),
                ("Log2", RuleMath.Log2(a), RuleMath.Log2((float)a)), ("Sin", RuleMath.Sin(a), RuleMath.Sin((float)a)),
                ("Cos", RuleMath.Cos(a), RuleMath.Cos((float)a)), ("Tanh", RuleMath.Tanh(a), RuleMath.Tanh((float)a)),
                ("Atan", RuleMath.Atan(a), RuleMath.Atan((float)a)), ("Cbrt", RuleMath.Cbrt(a), RuleMath.Cbrt((float)a)),
            ];
            Assert.All(made, made =>
            {
                Assert.Equal(One(made.Item1, a, 0), made.Item2);
                Assert.Equal(One(made.Item1, (float)a, 0), made.Item3);
            });
        }
    }

    private static T One<T>(string name, T x, T y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var results = new T[1];
        Function.Named(name).Run(SimdWidth.Scalar, [x], [y], results);
        return results[0];
    }

    private static void Check<T>(string name, Func<Random, T> any)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(5);
        T[] specials = Specials.Of<T>();
        T Value() => random.Next(4) switch
        {
            0 => specials[random.Next(specials.Length)],
            1 => T.CreateTruncating((random.NextDouble() - .5) * 8),
            2 => T.CreateTruncating((random.NextDouble() - .5) * 1e7),
            _ => any(random),
        };

        // Every remainder of the widest vector's 16 lanes, then many.
        foreach (int length in Enumerable.Range(1, 35).Append(20_011))
        {
            T[] x = [.. Enumerable.Range(0, length).Select(_ => Value())], y = [.. Enumerable.Range(0, length).Select(_ => Value())];
            var expected = new T[length];
            Function.Named(name).Run(SimdWidth.Scalar, x, y, expected);
            foreach (SimdWidth width in (SimdWidth[])[SimdWidth.Bits128, SimdWidth.Bits256, SimdWidth.Bits512])
            {
                var made = new T[length];
                Function.Named(name).Run(width, x, y, made);
                for (int i = 0; i < length; i++)
                {
                    Assert.True(
                        Specials.Bits(expected[i]) == Specials.Bits(made[i]) || (T.IsNaN(expected[i]) && T.IsNaN(made[i])),
                        $"{name}({x[i]:R}, {y[i]:R}) at {width}, {i} of {length}: {made[i]:R}, not {expected[i]:R}");
                }
            }
        }
    }
}
