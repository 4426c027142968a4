using OptDsl.Rules;

namespace OptDsl.Models.Tests.Steps;

/// <summary>One rate a group: whose turn it is, what moves, and what the others do meanwhile.</summary>
public class UnitLineSearchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Groups_take_turns_after_the_joint_steps()
    {
        using var bowl = new Bowl<double>([1, 1, 1, 1], [4, 4, 4, 4], groups: ["c", "a", "c", "b"]);
        UnitLineSearch<double, Sgd> search = Searched(bowl, new ArmijoSearch { InitialRate = 0.01, Growth = 1 }, jointSteps: 2);
        Assert.Equal(["c", "a", "b"], search.Units);
        Assert.Equal([null, null, "c", "a", "b", "c"], Enumerable.Range(0, 6).Select(_ => search.Step(bowl, Token).Unit));
        Assert.Equal([0.01, 0.01, 0.01], search.Rates.ToArray());
    }

    /// <summary>The slope of all instead of the unit's, a trial that moves all, or a step that moves one shows in the numbers.</summary>
    [Fact]
    public void A_search_moves_its_group_and_the_step_moves_all_at_their_rates()
    {
        using var bowl = new Bowl<double>([1, 8], [3, 5], groups: ["flat", "steep"]);
        Optimizer<double, Sgd> optimizer = bowl.Parameters.Optimize(new Sgd());
        UnitLineSearch<double, Sgd> search = Searched(optimizer, new ArmijoSearch { Backtrack = 0.5, Growth = 2, StepsPerEpoch = 1 },
            jointSteps: 1);

        // Joint: eta = 1/2, 1/4 are past 2 (.9) (9 + 1600) / (9 + 8^3 25); 1/8 is not.
        StepReport joint = search.Step(bowl, Token);
        Assert.Equal((9 + 1600.0, 0.125), (joint.Slope, joint.Rate));
        Assert.Equal([3 - 0.375, 0], bowl.Values);

        // The flat one alone, from 1/4, which its curvature of 1 takes at once; the steep one steps at 1/4, grown unsearched.
        StepReport flat = search.Step(bowl, Token);
        Assert.Equal(("flat", 0.25, 2.625 * 2.625), (flat.Unit, flat.Rate, flat.Slope));
        Assert.Equal([2.625 * 0.75, 0], bowl.Values);
        Assert.Equal([0.25, 0.25], search.Rates.ToArray());

        // The steep one alone, from 1/2 down to 1/8 once it is off the centre; the flat one steps at 1/2.
        bowl.Parameters["x1"].Values[0] = 1;
        double before = bowl.Values[0];
        StepReport steep = search.Step(bowl, Token);
        Assert.Equal(("steep", 0.125, 64.0, 3L), (steep.Unit, steep.Rate, steep.Slope, steep.Evaluations.Losses));
        Assert.Equal(before * before / 2, steep.TrialLoss, 1e-15);
        Assert.Equal([before / 2, 0], bowl.Values);
        Assert.Equal([0.5, 0.125], search.Rates.ToArray());
        Assert.Equal((0.5, 0.125), (optimizer.Groups["flat"].Rule.LearningRate, optimizer.Groups["steep"].Rule.LearningRate));
    }

    /// <summary>A group whose search fails leaves all rates, and the next group has its turn.</summary>
    [Fact]
    public void A_failed_search_changes_no_rate_and_passes_the_turn_on()
    {
        using var bowl = new Bowl<double>([1, 1], [3, 5], groups: ["a", "b"]);
        UnitLineSearch<double, Sgd> search = Searched(bowl, new ArmijoSearch { InitialRate = 0.5, Growth = 1, Tries = 3 }, jointSteps: 0);
        bowl.Seen = loss => loss + 100;
        StepReport failed = search.Step(bowl, Token);
        Assert.Equal((StepOutcome.NoAcceptableRate, "a"), (failed.Outcome, failed.Unit));
        Assert.All(search.Rates.ToArray(), rate => Assert.True(double.IsNaN(rate)));
        Assert.Equal([3, 5], bowl.Values);
        bowl.Seen = loss => loss;
        Assert.Equal("b", search.Step(bowl, Token).Unit);
        Assert.Equal([1.5, 2.5], bowl.Values);
        Assert.Throws<OperationCanceledException>(() => search.Step(bowl, new CancellationToken(true)));
        Assert.Equal("a", search.Step(bowl, Token).Unit);
        Assert.Throws<ArgumentOutOfRangeException>(() => Searched(bowl, new ArmijoSearch(), jointSteps: -1));
    }

    [Fact]
    public void A_resumed_search_goes_on_with_the_next_group_from_the_last_rates()
    {
        var settings = new ArmijoSearch { InitialRate = 0.5, Growth = 1.5 };
        using Bowl<double> bowl = Start(), other = Start();
        UnitLineSearch<double, Sgd> straight = Searched(bowl, settings, jointSteps: 1), first = Searched(other, settings, jointSteps: 1);
        for (int step = 0; step < 3; step++)
        {
            straight.Step(bowl, Token);
            first.Step(other, Token);
        }

        UnitLineSearch<double, Sgd> second = Searched(other, settings, jointSteps: 1);
        second.Resume(first.Rates, first.SearchCount);
        for (int step = 0; step < 4; step++)
        {
            Assert.Equal(straight.Step(bowl, Token), second.Step(other, Token));
        }

        Assert.Equal(bowl.Values, other.Values);
        Assert.Throws<ArgumentException>(() => second.Resume([1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => second.Resume([1, 0], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => second.Resume([1, 1], -1));
        Assert.Equal(7, second.SearchCount);

        static Bowl<double> Start() => new([1, 7], [3, 5], groups: ["a", "b"]);
    }

    private static UnitLineSearch<double, Sgd> Searched(Bowl<double> bowl, StepSearch search, int jointSteps)
        => Searched(bowl.Parameters.Optimize(new Sgd()), search, jointSteps);

    private static UnitLineSearch<double, Sgd> Searched(Optimizer<double, Sgd> optimizer, StepSearch search, int jointSteps)
        => new(optimizer, search, static (rule, rate) => rule with { LearningRate = rate }, jointSteps);
}
