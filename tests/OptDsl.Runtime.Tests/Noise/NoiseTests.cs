using System.Numerics;
using OptDsl.Runtime.Tests.Kernels;
using Xunit;
using Draw = OptDsl.Noise;

namespace OptDsl.Runtime.Tests.Noise;

/// <summary>Draws depend on key and element alone, and are of the distributions they are said to be.</summary>
public sealed class NoiseTests
{
    private static readonly NoiseKey Key = new(20_261_122, 3, 1);

    public static TheoryData<NoiseKind> Kinds => [NoiseKind.Gaussian, NoiseKind.Uniform, NoiseKind.Rademacher];

    /// <summary>A block that is made otherwise where it is wanted in part, or a lane out of order at one width, differs.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_width_start_and_length_gives_the_same_draws(NoiseKind kind)
    {
        Check<float>(kind);
        Check<double>(kind);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Large_elements_attempts_and_seeds_have_draws_of_their_own(NoiseKind kind)
    {
        NoiseKey[] keys =
        [
            Key, Key with { Seed = 1 }, Key with { Seed = 1UL << 32 }, Key with { Seed = ulong.MaxValue }, Key with { Attempt = 0 },
                Key with { Attempt = 1UL << 32 },
            Key with { Attempt = (1UL << 48) - 1 }, Key with { Stream = 0 }, Key with { Stream = uint.MaxValue },
                Key with { Attempt = 1, Stream = 3 },
        ];
        var seen = new HashSet<string>();
        foreach (NoiseKey key in keys)
        {
            foreach (ulong start in (ulong[])[0, 4096, 1UL << 32, 1UL << 34, 1UL << 35, (1UL << 49) - 128])
            {
                var draws = new float[128];
                Draw.Fill(kind, in key, start, draws.AsSpan());
                Assert.True(seen.Add(string.Join(' ', draws)), $"{key} from {start}");
            }
        }
    }

    [Fact]
    public void What_would_run_over_a_counter_is_refused()
    {
        var two = new float[2];
        Assert.Throws<ArgumentOutOfRangeException>(() => Draw.Fill(NoiseKind.Uniform, in Key, (1UL << 49) - 1, two.AsSpan()));
        Assert.Throws<ArgumentOutOfRangeException>(() => Draw.At<float>(NoiseKind.Uniform, Key with { Attempt = 1UL << 48 }, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Draw.At<float>((NoiseKind)3, in Key, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Draw.Fill(NoiseKind.Uniform, in Key, 0, two.AsSpan(), (SimdWidth)64));
        Assert.Throws<NotSupportedException>(() => Draw.At<Half>(NoiseKind.Uniform, in Key, 0));
        Draw.Fill(NoiseKind.Uniform, in Key, 1UL << 49, Span<float>.Empty);
    }

    /// <summary>Below the bound a true generator stays but once in a million runs; the seeds here are fixed.</summary>
    [Theory]
    [InlineData(NoiseKind.Gaussian, 0UL)]
    [InlineData(NoiseKind.Gaussian, 1_000_003UL)]
    [InlineData(NoiseKind.Uniform, 0UL)]
    [InlineData(NoiseKind.Uniform, 1_000_003UL)]
    public void Draws_have_the_distribution(NoiseKind kind, ulong start)
    {
        Assert.InRange(Kolmogorov(kind, Draws<float>(kind, Key, start, 20_000)), 0, .0190);
        Assert.InRange(Kolmogorov(kind, Draws<double>(kind, Key, start, 20_000)), 0, .0190);
    }

    /// <summary>
    /// 3 10^7 draws: beyond 4 sigma 1900.3 are expected, sd 43.6; beyond 5 sigma 17.2, sd 4.1. The bounds are five and four sd.
    /// Radii made of 24 bits, or a logarithm that fails near zero, have none.
    /// </summary>
    [Fact]
    public void Tails_of_normal_draws_are_as_full_as_they_should_be()
    {
        Tails<float>(Key);
        Tails<double>(Key with { Stream = 2 });

        static void Tails<T>(NoiseKey key)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int beyond4 = 0, beyond5 = 0, above = 0;
            const int Part = 300_000, Parts = 100;
            for (int part = 0; part < Parts; part++)
            {
                foreach (double draw in Draws<T>(NoiseKind.Gaussian, key, (ulong)part * Part, Part))
                {
                    double size = Math.Abs(draw);
                    beyond4 += size > 4 ? 1 : 0;
                    beyond5 += size > 5 ? 1 : 0;
                    above += draw > 4 ? 1 : 0;
                    Assert.True(size < (typeof(T) == typeof(float) ? 6.764 : 9.493));
                }
            }

            Assert.InRange(beyond4, 1900.3 - (5 * 43.6), 1900.3 + (5 * 43.6));
            Assert.InRange(beyond5, 2, 17.2 + (4 * 4.1));
            Assert.InRange(above, 950 - (5 * 30.8), 950 + (5 * 30.8));
        }
    }

    /// <summary>Five standard errors: of 10^6 draws, mean and neighbours, streams, attempts, cosines and their sines.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Means_variances_and_correlations_are_right(NoiseKind kind)
    {
        Moments<float>(kind);
        Moments<double>(kind);
    }

    [Fact]
    public void Signs_are_balanced_at_every_place_of_a_block()
    {
        // 2048 draws share sixteen counters: over 4096 such blocks each place is balanced.
        var sums = new int[2048];
        for (int block = 0; block < 4096; block++)
        {
            double[] draws = Draws<float>(NoiseKind.Rademacher, Key, (ulong)block * 2048, 2048);
            for (int i = 0; i < sums.Length; i++)
            {
                Assert.True(Math.Abs(draws[i]) == 1);
                sums[i] += (int)draws[i];
            }
        }

        Assert.All(sums, sum => Assert.InRange(sum, -6 * 64, 6 * 64));
        Assert.InRange(sums.Sum(), -5 * 2897, 5 * 2897);
    }

    [Fact]
    public void Uniform_draws_are_odd_multiples_of_their_unit()
    {
        Assert.All(Draws<float>(NoiseKind.Uniform, Key, 0, 5000), draw => Assert.Equal(1, draw * (1 << 24) % 2));
        Assert.All(Draws<double>(NoiseKind.Uniform, Key, 0, 5000), draw => Assert.Equal(1, draw * (1L << 53) % 2));
    }

    private static void Moments<T>(NoiseKind kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Count = 1_000_000;
        const double Five = 5e-3;
        double centre = kind == NoiseKind.Uniform ? .5 : 0, scale = kind == NoiseKind.Uniform ? Math.Sqrt(12) : 1;
        double[] Standard(NoiseKey key) => [.. Draws<T>(kind, key, 77, Count).Select(draw => (draw - centre) * scale)];
        double[] draws = Standard(Key);
        Assert.InRange(draws.Average(), -Five, Five);
        Assert.InRange(draws.Average(draw => draw * draw), 1 - (Five * 1.5), 1 + (Five * 1.5));
        foreach (int lag in (int[])[1, 2, 4, 8, 16, 32, 64, 128, 1024, 2048, 4096])
        {
            Assert.InRange(Correlation(draws.AsSpan(lag), draws.AsSpan(0, Count - lag)), -Five, Five);
        }

        double[][] others = [Standard(Key with { Stream = 2 }), Standard(Key with { Attempt = 4 }),
            Standard(Key with { Seed = Key.Seed + 1 }), Standard(Key with { Attempt = 3 + (1UL << 32) })];
        Assert.All(others, other => Assert.InRange(Correlation(draws, other), -Five, Five));
        if (kind != NoiseKind.Rademacher)
        {
            // Sizes too: a cosine and its sine share a radius.
            double[] squares = [.. draws.Select(draw => (draw * draw) - 1)];
            foreach (int lag in (int[])[1, 16, 32, 64])
            {
                Assert.InRange(Correlation(squares.AsSpan(lag), squares.AsSpan(0, Count - lag)), -3 * Five, 3 * Five);
            }
        }
    }

    private static double Correlation(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum / a.Length;
    }

    private static double Kolmogorov(NoiseKind kind, double[] draws)
    {
        Array.Sort(draws);
        double most = 0;
        for (int i = 0; i < draws.Length; i++)
        {
            double expected = kind == NoiseKind.Uniform ? draws[i] : Normal(draws[i]);
            most = Math.Max(most,
                Math.Max(Math.Abs(expected - ((double)i / draws.Length)), Math.Abs(expected - ((i + 1.0) / draws.Length))));
        }

        return most;
    }

    /// <summary>The normal distribution function: 1/2 + density * (x + x^3/3 + x^5/15 + ...).</summary>
    private static double Normal(double x)
    {
        double term = x, sum = x;
        for (int n = 3; Math.Abs(term) > 1e-17; n += 2)
        {
            term *= x * x / n;
            sum += term;
        }

        return .5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }

    private static double[] Draws<T>(NoiseKind kind, NoiseKey key, ulong start, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var draws = new T[count];
        Draw.Fill(kind, in key, start, draws.AsSpan());
        return Array.ConvertAll(draws, double.CreateTruncating);
    }

    private static void Check<T>(NoiseKind kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Count = 5000;
        var one = new T[Count];
        for (int i = 0; i < Count; i++)
        {
            one[i] = Draw.At<T>(kind, in Key, 1000 + (ulong)i);
        }

        var random = new Random(2);
        foreach (SimdWidth width in Enum.GetValues<SimdWidth>())
        {
            for (int repeat = 0; repeat < 200; repeat++)
            {
                int start = random.Next(Count), length = random.Next(Math.Min(Count - start, repeat < 150 ? 200 : Count) + 1);
                var made = new T[length + 1];
                Draw.Fill(kind, in Key, 1000 + (ulong)start, made.AsSpan(0, length), width);
                Assert.Equal(T.Zero, made[length]);
                for (int i = 0; i < length; i++)
                {
                    Assert.True(Specials.Bits(one[start + i]) == Specials.Bits(made[i]),
                        $"{kind}, {typeof(T).Name}, {width}: element {1000 + start + i} of {length} from {1000 + start}: {made[i]}, not {one[start + i]}");
                }
            }
        }
    }
}
