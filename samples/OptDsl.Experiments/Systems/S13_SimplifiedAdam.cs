using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>Adam with averages over growing windows and epsilon under the root.</summary>
internal sealed class S13_SimplifiedAdam : VerificationSystem
{
    internal override string Id => "S13";

    internal override string Title => "Simplified Adam: growing windows instead of bias corrections";

    internal override string Text => """
        `GrowingWindowAdam` averages over the window min(N, t) instead of correcting the bias, and has epsilon under the root.
        The first step and every step of a constant gradient should have the size of the learning rate. With epsilon 0, the
        scale of the gradients should not matter.
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
