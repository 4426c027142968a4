using OptDsl.Rules;

namespace OptDsl.Models.Tests.Steps;

/// <summary>
/// Losses that are not finite, that rise however short the step, and steps that are cancelled: a clear end, and nothing half done.
/// </summary>
public class FailedSearchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_trial_whose_loss_is_not_finite_is_too_long(double seen)
    {
        foreach (StepSearch settings in new StepSearch[] { new ArmijoSearch { Backtrack = 0.5 }, new GoldsteinSearch { Backtrack = 0.5 } })
        {
            using var bowl = new Bowl<double>([1], [2]);
            int trial = 0;
            bowl.Seen = loss => ++trial <= 2 ? seen : loss;
            StepReport report = LineSearchTests.Searched(bowl, settings).Step(bowl, Token);
            Assert.Equal((StepOutcome.Accepted, 0.25, 3L), (report.Outcome, report.Rate, report.Evaluations.Losses));
            Assert.Equal(1.5, bowl.Values[0]);
        }
    }

    /// <summary>Rising forever: the parameters end where they were, to the bit of a negative zero, and the state has not stepped.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_loss_that_only_rises_ends_where_it_began(bool isNaN)
    {
        using var bowl = new Bowl<double>([1, 1], [2, -0.0]);
        bowl.Seen = loss => isNaN ? double.NaN : loss + 100;
        (Optimizer<double, Doubling> optimizer, LineSearch<double, Doubling> search) = Momentum(bowl);
        StepReport report = search.Step(bowl, Token);
        Assert.Equal((StepOutcome.NoAcceptableRate, 0.0, 2.0, 7L),
            (report.Outcome, report.Rate, report.TrialLoss, report.Evaluations.Losses));
        Untouched(bowl, optimizer, search);
    }

    /// <summary>Less than Armijo asks, but less: the best point of the trials is kept, not the last one.</summary>
    [Fact]
    public void Where_no_rate_is_acceptable_the_best_point_is_kept()
    {
        using var bowl = new Bowl<double>([1], [2]);
        bowl.Seen = loss => 1.99 + (0.01 * loss / 2);
        (Optimizer<double, Doubling> optimizer, LineSearch<double, Doubling> search) = Momentum(bowl);
        StepReport report = search.Step(bowl, Token);

        // Rates 1, 1/2, 1/4 ... along 2 g lead to -2, 0, 1 ...: the second is best.
        Assert.Equal((StepOutcome.NoAcceptableRate, 0.5, 1.99), (report.Outcome, report.Rate, report.TrialLoss));
        Assert.Equal([0], bowl.Values);
        Assert.Equal([2], bowl.Parameters.Gradients.ToArray());
        Assert.Equal((0, 0.0, 0.1), (optimizer.StepCount, optimizer.State["Velocity"][0], optimizer.Rule.LearningRate));
        Assert.True(double.IsNaN(search.Rate));
    }

    /// <summary>At a rate that has shrunk to 0 a loss does not rise, and from 0 no rate would ever grow again.</summary>
    [Fact]
    public void A_rate_of_zero_is_never_accepted()
    {
        using var bowl = new Bowl<double>([1], [2]);
        LineSearch<double, Sgd> search = LineSearchTests.Searched(bowl, new ArmijoSearch { Backtrack = 1e-100, InitialRate = 1e-290 });
        bowl.Seen = loss => bowl.Losses == 1 ? double.NaN : loss;
        StepReport report = search.Step(bowl, Token);
        Assert.Equal((StepOutcome.NoAcceptableRate, 1L), (report.Outcome, report.Evaluations.Losses));
        Assert.Throws<ArgumentOutOfRangeException>(() => search.Rate = 0);
    }

    [Fact]
    public void A_start_that_is_not_finite_writes_nothing()
    {
        using var bowl = new Bowl<double>([double.PositiveInfinity, 1], [2, -0.0]);
        (Optimizer<double, Doubling> optimizer, LineSearch<double, Doubling> search) = Momentum(bowl);
        Assert.Equal(StepOutcome.NotFinite, search.Step(bowl, Token).Outcome);
        Assert.Equal(0, bowl.Losses);
        Assert.Equal((0, 0.0), (optimizer.StepCount, optimizer.State["Velocity"][0]));

        // A finite loss with a gradient that is not.
        using var other = new Bowl<double>([1, 1], [2, -0.0]);
        (optimizer, search) = Momentum(other);
        StepReport report = search.Step(
            () =>
            {
                double loss = other.ComputeGradient(other.Parameters);
                other.Parameters.Gradients[1] = double.NaN;
                return loss;
            },
            () => 0,
            Token);
        Assert.Equal((StepOutcome.NotFinite, 0L), (report.Outcome, report.Evaluations.Losses));
        Untouched(other, optimizer, search);
    }

    [Fact]
    public void A_direction_that_climbs_is_not_followed()
    {
        using var bowl = new Bowl<double>([1], [2]);
        var search = new LineSearch<double, Climbing>(bowl.Parameters.Optimize(new Climbing()), new ArmijoSearch(),
            static (rule, rate) => rule with { LearningRate = rate });
        StepReport report = search.Step(bowl, Token);
        Assert.Equal((StepOutcome.NoDescent, -4.0, 0), (report.Outcome, report.Slope, bowl.Losses));
        Assert.Equal([2], bowl.Values);
    }

    [Fact]
    public void Where_the_gradient_is_zero_the_rule_still_steps()
    {
        using var bowl = new Bowl<double>([1], [0]);
        (Optimizer<double, Doubling> optimizer, LineSearch<double, Doubling> search) = Momentum(bowl);
        Assert.True(search.Step(bowl, Token).Accepted);
        Assert.Equal(1, optimizer.StepCount);
    }

    /// <summary>Cancelled between trials, or thrown from one: not left at the trial's point.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cancelled_or_failing_trials_put_everything_back(bool cancels)
    {
        using var bowl = new Bowl<double>([1, 1], [2, -0.0]);
        using var source = new CancellationTokenSource();
        bowl.Seen = loss => bowl.Losses < 3 ? loss + 100 : cancels ? Cancel(loss) : throw new TimeoutException();
        (Optimizer<double, Doubling> optimizer, LineSearch<double, Doubling> search) = Momentum(bowl);
        Exception? error = Record.Exception(() => search.Step(bowl, source.Token));
        Assert.True(cancels ? error is OperationCanceledException : error is TimeoutException, $"{error}");
        Untouched(bowl, optimizer, search);
        Assert.Equal(cancels ? 3 : 2, search.Total.Losses);
        Assert.Equal(1, search.Total.Gradients);

        // And the next step is as if there had been none.
        bowl.Seen = loss => loss;
        Assert.True(search.Step(bowl, Token).Accepted);

        double Cancel(double loss)
        {
            source.Cancel();
            return loss + 100;
        }
    }

    [Fact]
    public void Cancelled_before_it_begins_evaluates_nothing()
    {
        using var bowl = new Bowl<double>([1], [2]);
        LineSearch<double, Sgd> search = LineSearchTests.Searched(bowl, new ArmijoSearch());
        Assert.Throws<OperationCanceledException>(() => search.Step(bowl, new CancellationToken(true)));
        Assert.Equal((0, 0), (bowl.Gradients, bowl.Losses));
    }

    [Fact]
    public void A_rate_that_the_rule_refuses_leaves_everything_as_it_was()
    {
        using var bowl = new Bowl<double>([1, 1], [2, -0.0]);
        Optimizer<double, Doubling> optimizer = bowl.Parameters.Optimize(new Doubling());
        var search = new LineSearch<double, Doubling>(optimizer, new ArmijoSearch(), static (_, _) => throw new TimeoutException());
        Assert.Throws<TimeoutException>(() => search.Step(bowl, Token));
        Untouched(bowl, optimizer, search);
    }

    private static (Optimizer<double, Doubling> Optimizer, LineSearch<double, Doubling> Search) Momentum(Bowl<double> bowl)
    {
        Optimizer<double, Doubling> optimizer = bowl.Parameters.Optimize(new Doubling());
        return (optimizer,
            new(optimizer, new ArmijoSearch { Backtrack = 0.5, Tries = 7 }, static (rule, rate) => rule with { LearningRate = rate }));
    }

    private static void Untouched(Bowl<double> bowl, Optimizer<double, Doubling> optimizer, LineSearch<double, Doubling> search)
    {
        Assert.Equal([2, -0.0], bowl.Values);
        Assert.True(double.IsNegative(bowl.Values[1]));
        Assert.Equal(2, bowl.Parameters.Gradients[0]);
        Assert.Equal((0, 0.0, 0.1), (optimizer.StepCount, optimizer.State["Velocity"][0], optimizer.Rule.LearningRate));
        Assert.True(double.IsNaN(search.Rate));
    }
}
