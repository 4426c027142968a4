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

    // PyTorch's cosine swings up again after the half period; ours is compared as far as both descend.
    [Fact]
    public void Cosine() => Agree("CosineAnnealingLR(T_max=20,eta_min=0.001)", new CosineSchedule(.1, 20, .001), steps: 21);

    [Fact]
    public void Cosine_with_growing_restarts()
        => Agree("CosineAnnealingWarmRestarts(T_0=5,T_mult=2,eta_min=0.001)", new CosineRestartsSchedule(.1, 5, 2, .001));

    [Fact]
    public void Warm_up_to_a_constant() => Agree("LinearLR(0.1,1.0,total_iters=9)", new LinearWarmUpSchedule(new ConstantSchedule(.1), 9, .1));

    [Fact]
    public void Warm_up_to_a_cosine()
        => Agree("SequentialLR([LinearLR(0.1,1,5),CosineAnnealingLR(40)],[5])", new LinearWarmUpSchedule(new CosineSchedule(.1, 40), 5, .1), steps: 46);

    private static void Agree(string recorded, ISchedule schedule, int steps = 50, [CallerFilePath] string here = "")
    {
        using var data = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "Data", "lr_schedules.json")));
        double[] rates = [.. data.RootElement.GetProperty(recorded).EnumerateArray().Select(rate => rate.GetDouble())];
        Assert.Equal(50, rates.Length);
        for (int k = 0; k < steps; k++)
        {
            double ours = schedule.At(k + 1);
            Assert.True(Math.Abs(ours - rates[k]) <= 1e-14, $"{recorded} at k = {k}: PyTorch {rates[k]:R}, ours {ours:R}");
        }
    }
}
