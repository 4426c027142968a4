using MathNet.Numerics.LinearAlgebra;
using OptDsl.Rules;

namespace OptDsl.Models.Tests;

/// <summary>Closed forms of how batch, rate and window belong together.</summary>
public class BatchTheoryTests
{
    [Theory]
    [InlineData(32, 1, 32)]
    [InlineData(32, 8, 4)]
    [InlineData(32, 64, 1)]
    [InlineData(10, 4, 2.5)]
    public void A_window_in_steps_holds_the_examples_and_no_less_than_a_step(double window, int batch, double expected)
        => Assert.Equal(expected, BatchScaling.Window(window, batch));

    /// <summary>Catches a rate that is divided by the window twice, or not at all, in one of the dialects.</summary>
    [Fact]
    public void The_dialects_of_momentum_move_alike_at_every_batch()
    {
        foreach (int batch in new[] { 1, 4, 50 })
        {
            double[] one = Descend(BatchScaling.Momentum(0.02, 32, batch)), two = Descend(BatchScaling.VelocityMomentum(0.02, 32, batch)),
                three = Descend(BatchScaling.MeanMomentum(0.02, 32, batch));
            for (int i = 0; i < one.Length; i++)
            {
                Assert.Equal(one[i], two[i], 1e-13);
                Assert.Equal(one[i], three[i], 1e-13);
            }
        }
    }

    [Fact]
    public void Hyperparameters_by_hand()
    {
        Assert.Equal(new Sgd(0.08), BatchScaling.Sgd(0.02, 4));
        Assert.Equal(new VelocityMomentum(0.08 / 8, 8), BatchScaling.VelocityMomentum(0.02, 32, 4));
        Assert.Equal(new Adam(0.08, 1 - (1 / 8.0), 1 - (1 / 250.0)), BatchScaling.Adam(0.02, 32, 1000, 4));
        Assert.Equal(new BatchAwareRmsProp(0.08, 250), BatchScaling.BatchAwareRmsProp(0.02, 1000, 4));
    }

    public static TheoryData<string, Action> Refused => new()
    {
        { "window", () => BatchScaling.Window(0.5, 1) },
        { "window", () => BatchScaling.Window(double.NaN, 1) },
        { "batch", () => BatchScaling.Window(5, 0) },
        { "rate", () => BatchScaling.Sgd(-1, 1) },
        { "batch", () => BatchScaling.Sgd(1, 0) },
        { "gradient", () => BatchTheory.BestBatch(0, 1) },
        { "deviation", () => BatchTheory.BestBatch(1, -1) },
        { "curvature", () => BatchTheory.BestRate(0) },
        { "batch", () => BatchTheory.Progress(1, 0, 1, 1, 1) },
        { "rate", () => BatchTheory.Progress(double.NaN, 1, 1, 1, 1) },
        { "failure", () => BatchTheory.Concentration(1, 1) },
        { "bound", () => BatchTheory.Concentration(-1, 0.5) },
        { "gradientNorm", () => BatchTheory.BestBatchByConcentration(1, 0) },
        { "rate", () => StationaryNoise.ExcessLoss([One(1), One(-1)], [Scalar(2), Scalar(2)], 0) },
        { "rate", () => StationaryNoise.ExcessLoss([One(1), One(-1)], [Scalar(2), Scalar(2)], 1.01) },
        { "hessians", () => StationaryNoise.ExcessLoss([One(1), One(-1)], [Scalar(2)], 0.1) },
        { "hessians", () => StationaryNoise.ExcessLoss([One(1), One(-1)], [Scalar(2), Matrix<double>.Build.DenseIdentity(2)], 0.1) },
        { "gradients", () => StationaryNoise.ExcessLoss([One(1), One(2)], [Scalar(2), Scalar(2)], 0.1) },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Values_out_of_range_are_named(string name, Action action)
        => Assert.Equal(name, Assert.ThrowsAny<ArgumentException>(action).ParamName);

    /// <summary>The formulas' optimum, by derivatives: no neighbour makes more progress.</summary>
    [Fact]
    public void No_neighbour_of_the_best_batch_and_rate_makes_more_progress()
    {
        const double G = -0.7, Sigma = 2, L = 3;
        double batch = BatchTheory.BestBatch(G, Sigma), rate = BatchTheory.BestRate(L),
            best = BatchTheory.Progress(rate, batch, G, Sigma, L);
        Assert.Equal(16 * 4 / 0.49, batch, 1e-10);
        foreach ((double a, double b) in new[] { (1.01, 1.0), (0.99, 1.0), (1.0, 1.01), (1.0, 0.99), (1.01, 0.99) })
        {
            Assert.True(BatchTheory.Progress(rate * a, batch * b, G, Sigma, L) < best);
        }

        Assert.Equal(rate / 2, BatchTheory.RateFor(batch / 2, G, Sigma, L), 1e-15);
        Assert.Equal(rate, BatchTheory.RateFor(batch * 2, G, Sigma, L), 1e-15);
    }

    /// <summary>In one dimension with equal curvatures h the variance is rate E g^2 / (h (2 - rate h)).</summary>
    [Fact]
    public void The_stationary_moment_in_one_dimension()
    {
        Matrix<double> moment = StationaryNoise.SecondMoment([One(1.5), One(-1.5)], [Scalar(2), Scalar(2)], 0.3);
        Assert.Equal(0.3 * 2.25 / (2 * (2 - 0.6)), moment[0, 0], 1e-14);
    }

    private static Vector<double> One(double value) => Vector<double>.Build.Dense(1, value);

    private static Matrix<double> Scalar(double value) => Matrix<double>.Build.Dense(1, 1, value);

    private static double[] Descend<TRule>(TRule rule)
        where TRule : class, IUpdateRule<double>
    {
        using var parameters = new ParameterBuffer<double>();
        parameters.Add("p", [5]);
        parameters.Values.Fill(1);
        Optimizer<double, TRule> optimizer = parameters.Optimize(rule);
        for (int t = 0; t < 40; t++)
        {
            for (int i = 0; i < 5; i++)
            {
                parameters.Gradients[i] = (0.1 * (i + 1) * parameters.ReadOnlyValues[i]) + Math.Sin(t + i);
            }

            optimizer.Step(TestContext.Current.CancellationToken);
        }

        return parameters.ReadOnlyValues.ToArray();
    }
}
