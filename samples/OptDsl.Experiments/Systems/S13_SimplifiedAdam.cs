using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>Adam with averages over growing windows and epsilon under the root.</summary>
internal sealed class S13_SimplifiedAdam : VerificationSystem
{
    internal override string Id => "S13";

    internal override string Title => "Simplified Adam: growing windows instead of corrections";

    internal override string Text => """
        `GrowingWindowAdam`.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var rule = new GrowingWindowAdam(AdamForms.Rate, MeanWindow: 10, SquareWindow: 100, Epsilon: 0);
        return
        [
            new("S13.firstStep", AdamForms.ConstantGradientError(rule, 1, trial.Cancellation)),
            new("S13.constantGradient", AdamForms.ConstantGradientError(rule, 300, trial.Cancellation)),
            new("S13.scale", AdamForms.ScaleError(rule, trial.Seed, trial.Cancellation)),
        ];
    }
}
