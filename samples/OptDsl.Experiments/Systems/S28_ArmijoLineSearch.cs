using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>Plain descent with the stochastic Armijo search, on a network wide enough to fit and on one that is not.</summary>
internal sealed class S28_ArmijoLineSearch : VerificationSystem
{
    private const int Runs = 9;

    internal override string Id => "S28";

    internal override string Title => "The stochastic line search fits an ill-conditioned network without a rate";

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(ulong seed, CancellationToken cancellation)
    {
        (double wide, double trials) = TrainAll(10, seed, cancellation);
        (double narrow, double narrowTrials) = TrainAll(4, seed, cancellation);
        return
        [
            new("S28.wide", wide),
            new("S28.wideTrials", trials),
            new("S28.narrow", narrow / IllConditionedTask.Floor(4)),
            new("S28.narrowTrials", narrowTrials),
        ];
    }

    /// <summary>The median loss, and the mean number of trials.</summary>
    private static (double Loss, double TrialsPerStep) TrainAll(int width, ulong seed, CancellationToken cancellation)
    {
        (double Loss, double TrialsPerStep)[] runs = [.. Enumerable.Range(0, Runs).Select(run => Train(width, (seed * Runs) + (ulong)run, cancellation))];
        return (runs.Select(run => run.Loss).Order().ElementAt(Runs / 2), runs.Average(run => run.TrialsPerStep));
    }

    private static (double Loss, double TrialsPerStep) Train(int width, ulong seed, CancellationToken cancellation)
    {
        using var task = new IllConditionedTask(width, seed);
        var settings = new ArmijoSearch { Growth = 1.5, StepsPerEpoch = IllConditionedTask.StepsPerEpoch };
        var search = new LineSearch<double, Sgd>(task.Parameters.Optimize(new Sgd()), settings, static (rule, rate) => rule with { LearningRate = rate });
        double loss = task.Train(() => search.Step(task.Loss, cancellation), cancellation);
        return (loss, (double)search.Total.Losses / search.Total.Gradients);
    }
}
