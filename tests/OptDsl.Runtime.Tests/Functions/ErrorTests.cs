using System.Globalization;
using Xunit;

namespace OptDsl.Runtime.Tests.Functions;

/// <summary>
/// The stated errors: of float against the platform's double function, of double against series of 192 digits. A coefficient
/// with a wrong digit, a reduction that loses its low part, or a scale that rounds twice exceeds them.
/// </summary>
/// <remarks>
/// <c>OPTDSL_FLOAT_STRIDE=1</c> tries every float and not each 1009th, <c>OPTDSL_SAMPLES</c> another number of doubles a range.
/// </remarks>
public sealed class ErrorTests(ITestOutputHelper output)
{
    private static readonly uint Stride
        = uint.Parse(Environment.GetEnvironmentVariable("OPTDSL_FLOAT_STRIDE") ?? "1009", CultureInfo.InvariantCulture);

    private static readonly int Samples
        = int.Parse(Environment.GetEnvironmentVariable("OPTDSL_SAMPLES") ?? "600", CultureInfo.InvariantCulture);

    public static TheoryData<string> Names => [.. Function.All.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Float_is_within_the_stated_error(string name)
    {
        var function = Function.Named(name);
        const int Length = 1 << 16;
        var (x, y, results) = (new float[Length], new float[Length], new float[Length]);
        var random = new Random(3);
        double worst = 0;
        (float X, float Y) where = default;
        for (ulong first = 0; first <= uint.MaxValue; first += Length * (ulong)Stride)
        {
            for (int i = 0; i < Length; i++)
            {
                uint bits = (uint)(first + ((ulong)i * Stride));
                x[i] = BitConverter.UInt32BitsToSingle(bits);
                y[i] = function.IsBinary ? Second(name, x[i], random) : 0;
            }

            function.Run(SimdWidth.Bits256, x, y, results);
            for (int i = 0; i < Length; i++)
            {
                double exact = function.Platform(x[i], y[i]);
                if (!float.IsFinite((float)exact) || exact == 0)
                {
                    // What rounds to infinity may still be the largest float, and the other way round.
                    double most = Math.CopySign(float.MaxValue, exact);
                    Assert.True(results[i].Equals((float)exact) || (double.IsFinite(exact) && results[i] == most),
                        $"{name}({x[i]:R}, {y[i]:R}) = {results[i]:R}, not {exact:R}");
                    continue;
                }

                double error = Math.Abs(results[i] - exact) / Ulp(exact);
                if (!(error <= worst))
                {
                    (worst, where) = (error, (x[i], y[i]));
                }
            }
        }

        output.WriteLine($"{name}: {worst:0.000} ulp at {where.X:R}, {where.Y:R}");
        Assert.True(worst <= function.Ulps, $"{name}: {worst} ulp at {where.X:R}, {where.Y:R}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Double_is_within_the_stated_error(string name)
    {
        var function = Function.Named(name);
        (double X, double Y)[] points = [.. DoublePoints.Of(name, Samples)];
        double[] x = [.. points.Select(point => point.X)], y = [.. points.Select(point => point.Y)], results = new double[points.Length];
        function.Run(SimdWidth.Bits256, x, y, results);
        double worst = 0;
        (double X, double Y) where = default;
        for (int i = 0; i < points.Length; i++)
        {
            double platform = function.Platform(x[i], y[i]);
            if (!double.IsFinite(platform) || platform == 0)
            {
                Assert.True(results[i].Equals(platform) || Math.Abs(results[i]) is double.MaxValue or double.Epsilon,
                    $"{name}({x[i]:R}, {y[i]:R}) = {results[i]:R}, not {platform:R}");
                continue;
            }

            double error = double.IsFinite(results[i]) ? function.Exact(x[i], y[i]).ErrorOf(results[i], 53, -1021)
                : double.PositiveInfinity;
            if (!(error <= worst))
            {
                (worst, where) = (error, (x[i], y[i]));
            }
        }

        output.WriteLine($"{name}: {worst:0.000} ulp at {where.X:R}, {where.Y:R} of {points.Length}");
        Assert.True(worst <= function.Ulps, $"{name}: {worst} ulp at {where.X:R}, {where.Y:R}");
    }

    /// <summary>
    /// The oracle itself. The platform's own error is at most 3 ulp, but for angles as 5.319372648326541E+255: there it is 8.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_series_agree_with_the_platform(string name)
    {
        var function = Function.Named(name);
        foreach ((double x, double y) in DoublePoints.Of(name, 40))
        {
            double platform = function.Platform(x, y);
            if (double.IsFinite(platform) && platform != 0)
            {
                double error = function.Exact(x, y).ErrorOf(platform, 53, -1021);
                Assert.True(error < 16, $"{name}({x:R}, {y:R}): {error}");
            }
        }
    }

    private static float Second(string name, float x, Random random)
    {
        if (name == "Hypot")
        {
            // Of like size, else the smaller one counts for nothing.
            return float.IsFinite(x) ? (float)(x * Math.Pow(2, random.Next(-14, 15)) * random.NextDouble()) : random.NextSingle();
        }

        if (name == "Atan2")
        {
            return PlanePoints.Beside(x, random);
        }

        // An exponent with which the power is a float.
        double most = 128 / Math.Abs(Math.Log2(Math.Abs(x)));
        float y = (float)(most * ((2.2 * random.NextDouble()) - 1.1));
        return random.Next(8) == 0 || !float.IsFinite(y) ? random.Next(-5, 6) : y;
    }

    private static double Ulp(double exact) => Math.Pow(2, Math.Max(Math.ILogB(exact), -126) - 23);
}
