using System.Numerics;
using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Recorded.Tests;

/// <summary>Files that earlier code wrote after ten steps load, and continue with the bits of a run that was never saved.</summary>
public class CheckpointTests
{
    private const int SavedAfter = 10;

    private static readonly Recording Recorded = new("checkpoints.txt");

    [Fact]
    public void Files_of_rules_resume_with_the_recorded_bits()
    {
        Require<float, AdamW>();
        Require<double, Adafactor>();
        Require<double, ScheduleFreeSgd>();
        Require<double, Prodigy>();
        Require<float, NoisySgd>();
    }

    [Fact]
    public void Files_of_samplers_resume_with_the_recorded_bits()
    {
        Require("MetropolisLangevin", () => new MetropolisLangevin<double>(Normal(), Options));
        Require("SimulatedTempering",
            () => new SimulatedTempering<double>(Normal(), Options,
                new SimulatedTemperingSettings { InverseTemperatures = [0.25, 0.5, 1] }));
    }

    private static SamplerOptions Options => new() { Chains = 3, WarmUp = 30, Draws = 40, Thinning = 2, Seed = 5 };

    private static void Require<T, TRule>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        string name = TRule.Schema.Name, file = Recording.PathOf($"{name}.safetensors");
        using ParameterBuffer<T> parameters = RuleRun.Begin<T>();
        Optimizer<T, TRule> optimizer = parameters.Optimize(LibraryRules.Make<TRule>(TRule.Schema),
            new OptimizerOptions { Seed = RuleRun.Seed });
        if (Recording.IsWriting)
        {
            RuleRun.Walk(optimizer, SavedAfter);
            optimizer.Save(file, TestContext.Current.CancellationToken);
        }
        else
        {
            optimizer.Load(file);
        }

        Assert.Equal(SavedAfter, optimizer.StepCount);
        RuleRun.Walk(optimizer, RuleRun.Steps);
        Recorded.Require($"{name} {typeof(T).Name}", RuleRun.Left(optimizer));
    }

    private static void Require(string name, Func<Sampler<double>> make)
    {
        string file = Recording.PathOf($"{name}.safetensors");
        using Sampler<double> sampler = make();
        if (Recording.IsWriting)
        {
            using var stop = new CancellationTokenSource();
            sampler.Run(new Stop(stop, 50), stop.Token);
            sampler.Save(file);
        }
        else
        {
            sampler.Load(file);
        }

        // Draws of before and after the file.
        Assert.Equal(50, sampler.Transitions);
        Recorded.Require(name, new Digest().Add(sampler.Run(cancellation: TestContext.Current.CancellationToken).Samples!.Values));
    }

    /// <summary>Independent normal components of deviations 1, 2 and 3.</summary>
    private static ITarget<double> Normal() => Target.FromPotential<double>(3, static (position, gradient) =>
    {
        double potential = 0;
        for (int i = 0; i < position.Length; i++)
        {
            double precision = 1.0 / ((i + 1) * (i + 1));
            potential += precision * position[i] * position[i] / 2;
            gradient[i] = precision * position[i];
        }

        return potential;
    });

    private sealed class Stop(CancellationTokenSource source, int transitions) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value)
        {
            if (value.Transitions == transitions)
            {
                source.Cancel();
            }
        }
    }
}
