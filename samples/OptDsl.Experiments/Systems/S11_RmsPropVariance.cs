using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>RMSProp divided by the mean square: its rate has the unit of the loss, so rescaled parameters leave it alone.</summary>
internal sealed class S11_RmsPropVariance : VerificationSystem
{
    internal override string Id => "S11";

    internal override string Title => "RMSProp with the mean square: the learning rate survives a change of units";

    internal override string Text => """
        `RmsPropVariance` divides the gradient by its mean square instead of the root. The experiment is that of S10: the same
        loss in w and in u = w / c. Here the two paths agree with the same learning rate.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var rule = new RmsPropVariance(LearningRate: 0.02, Window: 100, Epsilon: 0);
        return [new("S11.sameRate", Rescaling.Difference(rule, rule, trial.Seed, trial.Cancellation))];
    }
}
