using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// Plain descent with the stochastic Polyak step, c = 1/2, smoothed. Nothing is claimed of it in general: with c = .2 it is unstable here.
/// </summary>
internal sealed class S29_PolyakStep : VerificationSystem
{
    internal override string Id => "S29";

    internal override string Title => "The stochastic Polyak step fits the network of S28 without any trial";

    internal override string Text => """
        `PolyakStep` computes the learning rate from the loss and the gradient's norm, rate = loss / (c |g|²), and smooths it
        (Loizou et al. 2021). It runs on the task of S28 with c = 1/2. It is not claimed to be good in general: with c = 0.2,
        which is also published, it is unstable here.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        using var task = new IllConditionedTask(10, trial.Seed);
        var settings = new PolyakStep { Growth = 1.5, StepsPerEpoch = IllConditionedTask.StepsPerEpoch };
        var search = new LineSearch<double, Sgd>(task.Parameters.Optimize(new Sgd()), settings,
            static (rule, rate) => rule with { LearningRate = rate });
        double loss = task.Train(() => search.Step(task.Loss, trial.Cancellation), trial.Cancellation);
        return [new("S29.loss", loss), new("S29.trials", search.Total.Losses)];
    }
}
