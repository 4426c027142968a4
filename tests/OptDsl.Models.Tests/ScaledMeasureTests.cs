using MathNet.Numerics.LinearAlgebra;
using OptDsl.Linear;
using OptDsl.Models.Tests.Steps;

namespace OptDsl.Models.Tests;

/// <summary>
/// Norms, measures and diagnostics of numbers whose squares overflow or vanish: those of moderate numbers, times the scale.
/// </summary>
public class ScaledMeasureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Powers of two at which no digit is lost.</summary>
    public static TheoryData<int> Exponents => [-900, -600, -540, -260, -150, -90, 90, 150, 260, 520, 600, 900, 1000];

    [Theory]
    [MemberData(nameof(Exponents))]
    public void Diagnostics_are_those_of_the_draws_times_the_scale(int exponent)
    {
        const int Chains = 4;
        double[] draws = Draws(Chains, 200), scaled = Times(draws, exponent);
        ComponentSummary plain = ChainDiagnostics.Summarize("x", draws, Chains), far = ChainDiagnostics.Summarize("x", scaled, Chains);
        double Back(double value) => Math.ScaleB(value, -exponent);
        Assert.Equal(plain,
            far with
            {
                Mean = Back(far.Mean),
                StandardDeviation = Back(far.StandardDeviation),
                Q05 = Back(far.Q05),
                Median = Back(far.Median),
                Q95 = Back(far.Q95),
                MeanError = Back(far.MeanError)
            });
        Assert.InRange(plain.StandardDeviation, 0.5, 2);
        foreach (Func<double[], double> pure in new Func<double[], double>[]
        {
            d => ChainDiagnostics.RHat(d, Chains), d => ChainDiagnostics.SplitRHat(d, Chains), d => ChainDiagnostics.BulkEss(d, Chains),
                d => ChainDiagnostics.TailEss(d, Chains),
            d => ChainDiagnostics.MeanEss(d, Chains), d => ChainDiagnostics.QuantileEss(d, Chains, 0.3),
        })
        {
            Assert.Equal(pure(draws), pure(scaled));
        }

        foreach (Func<double[], double> inUnit in new Func<double[], double>[]
        {
            d => ChainDiagnostics.MeanError(d, Chains), d => ChainDiagnostics.StandardDeviationError(d, Chains),
                d => ChainDiagnostics.QuantileError(d, Chains, 0.9),
        })
        {
            Assert.Equal(inUnit(draws), Back(inUnit(scaled)));
        }
    }

    [Fact]
    public void Small_deviations_of_far_draws_and_both_ends_of_the_range_are_measured()
    {
        double[] near = [.. Draws(2, 100).Select(x => 1 + (x * 1e-12))], small = Times(near, -700);
        Assert.Equal(ChainDiagnostics.StandardDeviationError(near, 2), Math.ScaleB(ChainDiagnostics.StandardDeviationError(small, 2), 700));
        Assert.Equal(ChainDiagnostics.SplitRHat(near, 2), ChainDiagnostics.SplitRHat(small, 2));

        double[] draws = Draws(2, 100), ends = [.. draws.Select(x => Math.CopySign(1.2e308 + (Math.Abs(x) * 1e307), x))],
            moderate = Times(ends, -1000);
        Assert.Equal(ChainDiagnostics.RHat(moderate, 2), ChainDiagnostics.RHat(ends, 2));
        Assert.Equal(ChainDiagnostics.MeanEss(moderate, 2), ChainDiagnostics.MeanEss(ends, 2));
        Assert.Equal(ChainDiagnostics.QuantileError(moderate, 2, 0.5), Math.ScaleB(ChainDiagnostics.QuantileError(ends, 2, 0.5), -1000),
            1e-10);
        ComponentSummary summary = ChainDiagnostics.Summarize("x", ends, 2);
        Assert.Equal(ChainDiagnostics.Summarize("x", moderate, 2).StandardDeviation, Math.ScaleB(summary.StandardDeviation, -1000));
        Assert.True(double.IsFinite(summary.Mean) && double.IsFinite(summary.Median) && double.IsFinite(summary.Q95));

        // Ranks are of the draws as they are, however far apart.
        double[] ranks = Draws(2, 100), apart = [.. ranks.Select(x => Math.CopySign(Math.Pow(10, Math.Abs(x) * 90), x))];
        Assert.Equal(ChainDiagnostics.BulkEss(ranks, 2), ChainDiagnostics.BulkEss(apart, 2));
        Assert.Equal(ChainDiagnostics.TailEss(ranks, 2), ChainDiagnostics.TailEss(apart, 2));
        Assert.Equal(ChainDiagnostics.BulkEss(ranks, 2), ChainDiagnostics.Summarize("x", apart, 2).BulkEss);
    }

    [Theory]
    [MemberData(nameof(Exponents))]
    public void Measures_of_matrices_are_those_of_moderate_ones_times_the_scale(int exponent)
    {
        var random = new Random(5);
        double[] matrix = [.. Enumerable.Range(0, 12).Select(_ => random.NextDouble() - 0.5)],
            truth = [.. matrix.Select(x => x + random.NextDouble())], scaled = Times(matrix, exponent);
        bool[] observed = [.. Enumerable.Range(0, 12).Select(i => i % 3 == 0)];
        double Back(double value) => Math.ScaleB(value, -exponent);
        MatrixMeasures plain = MatrixMeasures.Of(new MatrixView<double>(matrix, 3, 4), 0.5, truth, observed),
            far = MatrixMeasures.Of(new MatrixView<double>(scaled, 3, 4), 0.5, Times(truth, exponent), observed);
        Assert.Equal(plain.SingularValues, far.SingularValues.Select(Back));
        Assert.Equal(plain.FrobeniusNorm, Back(far.FrobeniusNorm), 1e-15);
        Assert.Equal((plain.EffectiveRank, plain.StableRank, plain.NuclearNorm),
            (far.EffectiveRank, far.StableRank, Back(far.NuclearNorm)));
        Assert.Equal(plain.UnobservedError, far.UnobservedError, 1e-15);
        Assert.Equal(Spectrum.SingularValues(new MatrixView<double>(matrix, 3, 4)),
            Spectrum.SingularValues(new MatrixView<double>(scaled, 3, 4)).Select(Back));
        Assert.Equal(Spectrum.SingularValues(new MatrixView<double>(matrix, 4, 3)),
            Spectrum.SingularValues(new MatrixView<double>(scaled, 4, 3)).Select(Back));
    }

    [Fact]
    public void Ranks_and_norms_at_the_end_of_the_range()
    {
        Assert.Equal(3, Spectrum.EffectiveRank([1.7e308, 1.7e308, 1.7e308]), 1e-12);
        Assert.Equal(1, Spectrum.EffectiveRank([1e308, 0, 1e-300]), 1e-12);
        Assert.Equal(2, Spectrum.StableRank([5e-324, 5e-324]));
        Assert.Equal(5e200, Spectrum.FrobeniusNorm([3e200, 4e200]), 1e186);
        Assert.Equal(1, Spectrum.FrobeniusNorm([3e-200, 4e-200]) / 5e-200, 1e-14);
        Assert.Equal(double.PositiveInfinity, Spectrum.FrobeniusNorm([1.7e308, 1.7e308]));
        Assert.Equal(0, Spectrum.FrobeniusNorm([0, 0]));
    }

    [Fact]
    public void Determinants_whose_products_overflow_on_the_way()
    {
        Assert.Equal(1, Determinant(1e200, 1e200, 1e-200, 1e-200), 1e-12);
        Assert.Equal(1, Determinant(1e-200, 1e-200, 1e200, 1e200), 1e-12);
        Assert.Equal(double.PositiveInfinity, Determinant(1e200, 1e200));
        Assert.Equal(double.NegativeInfinity, Determinant(-1e200, 1e200, 3));
        Assert.Equal(0, Determinant(1e-200, 1e-200, 0.5));
        Assert.Equal(0, Determinant(1e200, 0, 1e200));

        // Rows exchanged: the sign is that of the exchange. And 2 x 2 with products past a double on both sides: 1e308 (1.5 - 1.25).
        Assert.Equal(-1, Spectrum.Determinant(new MatrixView<double>([0, 1e-250, 0, 1e250, 0, 0, 0, 0, 1], 3, 3)), 1e-12);
        double wide = Math.ScaleB(1, 600), narrow = Math.ScaleB(1, -200);
        Assert.Equal(Math.ScaleB(0.25, 400), Spectrum.Determinant(new MatrixView<double>([1.5 * wide, 1.25 * narrow, wide, narrow], 2, 2)));
        Assert.Equal(double.NaN, Spectrum.Determinant(new MatrixView<double>([1, double.NaN, 1, 1], 2, 2)));
        Assert.Equal(Math.ScaleB(-0.5, 1000),
            Spectrum.Determinant(
                new MatrixView<double>([Math.ScaleB(1, 500), Math.ScaleB(1.5, 500), Math.ScaleB(1, 500), Math.ScaleB(1, 500)], 2, 2)));

        static double Determinant(params double[] diagonal)
            => Spectrum.Determinant(
                new MatrixView<double>(Matrix<double>.Build.DenseOfDiagonalArray(diagonal).ToRowMajorArray(), diagonal.Length,
                    diagonal.Length));
    }

    [Theory]
    [InlineData(1e200)]
    [InlineData(1e-200)]
    [InlineData(1)]
    public void Norms_of_components(double scale)
    {
        var cp = new CpFactorization<double>([2, 2], 2);
        using var buffer = new ParameterBuffer<double>();
        cp.AddTo(buffer);
        foreach (ParameterTensor<double> tensor in buffer.Tensors)
        {
            double factor = tensor.Name == buffer.Tensors[0].Name ? scale : 1;
            Times([3, 0, 4, 2], 0).Select(x => x * factor).ToArray().CopyTo(tensor.Values);
        }

        double[] norms = new double[2];
        cp.ComputeComponentNorms(buffer, norms);
        Assert.Equal(25, norms[0] / scale, 1e-12);
        Assert.Equal(4, norms[1] / scale, 1e-12);
    }

    [Fact]
    public void Squares_of_floats_are_summed_where_a_float_has_no_room()
    {
        foreach (int count in new[] { 1, 8, 21, 5000 })
        {
            float[] large = [.. Enumerable.Repeat(1e25f, count)], small = [.. Enumerable.Repeat(1e-30f, count)],
                gradients = new float[count], zeros = new float[count];
            Assert.Equal(1, SquaredNorm.Of<float>(large) / (1e50 * count), 1e-6);
            Assert.Equal(1, SquaredNorm.Of<float>(small) / (1e-60 * count), 1e-6);
            Assert.Equal(SquaredNorm.Of<float>(large), SquaredNorm.WithGradient<float>(large, gradients, 2));
            Assert.All(gradients, gradient => Assert.Equal(2e25f, gradient));
            Assert.Equal(0, SquaredNorm.Of<float>(zeros));
            Assert.Equal(double.NaN, SquaredNorm.Of<float>([.. large, float.NaN]));
        }
    }

    [Theory]
    [InlineData(1e160)]
    [InlineData(1e250)]
    [InlineData(1e-170)]
    [InlineData(1e-250)]
    public void Quasi_Newton_and_conjugate_gradients_go_down_at_gradients_of_any_size(double scale)
    {
        double[] curvatures = [scale, 3 * scale, 10 * scale], start = [1, -2, 3];
        foreach (bool searches in new[] { true, false })
        {
            using var bowl = new Bowl<double>(curvatures, start);
            var lbfgs = new LimitedMemoryBfgs<double>(bowl.Parameters,
                new(GradientTolerance: 0, ChangeTolerance: 0, StrongWolfe: searches));
            LbfgsReport report = lbfgs.Run(bowl, 60, cancellation: Token);

            // Pairs of curvature below 1e-10 are skipped, as PyTorch skips them: nothing is learnt of a small scale, and the rate stays 1.
            if (scale > 1)
            {
                Assert.All(bowl.Values, value => Assert.InRange(Math.Abs(value), 0, 1e-5));
            }

            Assert.NotEqual(LbfgsOutcome.NotFinite, report.Outcome);
        }

        using var exact = new Bowl<double>(curvatures, start);
        StepReport step = new NewtonStep<double>(exact.Parameters).StepByConjugateGradients(exact, Token);
        Assert.Equal(1, step.Rate);
        Assert.All(exact.Values, value => Assert.InRange(Math.Abs(value), 0, 1e-9));

        // Smaller than the tolerance is no descent that failed.
        using var tolerant = new Bowl<double>(curvatures, start);
        LbfgsReport within = new LimitedMemoryBfgs<double>(tolerant.Parameters, new(GradientTolerance: 0))
            .Run(tolerant, 60, cancellation: Token);
        Assert.True(scale > 1 || within.Outcome == LbfgsOutcome.SmallChange);
    }

    [Theory]
    [InlineData(-900)]
    [InlineData(600)]
    [InlineData(1020)]
    public void The_completion_of_least_nuclear_norm_scales(int exponent)
    {
        double[] known = [1, 0.5, 0.25, 0.5, 0, 0.125];
        bool[] observed = [true, true, true, true, false, true];
        NuclearNormResult plain = NuclearNormCompletion.Complete(new MatrixView<double>(known, 2, 3), observed, cancellation: Token);
        NuclearNormResult far = NuclearNormCompletion.Complete(new MatrixView<double>(Times(known, exponent), 2, 3), observed,
            cancellation: Token);
        Assert.Equal(plain.Iterations, far.Iterations);
        Assert.Equal(plain.Matrix, Times(far.Matrix, -exponent));
        Assert.Equal((plain.NuclearNorm, plain.Gap), (Math.ScaleB(far.NuclearNorm, -exponent), far.Gap));
    }

    [Fact]
    public void Stationary_moments_and_batches_of_large_gradients()
    {
        Vector<double>[] Gradients(double size)
            => [Vector<double>.Build.Dense([size, -size / 2]), Vector<double>.Build.Dense([-size, size / 2])];
        Matrix<double>[] hessians = [Matrix<double>.Build.DenseOfDiagonalArray([1, 2]), Matrix<double>.Build.DenseOfDiagonalArray([1, 2])];
        double plain = StationaryNoise.ExcessLoss(Gradients(1), hessians, 0.1),
            far = StationaryNoise.ExcessLoss(Gradients(Math.ScaleB(1, 505)), hessians, 0.1);
        Assert.Equal(plain, Math.ScaleB(far, -1010), 1e-14);
        Assert.Equal(plain, Math.ScaleB(StationaryNoise.ExcessLoss(Gradients(Math.ScaleB(1, -400)), hessians, 0.1), 800), 1e-14);
        Assert.Equal(plain, Math.ScaleB(StationaryNoise.ExcessLoss(Gradients(Math.ScaleB(1, 300)), hessians, 0.1), -600), 1e-14);
        Assert.Throws<OverflowException>(() => StationaryNoise.SecondMoment(Gradients(1e160), hessians, 0.1));

        // The rate and the gradient enter by their product: 1 here, so that g^2 rate^2 is no double by itself.
        Assert.Equal(BatchTheory.Progress(1, 4, 1, 0.1, 0.5), BatchTheory.Progress(1e-200, 4, 1e200, 0.1e200, 0.5e200) / 1e200, 1e-12);
    }

    [Theory]
    [InlineData(-450)]
    [InlineData(-120)]
    [InlineData(120)]
    [InlineData(450)]
    public void Noise_of_a_covariance_of_any_size(int exponent)
    {
        double[] covariance = [2, 0.5, 0.5, 1];
        Assert.Equal(Noise(0), Times(Noise(exponent), -exponent));
        Assert.Throws<ArgumentException>(() => Target.WithGradientNoise(Flat, Times([1, 0.5, 0.25, 1], 2 * exponent)));
        Assert.Throws<ArgumentException>(() => Target.WithGradientNoise(Flat, Times([1, 2, 2, 1], 2 * exponent)));

        double[] Noise(int scale)
        {
            double[] gradients = new double[20];
            Target.WithGradientNoise(Flat, Times(covariance, 2 * scale))
                .Evaluate(new ChainBatch<double>(new double[20], gradients, new double[10]));
            return gradients;
        }
    }

    [Fact]
    public void Smoothed_penalties_of_matrices_of_any_size()
    {
        foreach (int exponent in new[] { -600, 600 })
        {
            Assert.Equal(Of(0), Math.ScaleB(Of(exponent), -exponent), 1e-12);
        }

        static double Of(int exponent)
        {
            var factorization = new DeepFactorization<double>([2, 2]);
            using var buffer = new ParameterBuffer<double>();
            factorization.AddTo(buffer);
            Times([1, 0.5, 0.25, 2], exponent).CopyTo(buffer.Values);
            SpectralPenalty<double> penalty = SpectralPenalty<double>.Schatten(factorization, 1, 1, Math.ScaleB(0.1, exponent));
            double loss = penalty.ComputeGradient(buffer);
            Assert.All(buffer.Gradients.ToArray(), slope => Assert.InRange(Math.Abs(slope), 1e-3, 1));
            return loss;
        }
    }

    private static ITarget<double> Flat => Target.FromPotential<double>(2, static (_, gradient) =>
    {
        gradient.Clear();
        return 0;
    });

    /// <summary>Autocorrelated draws of deviation about 1.</summary>
    private static double[] Draws(int chains, int length)
    {
        double[] draws = new double[chains * length];
        var random = new Xoshiro256(3);
        for (int i = 0; i < draws.Length; i++)
        {
            draws[i] = ((i % length == 0 ? 0 : draws[i - 1]) * 0.5) + random.NextGaussian();
        }

        return draws;
    }

    private static double[] Times(double[] values, int exponent) => Array.ConvertAll(values, value => Math.ScaleB(value, exponent));
}
