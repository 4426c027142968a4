using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>RMSProp divided by the mean square: its rate has the unit of the loss, so rescaled parameters leave it alone.</summary>
internal sealed class S11_RmsPropVariance : VerificationSystem
{
    internal override string Id => "S11";

    internal override string Title => "RMSProp's sigma^2 form: the rate survives a change of units";

    internal override string Text => """
        Here the rate is the same.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var rule = new RmsPropVariance(LearningRate: 0.02, Window: 100, Epsilon: 0);
        return [new("S11.sameRate", Rescaling.Difference(rule, rule, trial.Seed, trial.Cancellation))];
    }
}
