using System.Numerics;

namespace OptDsl.Models;

/// <summary>Steps along a direction that does not come from a rule, at a fixed or searched rate.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
internal sealed class DirectedSteps<T>(ParameterBuffer<T> parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private double lastRate = double.NaN;

    /// <summary>The last rate that a search accepted; NaN before any.</summary>
    internal double LastRate
    {
        get => lastRate;
        set => lastRate = double.IsInfinity(value) || value <= 0
            ? throw new ArgumentOutOfRangeException(nameof(value), value, "The rate must be positive and finite, or NaN if none was accepted yet.")
            : value;
    }

    internal LineWalk<T> Walk { get; } = new(parameters);

    /// <summary>Evaluates the gradient, lets the caller turn it into a direction in place, and moves along it.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="direction">
    /// Turns the gradient into a direction in place, in double. Its exceptions pass through, and nothing has been written then.
    /// </param>
    /// <param name="search">The search for the rate; null for the fixed rate.</param>
    /// <param name="fixedRate">The rate if none is searched.</param>
    /// <param name="cancellation">Checked before the step and before each trial.</param>
    internal StepReport Step(ILossModel<T> loss, Action<double[]> direction, StepSearch? search, double fixedRate,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(loss);
        cancellation.ThrowIfCancellationRequested();
        EvaluationCounts countBefore = Walk.Total;
        double before = Walk.Begin(() => loss.ComputeGradient(parameters));
        double[] wide = new double[parameters.Count];
        ReadOnlySpan<T> gradients = parameters.Gradients;
        bool finite = double.IsFinite(before);
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = double.CreateTruncating(gradients[i]);
            finite &= double.IsFinite(wide[i]);
        }

        if (!finite)
        {
            return new StepReport(StepOutcome.NotFinite, before, double.NaN, 0, double.NaN, Walk.Total - countBefore);
        }

        using (parameters.BeginEvaluation(isOfAll: true, "A step along a line"))
        {
            direction(wide);
        }

        for (int i = 0; i < wide.Length; i++)
        {
            Walk.Line.Direction[i] = T.CreateTruncating(wide[i]);
        }

        StepReport report = Go(loss, before, search, fixedRate, cancellation);
        return report with { Evaluations = Walk.Total - countBefore };
    }

    private StepReport Go(ILossModel<T> loss, double before, StepSearch? search, double fixedRate, CancellationToken cancellation)
    {
        if (search is null)
        {
            double straight = Walk.Line.ComputeSlope(null);
            StepOutcome fixedOutcome = !double.IsFinite(straight) ? StepOutcome.NotFinite
                : straight < 0 ? StepOutcome.NoDescent : StepOutcome.Accepted;
            bool goes = fixedOutcome == StepOutcome.Accepted;
            if (goes)
            {
                Walk.Line.EndAt(fixedRate, null);
            }

            return new StepReport(fixedOutcome, before, double.NaN, goes ? fixedRate : 0, straight, default);
        }

        double bound = double.IsNaN(lastRate) ? Math.Min(search.InitialRate, search.MaxRate) : search.Grown(lastRate);
        (StepOutcome outcome, double rate, double there, double slope) = Walk.Search(search, bound, before, null,
            () => loss.ComputeLoss(parameters), cancellation);
        if (outcome == StepOutcome.Accepted)
        {
            Walk.Line.EndAt(rate, null);
            lastRate = rate;
        }

        return new StepReport(outcome, before, there, rate, slope, default);
    }
}
