using System.Runtime.CompilerServices;
using System.Text.Json;
using OptDsl.Schedules;
using Xunit;

namespace OptDsl.Conformance.Tests;

/// <summary>Schedules against the rates PyTorch's schedulers were recorded to give; provenance in Data/README.md.</summary>
public sealed class PyTorchScheduleTests
{
    [Fact]
    public void Step_decay() => Agree("StepLR(step_size=7,gamma=0.3)", new StepDecaySchedule(.1, 7, .3));

    [Fact]
    public void Exponential() => Agree("ExponentialLR(0.93)", new ExponentialSchedule(.1, .93));

    [Fact]
    public void Inverse_time() => Agree("LambdaLR(1/(1+k))", new InverseTimeSchedule(.1));

    [Fact]
    public void Cosine() => Agree("CosineAnnealingLR(T_max=20,eta_min=0.001)", new CosineSchedule(.1, 20, .001, Swings: true));

    // PyTorch's cosine swings up again after the half period; ours stays at its floor unless told to.
    [Fact]
    public void Cosine_that_stays() => Agree("CosineAnnealingLR(T_max=20,eta_min=0.001)", new CosineSchedule(.1, 20, .001), steps: 21);

    [Fact]
    public void Cosine_with_growing_restarts()
        => Agree("CosineAnnealingWarmRestarts(T_0=5,T_mult=2,eta_min=0.001)", new CosineRestartsSchedule(.1, 5, 2, .001));

    [Fact]
    public void Warm_up_to_a_constant()
    => Agree("LinearLR(0.1,1.0,total_iters=9)", new LinearWarmUpSchedule(new ConstantSchedule(.1), 9, .1));

    [Fact]
    public void Warm_up_to_a_cosine()
        => Agree("SequentialLR([LinearLR(0.1,1,5),CosineAnnealingLR(40)],[5])",
            new LinearWarmUpSchedule(new CosineSchedule(.1, 40, Swings: true), 5, .1));

    [Fact]
    public void Milestones() => Agree("MultiStepLR([5,11,30],0.5)", new MultiStepSchedule(.1, [5, 11, 30], .5));

    [Fact]
    public void A_smaller_start() => Agree("ConstantLR(0.25,total_iters=6)", new MultiStepSchedule(.025, [6], 4));

    [Fact]
    public void Polynomial() => Agree("PolynomialLR(total_iters=30,power=2)", new PolynomialSchedule(.1, 30, 2));

    [Fact]
    public void One_cycle()
    {
        Agree("OneCycleLR(max_lr=1,total_steps=60)", new OneCycleSchedule(1 / 25.0, 1, 1 / 25.0 / 1e4, 60));
        Agree("OneCycleLR(max_lr=1,total_steps=60)", new OneCycleSchedule(.95, .85, .95, 60), series: "momentum");
    }

    [Fact]
    public void One_cycle_of_straight_lines_in_three_parts()
    {
        Agree("OneCycleLR(max_lr=1,total_steps=60,linear,three_phase)",
            new OneCycleSchedule(1 / 25.0, 1, 1 / 25.0 / 1e4, 60, Straight: true, Symmetric: true));
        Agree("OneCycleLR(max_lr=1,total_steps=60,linear,three_phase)",
            new OneCycleSchedule(.95, .85, .95, 60, Straight: true, Symmetric: true), series: "momentum");
    }

    [Fact]
    public void Triangles_that_halve()
    {
        Agree("CyclicLR(0.01,0.1,up=6,down=9,triangular2)", new CyclicSchedule(.01, .1, 6, 9, CycleScale.Halving));
        Agree("CyclicLR(0.01,0.1,up=6,down=9,triangular2)", new CyclicSchedule(.9, .8, 6, 9, CycleScale.Halving), series: "momentum");
    }

    [Fact]
    public void Triangles_that_decay()
    {
        Agree("CyclicLR(0.01,0.1,up=6,exp_range,gamma=0.97)", new CyclicSchedule(.01, .1, 6, Scale: CycleScale.Exponential, Factor: .97));
        Agree("CyclicLR(0.01,0.1,up=6,exp_range,gamma=0.97)", new CyclicSchedule(.9, .8, 6, Scale: CycleScale.Exponential, Factor: .97),
            series: "momentum");
    }

    [Fact]
    public void A_product()
    => Agree("ChainedScheduler([ConstantLR(0.5,4),ExponentialLR(0.9)])",
        new ProductSchedule(new MultiStepSchedule(.5, [4], 2), new ExponentialSchedule(.1, .9)));

    [Fact]
    public void A_rate_that_waits_for_a_plateau()
    {
        using JsonDocument data = Recorded();
        JsonElement run = data.RootElement.GetProperty("schedules").GetProperty("ReduceLROnPlateau(factor=0.5,patience=3)");
        double[] rates = Numbers(run, "lr");
        Assert.Equal("1/(1+min(k,12))", run.GetProperty("metric").GetString());
        var plateau = new PlateauRate(.1, .5, patience: 3);
        for (int k = 0; k < rates.Length; k++)
        {
            Assert.Equal(rates[k], plateau.Rate, 1e-15);
            plateau.Observe(1.0 / (1 + Math.Min(k, 12)));
        }

        Assert.True(rates[^1] < rates[0] / 2, "the recorded run cuts the rate more than once");
    }

    private static JsonDocument Recorded([CallerFilePath] string here = "")
        => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "Data", "lr_schedules.json")));

    private static double[] Numbers(JsonElement run, string series)
        => [.. run.GetProperty(series).EnumerateArray().Select(number => number.GetDouble())];

    private static void Agree(string recorded, ISchedule schedule, int steps = 50, string series = "lr")
    {
        using JsonDocument data = Recorded();
        double[] rates = Numbers(data.RootElement.GetProperty("schedules").GetProperty(recorded), series);
        Assert.Equal(50, rates.Length);
        for (int k = 0; k < steps; k++)
        {
            double ours = schedule.At(k + 1);
            Assert.True(Math.Abs(ours - rates[k]) <= 1e-14, $"{recorded} at k = {k}: PyTorch {rates[k]:R}, ours {ours:R}");
        }
    }
}
