using System.Numerics;
using OptDsl.Rules;

namespace OptDsl.Models.Tests.Steps;

/// <summary>On a quadratic of curvature h, f(x - eta g) = f - eta g^2 (1 - h eta / 2): which rates are acceptable is known.</summary>
public class LineSearchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A comparison the wrong way, c left out, or beta applied once too often gives another rate.</summary>
    [Theory]
    [InlineData(0.1, 0.9, 4.0)]
    [InlineData(0.5, 0.5, 4.0)]
    [InlineData(0.01, 0.7, 30.0)]
    [InlineData(0.9, 0.9, 1.0)]
    public void Armijo_takes_the_first_rate_of_the_sequence_below_the_bound(double c, double beta, double curvature)
    {
        Check<double>((bowl, settings) => Searched(bowl, settings).Step(bowl, Token));
        Check<float>((bowl, settings) =>
            new LineSearch<float, Sgd>(bowl.Parameters.Optimize(new Sgd()), settings,
                static (rule, rate) => rule with { LearningRate = rate }).Step(bowl, Token));

        void Check<T>(Func<Bowl<T>, StepSearch, StepReport> step)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var bowl = new Bowl<T>([curvature], [3]);
            double bound = 2 * (1 - c) / curvature, rate = 1;
            int trials = 1;
            for (; rate > bound; rate *= beta, trials++)
            {
            }

            double tolerance = typeof(T) == typeof(double) ? 1e-14 : 1e-5;
            StepReport report = step(bowl, new ArmijoSearch { SufficientDecrease = c, Backtrack = beta });
            Assert.Equal((StepOutcome.Accepted, rate), (report.Outcome, report.Rate));
            Assert.Equal(new EvaluationCounts(trials, 1, 0), report.Evaluations);
            Assert.Equal((trials, 1), (bowl.Losses, bowl.Gradients));
            Assert.Equal(curvature * 4.5, report.LossBefore, curvature * tolerance * 10);
            Assert.Equal(9 * curvature * curvature, report.Slope, curvature * curvature * tolerance * 10);
            double there = 3 - (rate * curvature * 3);
            Assert.Equal(there, bowl.Values[0], tolerance * 10);
            Assert.Equal(curvature * there * there / 2, report.TrialLoss, curvature * tolerance * 10);
        }
    }

    [Fact]
    public void A_search_begins_at_the_last_rate_grown_by_gamma_an_epoch()
    {
        using var bowl = new Bowl<double>([1e-3], [1]);
        LineSearch<double, Sgd> search = Searched(bowl,
            new ArmijoSearch { InitialRate = 0.25, Growth = 3, StepsPerEpoch = 4, MaxRate = 0.7 });
        Assert.True(double.IsNaN(search.Rate));
        for (int step = 0; step < 5; step++)
        {
            Assert.Equal(Math.Min(0.7, 0.25 * Math.Pow(3, step / 4.0)), search.Step(bowl, Token).Rate, 1e-15);
        }

        Assert.Equal(new EvaluationCounts(5, 5, 0), search.Total);

        // What is saved of a search is its rate.
        LineSearch<double, Sgd> resumed = Searched(bowl, search.Search);
        resumed.Rate = 0.1;
        Assert.Equal(0.1 * Math.Pow(3, 0.25), resumed.Step(bowl, Token).Rate, 1e-15);
    }

    /// <summary>Too short for Goldstein is fine for Armijo: both conditions must be looked at, and in this order of sides.</summary>
    [Theory]
    [InlineData(0.1, 8)]
    [InlineData(0.25, 0.02)]
    [InlineData(0.45, 0.03)]
    [InlineData(0.45, 9)]
    public void Goldstein_finds_a_rate_between_its_bounds_from_either_side(double c, double initial)
    {
        using var bowl = new Bowl<double>([2], [3]);
        LineSearch<double, Sgd> search = Searched(bowl, new GoldsteinSearch { SufficientDecrease = c, InitialRate = initial });
        StepReport report = search.Step(bowl, Token);
        Assert.True(report.Accepted);
        Assert.InRange(report.Rate, c - 1e-12, 1 - c + 1e-12);
        Assert.True(report.Evaluations.Losses is > 1 and < 40, $"{report.Evaluations}");
    }

    [Fact]
    public void Goldstein_tries_no_rate_above_its_largest_and_takes_that()
    {
        using var bowl = new Bowl<double>([1e-4], [3]);
        StepReport report = Searched(bowl, new GoldsteinSearch { InitialRate = 3 }).Step(bowl, Token);
        Assert.Equal((StepOutcome.Accepted, 10.0), (report.Outcome, report.Rate));
        Assert.Equal(3, report.Evaluations.Losses);
    }

    /// <summary>f = |x|^2 / 2 has f / (|g|^2 / 2) = 1 everywhere: one step to the centre.</summary>
    [Fact]
    public void Polyak_is_exact_on_a_round_bowl()
    {
        using var bowl = new Bowl<double>([1, 1, 1], [3, -2, 5], [1, 1, 1]);
        LineSearch<double, Sgd> search = Searched(bowl, new PolyakStep { Epsilon = 0 });
        StepReport report = search.Step(bowl, Token);
        Assert.Equal((StepOutcome.Accepted, 1.0), (report.Outcome, report.Rate));
        Assert.True(double.IsNaN(report.TrialLoss));
        Assert.Equal([1, 1, 1], bowl.Values);
        Assert.Equal(new EvaluationCounts(0, 1, 0), report.Evaluations);

        // There it has nowhere to go, and does not divide 0 by 0.
        Assert.Equal(StepOutcome.AtOptimum, search.Step(bowl, Token).Outcome);
        Assert.Equal([1, 1, 1], bowl.Values);
    }

    [Fact]
    public void Polyak_has_a_floor_for_the_loss_and_two_ceilings_for_the_rate()
    {
        // f / (c |g|^2) = (h x^2 / 2 - f*) / (c h^2 x^2).
        Assert.Equal((0.5 * 9 / 2 - 0.25) / (0.2 * 0.25 * 9),
            First(new PolyakStep { OptimalLoss = 0.25, Scale = 0.2, Epsilon = 0, Smooth = false }), 1e-14);
        Assert.Equal(0.5 * 9 / 2 / ((0.2 * 0.25 * 9) + 3), First(new PolyakStep { Scale = 0.2, Epsilon = 3 }), 1e-14);
        Assert.Equal(1.5, First(new PolyakStep { Smooth = false, MaxRate = 1.5 }));
        Assert.Equal(0.3, First(new PolyakStep { InitialRate = 0.3 }));
        using var bowl = new Bowl<double>([0.01], [3]);
        LineSearch<double, Sgd> search = Searched(bowl, new PolyakStep { InitialRate = 0.3, Growth = 8, StepsPerEpoch = 3 });
        for (int step = 0; step < 4; step++)
        {
            Assert.Equal(0.3 * Math.Pow(2, step), search.Step(bowl, Token).Rate, 1e-14);
        }

        static double First(PolyakStep polyak)
        {
            using var bowl = new Bowl<double>([0.5], [3]);
            return Searched(bowl, polyak).Step(bowl, Token).Rate;
        }
    }

    /// <summary>The rule's direction gives line and slope; the step is the rule's own, with its state.</summary>
    [Fact]
    public void A_rule_with_a_direction_is_searched_along_it_and_steps_its_own_way()
    {
        using var bowl = new Bowl<double>([4], [3]);
        Optimizer<double, Doubling> optimizer = bowl.Parameters.Optimize(new Doubling());
        var search = new LineSearch<double, Doubling>(optimizer, new ArmijoSearch { Backtrack = 0.5 },
            static (rule, rate) => rule with { LearningRate = rate });
        StepReport report = search.Step(bowl, Token);

        // Along 2 g the curvature is 2 h of the gradient's: rates to 2 (.9) / 8 = .225.
        Assert.Equal((2 * 144.0, 0.125), (report.Slope, report.Rate));
        Assert.Equal(0, report.TrialLoss);
        Assert.Equal(3 - (0.125 * 12), bowl.Values[0]);
        Assert.Equal(12, optimizer.State["Velocity"][0]);
        Assert.Equal(0.125, optimizer.Rule.LearningRate);
        Assert.Equal(1, optimizer.StepCount);
    }

    [Fact]
    public void A_rule_that_reads_the_loss_is_given_it()
    {
        using var bowl = new Bowl<double>([1], [2]);
        var search = new LineSearch<double, LossScaled>(bowl.Parameters.Optimize(new LossScaled()),
            new ArmijoSearch { InitialRate = 0.125 }, static (rule, rate) => rule with { LearningRate = rate });
        Assert.True(search.Step(bowl, Token).Accepted);
        Assert.Equal(2 - (0.125 * 2 * 2), bowl.Values[0]);
    }

    /// <summary>Only the optimizer's tensors move, and a group's own rule value keeps what else it says.</summary>
    [Fact]
    public void Other_tensors_stay_and_groups_keep_their_own_values()
    {
        using var bowl = new Bowl<double>([1, 1, 1], [2, 3, 4], groups: ["a", "b", "b"]);
        Optimizer<double, Doubling> optimizer = bowl.Parameters.Optimize(new Doubling(), [bowl.Parameters["x0"], bowl.Parameters["x2"]]);
        optimizer.Groups["b"].Rule = new Doubling(Decay: 0.25);
        var search = new LineSearch<double, Doubling>(optimizer, new ArmijoSearch { InitialRate = 0.5 },
            static (rule, rate) => rule with { LearningRate = rate });
        StepReport report = search.Step(bowl, Token);
        Assert.Equal((2.0 * 20, 0.5, 4.5), (report.Slope, report.Rate, report.TrialLoss));
        Assert.Equal([1, 3, 2], bowl.Values);
        Assert.Equal(new Doubling(0.5, 0.25), optimizer.Groups["b"].Rule);
        Assert.Equal(new Doubling(0.5), optimizer.Groups["a"].Rule);
    }

    [Fact]
    public void A_loss_that_is_no_model_is_searched_by_functions()
    {
        using var bowl = new Bowl<double>([1], [2]);
        LineSearch<double, Sgd> search = Searched(bowl, new ArmijoSearch());
        double[] gradients = [];

        // One that spoils the gradients at every trial: the step takes those of the origin.
        StepReport report = search.Step(() => bowl.ComputeGradient(bowl.Parameters), () => bowl.ComputeGradient(bowl.Parameters), Token);
        gradients = bowl.Parameters.Gradients.ToArray();
        Assert.True(report.Accepted);
        Assert.Equal([0], bowl.Values);
        Assert.Equal([2], gradients);
    }

    [Fact]
    public void Settings_out_of_range_are_named_before_anything_is_bound()
    {
        using var bowl = new Bowl<double>([1], [2]);
        StepSearch[] wrong =
        [
            new ArmijoSearch { SufficientDecrease = 1 }, new ArmijoSearch { SufficientDecrease = double.NaN },
                new ArmijoSearch { Backtrack = 0 },
            new ArmijoSearch { Tries = 0 }, new ArmijoSearch { InitialRate = 0 },
                new ArmijoSearch { InitialRate = double.PositiveInfinity },
            new ArmijoSearch { Growth = 0.9 }, new ArmijoSearch { Growth = double.PositiveInfinity },
                new ArmijoSearch { StepsPerEpoch = 0 }, new ArmijoSearch { MaxRate = 0 },
            new GoldsteinSearch { SufficientDecrease = 0.5 }, new GoldsteinSearch { Forward = 1 }, new GoldsteinSearch { Backtrack = 1 },
                new GoldsteinSearch { Tries = 0 },
            new PolyakStep { OptimalLoss = double.NaN }, new PolyakStep { Scale = 0 }, new PolyakStep { Epsilon = -1 },
        ];
        foreach (StepSearch search in wrong)
        {
            ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => Searched(bowl, search));
            Assert.Contains(search.GetType().Name, error.Message, StringComparison.Ordinal);
            Assert.NotNull(error.ActualValue);
        }

        LineSearch<double, Sgd> right = Searched(bowl, new ArmijoSearch());
        Assert.Throws<ArgumentOutOfRangeException>(() => right.Search = new ArmijoSearch { Backtrack = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => right.Rate = -1);
        Optimizer<double, SharpnessAware> sharp = bowl.Parameters.Optimize(new SharpnessAware());
        Assert.Contains("SharpnessAware",
            Assert.Throws<ArgumentException>(() =>
                new LineSearch<double, SharpnessAware>(sharp, new ArmijoSearch(), (rule, _) => rule)).Message, StringComparison.Ordinal);
    }

    internal static LineSearch<double, Sgd> Searched(Bowl<double> bowl, StepSearch search)
        => new(bowl.Parameters.Optimize(new Sgd()), search, static (rule, rate) => rule with { LearningRate = rate });
}
