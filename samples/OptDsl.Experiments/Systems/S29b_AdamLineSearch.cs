using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>Adam with the Armijo search along its preconditioned gradient, at one rate for both layers and at one a layer, searched in turn.</summary>
internal sealed class S29b_AdamLineSearch : VerificationSystem
{
    private const int Runs = 9;

    internal override string Id => "S29b";

    internal override string Title => "Adam with a line search, at one rate and at one a layer";

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        (double joint, double trials) = TrainJointly(trial.Seed, trial.Cancellation);

        // One run in some stalls, where a layer's rate has shrunk before its turn comes again: the median over runs is claimed.
        double[] units = [.. Enumerable.Range(0, Runs).Select(run => TrainByLayer((trial.Seed * Runs) + (ulong)run, trial.Cancellation)).Order()];
        return [new("S29b.joint", joint), new("S29b.trials", trials), new("S29b.units", units[Runs / 2])];
    }

    private static ArmijoSearch Settings => new() { Growth = 2, StepsPerEpoch = IllConditionedTask.StepsPerEpoch };

    private static (double Loss, double TrialsPerStep) TrainJointly(ulong seed, CancellationToken cancellation)
    {
        using var task = new IllConditionedTask(10, seed);
        var search = new LineSearch<double, AdamSls>(task.Parameters.Optimize(new AdamSls()), Settings, static (rule, rate) => rule with { LearningRate = rate });
        double loss = task.Train(() => search.Step(task.Loss, cancellation), cancellation);
        return (loss, (double)search.Total.Losses / search.Total.Gradients);
    }

    private static double TrainByLayer(ulong seed, CancellationToken cancellation)
    {
        using var task = new IllConditionedTask(10, seed, secondGroup: "second layer");
        var search = new UnitLineSearch<double, AdamSls>(task.Parameters.Optimize(new AdamSls()), Settings, static (rule, rate) => rule with { LearningRate = rate });
        return task.Train(() => search.Step(task.Loss, cancellation), cancellation);
    }
}
