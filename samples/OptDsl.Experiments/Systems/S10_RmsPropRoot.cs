using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>RMSProp divided by the root mean square: its rate has the unit of the parameters.</summary>
internal sealed class S10_RmsPropRoot : VerificationSystem
{
    internal override string Id => "S10";

    internal override string Title => "RMSProp with the root mean square: rescaled parameters need a rescaled learning rate";

    internal override string Text => """
        `RmsPropRootEpsilon` divides the gradient by the root of its mean square. The same noisy quadratic is minimized in w and
        in u = w / c, with c = 50. The two paths agree only if the learning rate for u is divided by c.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var rule = new RmsPropRootEpsilon(LearningRate: 0.02, Window: 100, Epsilon: 0);
        return
        [
            new("S10.rescaledRate",
                Rescaling.Difference(rule, rule with { LearningRate = rule.LearningRate / Rescaling.Scale }, trial.Seed,
                    trial.Cancellation)),
            new("S10.sameRate", Rescaling.Difference(rule, rule, trial.Seed, trial.Cancellation)),
        ];
    }
}
