using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace OptDsl.Models.Tests;

/// <summary>MALA against targets whose moments and quantiles have closed forms, and with mistakes that these must notice.</summary>
public class MetropolisTests
{
    private const double Shape = 2.5;

    /// <summary>What a chain's mean, mean square and quantiles come to, and what they should.</summary>
    private sealed record Known(double Mean, double MeanSquare, double Q05, double Q95);

    private static readonly Known Normal = new(0, 1, -1.6448536269514722, 1.6448536269514722);

    /// <summary>The logarithm of a Gamma(k) variable: skewed, with U = e^x - k x.</summary>
    private static readonly Known LogGamma = new(
        SpecialFunctions.DiGamma(Shape), Trigamma(Shape) + Math.Pow(SpecialFunctions.DiGamma(Shape), 2),
            Math.Log(Gamma.InvCDF(Shape, 1, 0.05)), Math.Log(Gamma.InvCDF(Shape, 1, 0.95)));

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Means_squares_and_quantiles_are_those_of_a_normal_target(int dimensions)
    {
        RequireMoments(Draws((target, options) => new MetropolisLangevin<double>(target, options), Normals(dimensions)), Normal);
        RequireMoments(Draws((target, options) => new MetropolisLangevin<float>(target, options), SamplerTests.Normal<float>(1)), Normal);
    }

    [Fact]
    public void Means_squares_and_quantiles_are_those_of_a_skewed_target()
        => RequireMoments(Draws((target, options) => new MetropolisLangevin<double>(target, options), Skewed), LogGamma);

    [Fact]
    public void A_covariance_is_that_of_the_target()
    {
        // Correlation .9: U = (x^2 - 1.8 x y + y^2) / .38.
        ITarget<double> target = Target.FromLogDensity<double>(2, static (position, gradient) =>
        {
            (double x, double y) = (position[0], position[1]);
            gradient[0] = -((2 * x) - (1.8 * y)) / 0.38;
            gradient[1] = -((2 * y) - (1.8 * x)) / 0.38;
            return -((x * x) - (1.8 * x * y) + (y * y)) / 0.38;
        });
        Samples<double> samples = Draws((t, options) => new MetropolisLangevin<double>(t, options), target);
        RequireMoments(samples, Normal);
        double[] products = [.. samples.GetComponent(0).Zip(samples.GetComponent(1), (x, y) => x * y)];
        RequireMean(products, samples.Chains, 0.9);
    }

    /// <summary>
    /// By Geweke and by Gandy and Scott (2021): what is drawn from the prior and moved by K steps of the posterior of its own data is still
    /// drawn from the prior.
    /// </summary>
    [Fact]
    public void Exact_draws_of_the_prior_moved_by_the_posterior_s_chains_stay_the_prior_s()
    {
        MetropolisSettings settings = new() { StepSize = 0.5, Adapts = false };
        Assert.True(PriorIsKept((target, options, start) => new MetropolisLangevin<double>(target, options, settings, start)));
        Assert.False(
            PriorIsKept((target, options, start) => WithoutReverse(new MetropolisLangevin<double>(target, options, settings, start))));
    }

    [Fact]
    public void Without_the_reverse_proposal_or_with_the_gradient_of_a_refused_one_the_moments_are_missed()
    {
        RequireMissed((target, options) => WithoutReverse(new MetropolisLangevin<double>(target, options)));
        RequireMissed((target, options) => KeepsGradient(new MetropolisLangevin<double>(target, options)));

        static void RequireMissed(Func<ITarget<double>, SamplerOptions, Sampler<double>> make)
            => Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => RequireMoments(Draws(make, Skewed), LogGamma));
    }

    [Fact]
    public void The_logarithm_of_the_proposals_ratio_changes_its_sign_with_the_direction_and_is_the_definition_s()
    {
        var random = new Random(3);
        for (int trial = 0; trial < 200; trial++)
        {
            int d = 1 + (trial * 7 % 331);
            double[] x = Numbers(d), y = Numbers(d), gx = Numbers(d), gy = Numbers(d);
            double h = Math.Exp((random.NextDouble() * 6) - 4), b = Math.Exp(random.NextDouble() - 0.5);
            double forward = MetropolisRatio.Proposals<double>(x, y, gx, gy, b, h),
                back = MetropolisRatio.Proposals<double>(y, x, gy, gx, b, h);
            Assert.Equal(forward, -back);
            double defined = 0, size = 0;
            for (int i = 0; i < d; i++)
            {
                double there = y[i] - x[i] + (h * b * gx[i]), here = x[i] - y[i] + (h * b * gy[i]);
                defined += ((there * there) - (here * here)) / (4 * h);
                size += ((there * there) + (here * here)) / (4 * h);
            }

            Assert.InRange(forward - defined, -1e-10 * size, 1e-10 * size);
            double single = MetropolisRatio.Proposals<float>(Array.ConvertAll(x, v => (float)v), Array.ConvertAll(y, v => (float)v),
                Array.ConvertAll(gx, v => (float)v), Array.ConvertAll(gy, v => (float)v), b, h);
            Assert.InRange(single - defined, -1e-5 * size, 1e-5 * size);
        }

        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 4) - 2)];
    }

    [Fact]
    public void Step_sizes_reach_the_acceptance_asked_for_and_stay_after_the_warm_up()
    {
        foreach (double goal in new[] { 0.4, 0.574, 0.9 })
        {
            var settings = new MetropolisSettings { TargetAcceptance = goal, StepSize = 1e-4 };
            using var sampler = new MetropolisLangevin<double>(Normals(30),
                new SamplerOptions { Chains = 8, WarmUp = 2000, Draws = 2000, Seed = 2 }, settings);
            Samples<double> samples = sampler.Run(cancellation: TestContext.Current.CancellationToken).Samples!;
            Assert.InRange(samples.GetStatistic(SampleStatistics.Acceptance).ToArray().Average(), goal - 0.05, goal + 0.05);
            RequireFrozen(samples);
        }

        // Dual averaging from .0001 must have found the step's size, too: for 30 normals of deviation 1 it is about 1.65^2 / 2 / 30^(1/3).
        using var adapting = new MetropolisLangevin<double>(Normals(30),
            new SamplerOptions { Chains = 2, WarmUp = 100, Draws = 100, Seed = 2 })
        { KeepsAdapting = true };
        Samples<double> moving = adapting.Run(cancellation: TestContext.Current.CancellationToken).Samples!;
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => RequireFrozen(moving));

        static void RequireFrozen(Samples<double> samples)
        {
            double[] steps = samples.GetStatistic(SampleStatistics.StepSize).ToArray();
            for (int chain = 0; chain < samples.Chains; chain++)
            {
                Assert.Single(steps.AsSpan(chain * samples.Draws, samples.Draws).ToArray().Distinct());
            }
        }
    }

    [Fact]
    public void A_proposal_outside_of_the_support_is_refused()
    {
        // The half line x > 0 with U = x: an exponential of mean 1. Outside, what the gradient is does not matter.
        ITarget<double> target = Target.FromPotential<double>(1, static (position, gradient) =>
        {
            gradient[0] = position[0] > 0 ? 1 : double.NaN;
            return position[0] > 0 ? position[0] : double.PositiveInfinity;
        });
        using var sampler = new MetropolisLangevin<double>(target,
            new SamplerOptions { Chains = 8, WarmUp = 1000, Draws = 10_000, Thinning = 3, Seed = 4 }, null,
                static (chain, position) => position[0] = 1);
        Samples<double> samples = sampler.Run(cancellation: TestContext.Current.CancellationToken).Samples!;
        Assert.All(samples.GetComponent(0), x => Assert.True(x > 0));
        RequireMean(samples.GetComponent(0), samples.Chains, 1);
        RequireMean([.. samples.GetComponent(0).Select(x => x * x)], samples.Chains, 2);
    }

    [Fact]
    public void A_stochastic_target_is_refused()
        => Assert.Contains("stochastic",
            Assert.Throws<ArgumentException>(() =>
                new MetropolisLangevin<double>(Target.WithGradientNoise(Normals(1), [1]), new SamplerOptions())).Message,
                StringComparison.Ordinal);

    /// <summary>Chains with a seed each are independent; the same seed in all of them is what this must notice.</summary>
    [Fact]
    public void Chains_are_independent_and_chains_of_one_seed_are_not()
    {
        var options = new SamplerOptions { Chains = 6, WarmUp = 200, Draws = 2000, Thinning = 5, Seed = 7 };
        double[] apart = Draws((t, o) => new MetropolisLangevin<double>(t, o), Normals(1), options).GetComponent(0);
        RequireIndependent(apart, 6);
        double[] one = Draws((t, o) => new MetropolisLangevin<double>(t, o), Normals(1), options with { Chains = 1 }).GetComponent(0);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => RequireIndependent([.. Enumerable.Repeat(one, 6).SelectMany(draws => draws)], 6));

        static void RequireIndependent(double[] draws, int chains)
        {
            int length = draws.Length / chains;
            double[][] rows = [.. draws.Chunk(length)];
            for (int i = 0; i < chains; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    double effective = Math.Min(ChainDiagnostics.MeanEss(rows[i], 1), ChainDiagnostics.MeanEss(rows[j], 1));
                    Assert.InRange(Correlation(rows[i], rows[j]), -5 / Math.Sqrt(effective), 5 / Math.Sqrt(effective));
                }
            }
        }

        static double Correlation(double[] x, double[] y)
        {
            double mx = x.Average(), my = y.Average();
            return x.Zip(y, (a, b) => (a - mx) * (b - my))
                .Sum() / Math.Sqrt(x.Sum(a => (a - mx) * (a - mx)) * y.Sum(b => (b - my) * (b - my)));
        }
    }

    private static ITarget<double> Normals(int dimensions) => Target.FromPotential<double>(dimensions, static (position, gradient) =>
    {
        double potential = 0;
        for (int i = 0; i < position.Length; i++)
        {
            gradient[i] = position[i];
            potential += position[i] * position[i] / 2;
        }

        return potential;
    });

    private static ITarget<double> Skewed => Target.FromPotential<double>(1, static (position, gradient) =>
    {
        double grown = Math.Exp(position[0]);
        gradient[0] = grown - Shape;
        return grown - (Shape * position[0]);
    });

    private static Samples<T> Draws<T>(Func<ITarget<T>, SamplerOptions, Sampler<T>> make, ITarget<T> target, SamplerOptions? options = null)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        using Sampler<T> sampler = make(target, options ?? new SamplerOptions { Chains = 8, WarmUp = 1000, Draws = 10_000, Seed = 1 });
        return sampler.Run(cancellation: TestContext.Current.CancellationToken).Samples!;
    }

    /// <summary>Of every component: |z| below 4.9, z by the chains' own standard error, at an effective size of 400 at least.</summary>
    private static void RequireMoments<T>(Samples<T> samples, Known known)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < samples.Dimensions; i++)
        {
            double[] draws = samples.GetComponent(i);
            RequireMean(draws, samples.Chains, known.Mean);
            RequireMean([.. draws.Select(x => x * x)], samples.Chains, known.MeanSquare);

            // A quantile q by the share of draws below it.
            RequireMean([.. draws.Select(x => x < known.Q05 ? 1.0 : 0)], samples.Chains, 0.05);
            RequireMean([.. draws.Select(x => x < known.Q95 ? 1.0 : 0)], samples.Chains, 0.95);
        }
    }

    private static void RequireMean(double[] draws, int chains, double expected)
    {
        Assert.InRange(ChainDiagnostics.MeanEss(draws, chains), 400, double.PositiveInfinity);
        Assert.InRange((draws.Average() - expected) / ChainDiagnostics.MeanError(draws, chains), -4.9, 4.9);
    }

    /// <summary>
    /// x from N(0, 1), y from N(x, 1); five steps on the posterior of x given y, begun at x; then (x', y) must be as (x, y) was: compared
    /// to fresh pairs in x, x^2, x y and the likelihood by tests of two samples, sequentially with an error of 1e-5 for all of it (their
    /// algorithm 2, with beta = alpha / k and gamma = beta^(1/k)).
    /// </summary>
    private static bool PriorIsKept(Func<ITarget<double>, SamplerOptions, ChainStart<double>, Sampler<double>> make)
    {
        const double Alpha = 1e-5;
        const int Rounds = 7, Steps = 5;
        double beta = Alpha / Rounds, gamma = Math.Pow(beta, 1.0 / Rounds);
        int count = 4000;
        for (int round = 0; round < Rounds; round++)
        {
            (double[] x, double[] y) = Pairs(count, seed: (2 * round) + 1);
            (double[] freshX, double[] freshY) = Pairs(count, seed: (2 * round) + 2);
            var options = new SamplerOptions { Chains = count, WarmUp = 0, Draws = 1, Thinning = Steps, Seed = (ulong)round };
            using Sampler<double> sampler = make(new Posterior(y), options, (chain, position) => position[0] = x[chain]);
            double[] moved = sampler.Run(cancellation: TestContext.Current.CancellationToken).Samples!.GetComponent(0);
            Func<double, double, double>[] functions = [(a, b) => a, (a, b) => a * a, (a, b) => a * b, (a, b) => (b - a) * (b - a)];
            double least = functions.Min(f => TwoSamples([.. moved.Zip(y, f)], [.. freshX.Zip(freshY, f)])) * functions.Length;
            if (least <= beta)
            {
                return false;
            }

            if (least > gamma + beta)
            {
                return true;
            }

            beta /= gamma;
            count *= round == 0 ? 4 : 1;
        }

        return true;

        static (double[] X, double[] Y) Pairs(int count, int seed)
        {
            double[] x = new double[count], y = new double[count];
            OptDsl.Noise.Fill(OptDsl.NoiseKind.Gaussian, new OptDsl.NoiseKey((ulong)seed, 1000, 1), 0, x.AsSpan());
            OptDsl.Noise.Fill(OptDsl.NoiseKind.Gaussian, new OptDsl.NoiseKey((ulong)seed, 1000, 2), 0, y.AsSpan());
            return (x, [.. x.Zip(y, (a, b) => a + b)]);
        }
    }

    /// <summary>The p-value of Kolmogorov's and Smirnov's test of two samples, by its limit law.</summary>
    private static double TwoSamples(double[] first, double[] second)
    {
        Array.Sort(first);
        Array.Sort(second);
        double distance = 0;
        for (int i = 0, j = 0; i < first.Length && j < second.Length;)
        {
            if (first[i] <= second[j])
            {
                i++;
            }
            else
            {
                j++;
            }

            distance = Math.Max(distance, Math.Abs(((double)i / first.Length) - ((double)j / second.Length)));
        }

        double root = Math.Sqrt((double)first.Length * second.Length / (first.Length + second.Length)),
            scaled = (root + 0.12 + (0.11 / root)) * distance, p = 0;
        for (int k = 1; k <= 100; k++)
        {
            p += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2 * k * k * scaled * scaled);
        }

        return Math.Clamp(p, 0, 1);
    }

    private static double Trigamma(double x)
    {
        // By the recurrence to where the series of six terms has all digits.
        double sum = 0;
        for (; x < 30; x++)
        {
            sum += 1 / (x * x);
        }

        double inverse = 1 / x, square = inverse * inverse;
        return sum + inverse + (square / 2)
            + (square * inverse * ((1.0 / 6) - (square * ((1.0 / 30) - (square * ((1.0 / 42) - (square / 30)))))));
    }

    /// <summary>The posterior of x given y of each chain.</summary>
    private sealed class Posterior(double[] y) : ITarget<double>
    {
        public int Dimensions => 1;

        public bool IsThreadSafe => true;

        public void Evaluate(in ChainBatch<double> batch)
        {
            for (int chain = 0; chain < batch.Count; chain++)
            {
                double x = batch.Positions[chain], off = x - y[batch.FirstChain + chain];
                batch.Gradients[chain] = x + off;
                batch.Potentials[chain] = ((x * x) + (off * off)) / 2;
            }
        }
    }

    /// <summary>Accepts by the densities alone, as if the proposals were symmetric.</summary>
    private static MetropolisLangevin<T> WithoutReverse<T>(MetropolisLangevin<T> sampler)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        sampler.Moves.Ratio = sampler.Moves.PotentialRatio;
        return sampler;
    }

    /// <summary>Goes back, and keeps the gradient of where it did not go.</summary>
    private static MetropolisLangevin<T> KeepsGradient<T>(MetropolisLangevin<T> sampler)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        sampler.Moves.PutBack = sampler.Moves.RejectPosition;
        return sampler;
    }
}
