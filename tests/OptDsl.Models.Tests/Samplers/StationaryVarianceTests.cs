using OptDsl.Rules;

namespace OptDsl.Models.Tests;

/// <summary>
/// Unadjusted chains on normal targets against the closed form of the variance they settle at, and rules and targets with a mistake that
/// must miss it.
/// </summary>
/// <remarks>
/// 2000 chains of 60 draws so far apart that two correlate by less than .012 (their squares by .00015): a variance has the relative
/// standard deviation root(2 / 120 000) = .0041, and the bound is five of them.
/// </remarks>
public class StationaryVarianceTests
{
    private const int Chains = 2000, Draws = 60;
    private static readonly double Bound = 5 * Math.Sqrt(2.0 / (Chains * Draws));

    public static TheoryData<double> StepSizes => [0.05, 0.2, 0.7];

    [Theory]
    [MemberData(nameof(StepSizes))]
    public void Langevin_has_the_variance_of_its_step(double h)
    {
        RequireVariance(Measure(new Langevin(h), 1 - h, Normal()), 1 / (1 - (h / 2)));
        RequireVariance(Measure(new Langevin(h, 0.3), 1 - h, Normal()), 0.3 / (1 - (h / 2)));
    }

    [Theory]
    [MemberData(nameof(StepSizes))]
    public void A_gradient_with_noise_of_variance_V_adds_its_own(double h)
        => RequireVariance(Measure(new Langevin(h), 1 - h, Target.WithGradientNoise(Normal(), [4])), (2 + (h * 4)) / (2 - h));

    [Fact]
    public void A_constant_preconditioner_multiplies_the_step()
        => RequireVariance(Measure(new ConstantlyPreconditioned(0.2, 3), 1 - 0.6, Normal()), 1 / (1 - (0.2 * 3 / 2)));

    [Theory]
    [MemberData(nameof(StepSizes))]
    public void Noisy_SGD_has_the_variance_of_its_noise(double rate)
    {
        const double H = 2.2, Deviation = 1.7;
        double[] draws = Measure(new NoisySgd(rate), 1 - (rate * H), Normal(H), deviation: Deviation);
        RequireVariance(draws, rate * Deviation * Deviation / (H * (2 - (rate * H))));

        // By the rule's own draws or by the target's: one law.
        RequireVariance(Measure(new Sgd(rate), 1 - (rate * H), Target.WithGradientNoise(Normal(H), [Deviation * Deviation])),
            rate * Deviation * Deviation / (H * (2 - (rate * H))));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.2)]
    public void Underdamped_places_have_the_target_s_variance_exactly(double h)
    {
        const double K = 1.5;
        RequireVariance(Measure(new UnderdampedLangevin(h, Friction: 2), Math.Exp(-0.5 * h), Normal(K)), 1 / K);
        RequireVariance(Measure(new UnderdampedLangevin(h, Friction: 2, Temperature: 0.4), Math.Exp(-0.5 * h), Normal(K)), 0.4 / K);
    }

    /// <summary>
    /// With G = 1 / (1 + |x|): dx = (-G U' + Gamma) dt + root(2 G) dW keeps N(0, 1), and without Gamma it keeps (1 + |x|) exp(-x^2 / 2), of
    /// second moment (r + 4) / (r + 2), r = root(2 pi): the flow of probability G (p' + U' p) + (G' - Gamma) p is zero there.
    /// At h = .01 the step's own bias is below half a percent.
    /// </summary>
    [Fact]
    public void The_term_Gamma_makes_a_preconditioner_of_the_place_unbiased()
    {
        double r = Math.Sqrt(2 * Math.PI), without = (r + 4) / (r + 2);
        double[] corrected = Measure(new CorrectedPreconditionedLangevin(0.01, Decay: 0, Epsilon: 1), 1 - 0.005, Normal());
        double[] plain = Measure(new PreconditionedLangevin(0.01, Decay: 0, Epsilon: 1), 1 - 0.005, Normal());
        RequireVariance(corrected, 1, 0.005);
        RequireVariance(plain, without, 0.005);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => RequireVariance(plain, 1, 0.005));
    }

    /// <summary>
    /// The stationary covariance S of x - rate (H x + noise of covariance C) has S_ij = rate C_ij / (h_i + h_j - rate h_i h_j), H a
    /// diagonal.
    /// </summary>
    [Fact]
    public void Noise_of_a_full_covariance_gives_SGD_the_covariance_of_Lyapunov_s_equation()
    {
        const double Rate = 0.2;
        double[] h = [1, 2.5, 0.7], c = [2, 1.2, -0.3, 1.2, 1, 0.1, -0.3, 0.1, 0.6];
        ITarget<double> target = Target.FromPotential<double>(3, (position, gradient) =>
        {
            double potential = 0;
            for (int i = 0; i < h.Length; i++)
            {
                gradient[i] = h[i] * position[i];
                potential += h[i] * position[i] * position[i] / 2;
            }

            return potential;
        });
        SamplerOptions options = OptionsFor(1 - (Rate * 0.7));
        using var sampler = new UnadjustedSampler<double, Sgd>(Target.WithGradientNoise(target, c), new Sgd(Rate), options, AtZero);
        Samples<double> samples = sampler.Run(cancellation: TestContext.Current.CancellationToken).Samples!;
        double Expected(int i, int j) => Rate * c[(3 * i) + j] / (h[i] + h[j] - (Rate * h[i] * h[j]));
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double found = samples.GetComponent(i).Zip(samples.GetComponent(j), (x, y) => x * y).Average();

                // The variance of a product of normals is S_ii S_jj + S_ij^2.
                double deviation = Math.Sqrt(((Expected(i, i) * Expected(j, j)) + (Expected(i, j) * Expected(i, j))) / (Chains * Draws));
                Assert.InRange(found, Expected(i, j) - (5 * deviation), Expected(i, j) + (5 * deviation));
            }
        }
    }

    [Fact]
    public void Rules_with_a_mistake_in_their_noise_miss_it()
    {
        RequireMissed(Measure(new NoiseOfStepSize(), 0.8, Normal()), 1 / 0.9);
        RequireMissed(Measure(new NoiseWithoutTwo(), 0.8, Normal()), 1 / 0.9);
        RequireMissed(Measure(new NoiseByExamples(), 0.8, Normal()), 1 / 0.9);
        RequireMissed(Measure(new NoiseInGradient(), 0.8, Normal()), 1 / 0.9);
        RequireMissed(Measure(new NoiseNotPreconditioned(), 0.4, Normal()), 1 / 0.7);
        RequireMissed(Measure(new NoiseDivided(), 0.4, Normal()), 1 / 0.7);
    }

    /// <summary>
    /// Twenty observations of variance 1 and a normal prior of precision 10: the posterior's precision is P = 30. A batch of n of N
    /// examples, with replacement, gives the gradient the variance V = N^2 v / n, v being that of the observations; Langevin settles at
    /// (2 + h V) / (P (2 - h P)).
    /// </summary>
    [Fact]
    public void A_posterior_by_batches_has_its_mean_and_variance_and_misses_them_without_prior_or_scale()
    {
        const double H = 0.005, PriorPrecision = 10;
        const int Count = 20, Batch = 5;
        double[] observed = [.. Enumerable.Range(0, Count).Select(i => 1 + (0.3 * Math.Sin(i)))];
        double mean = observed.Average(), spread = observed.Sum(y => (y - mean) * (y - mean)) / Count, precision = Count + PriorPrecision,
            v = Count * (double)Count * spread / Batch;
        var loss = new LinearRegressionLoss<double>([.. Enumerable.Repeat(1.0, Count)], observed, 1);
        using var parameters = new ParameterBuffer<double>();
        loss.AddTo(parameters);
        ITarget<double> prior = Normal(PriorPrecision);
        double posteriorMean = Count * mean / precision, variance = (2 + (H * v)) / (precision * (2 - (H * precision)));
        void Check(ITarget<double> target)
        {
            double[] draws = Measure(new Langevin(H), 1 - (H * precision), target);
            double average = draws.Average();
            Assert.InRange(average, posteriorMean - (5 * Math.Sqrt(variance / draws.Length)),
                posteriorMean + (5 * Math.Sqrt(variance / draws.Length)));
            RequireVariance([.. draws.Select(x => x - posteriorMean)], variance);
        }

        Check(Target.FromBatches(loss, parameters, Batch, prior));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Check(Target.FromBatches(loss, parameters, Batch)));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Check(new UnscaledBatches(loss, parameters, Batch, prior)));
    }

    private static NormalTarget Normal(double precision = 1) => new(precision);

    private static void AtZero(int chain, Span<double> position) => position.Clear();

    /// <summary>Warm-up until what is left of the beginning is 1e-6, thinning until two draws correlate by .012.</summary>
    private static SamplerOptions OptionsFor(double correlation) => new()
    {
        Chains = Chains,
        Draws = Draws,
        Seed = 11,
        WarmUp = (int)Math.Ceiling(Math.Log(1e-6) / Math.Log(Math.Abs(correlation))),
        Thinning = (int)Math.Ceiling(Math.Log(0.012) / Math.Log(Math.Abs(correlation))),
    };

    private static double[] Measure<TRule>(TRule rule, double correlation, ITarget<double> target, double? deviation = null)
        where TRule : class, IUpdateRule<double>
    {
        using var sampler = new UnadjustedSampler<double, TRule>(target, rule, OptionsFor(correlation), AtZero);
        if (deviation is { } stated)
        {
            sampler.Optimizer.GetInput("deviation").Fill(stated);
        }

        return sampler.Run(cancellation: TestContext.Current.CancellationToken).Samples!.GetComponent(0);
    }

    private static void RequireVariance(double[] draws, double expected, double bias = 0)
        => Assert.InRange(draws.Average(x => x * x) / expected, 1 - Bound - bias, 1 + Bound + bias);

    private static void RequireMissed(double[] draws, double expected)
        => Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => RequireVariance(draws, expected));

    /// <summary>One component, with its curvature.</summary>
    private sealed class NormalTarget(double precision) : ICurvatureTarget<double>
    {
        public int Dimensions => 1;

        public bool IsThreadSafe => true;

        public void Evaluate(in ChainBatch<double> batch)
        {
            for (int chain = 0; chain < batch.Count; chain++)
            {
                double x = batch.Positions[chain];
                batch.Gradients[chain] = precision * x;
                batch.Potentials[chain] = precision * x * x / 2;
            }
        }

        public void ComputeCurvature(in ChainBatch<double> batch, Span<double> diagonals) => diagonals.Fill(precision);
    }

    /// <summary>The mean over the batch for the sum over all: N / n missing.</summary>
    private sealed class UnscaledBatches(LinearRegressionLoss<double> loss, ParameterBuffer<double> parameters, int batchSize,
        ITarget<double> prior) : ITarget<double>
    {
        private readonly ITarget<double> scaled = Target.FromBatches(loss, parameters, batchSize);

        public int Dimensions => 1;

        public bool IsThreadSafe => false;

        public bool IsStochastic => true;

        public void Evaluate(in ChainBatch<double> batch)
        {
            scaled.Evaluate(in batch);
            double[] mean = [.. batch.Gradients.ToArray().Select(g => g / loss.ExampleCount)];
            prior.Evaluate(in batch);
            for (int chain = 0; chain < batch.Count; chain++)
            {
                batch.Gradients[chain] += mean[chain];
            }
        }
    }
}
