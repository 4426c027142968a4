using System.Numerics;

namespace OptDsl.Models;

/// <summary>What all steps along a line share: the trials of a search, the counts of evaluations, and the return to the origin.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
internal sealed class LineWalk<T>(ParameterBuffer<T> parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal Line<T> Line { get; } = Line<T>.Through(parameters);

    internal long Losses { get; set; }

    internal long Gradients { get; set; }

    internal long HessianProducts { get; set; }

    internal EvaluationCounts Total => new(Losses, Gradients, HessianProducts);

    /// <summary>Evaluates the gradient at the current parameters, and starts the line there.</summary>
    internal double Begin(Func<double> gradient)
    {
        double before = Evaluate(gradient);
        Gradients++;
        Line.Begin();
        return before;
    }

    /// <summary>Evaluates a function, and refuses one that steps the optimizer or calls this step again.</summary>
    private double Evaluate(Func<double> function)
    {
        using Evaluation under = parameters.BeginEvaluation(isOfAll: true, "A step along a line");
        return function();
    }

    /// <summary>
    /// Searches a rate along the line, whose direction is already set. If no rate is accepted, the parameters end at the best point that
    /// was tried. If an exception is thrown, the parameters and gradients are restored.
    /// </summary>
    /// <param name="search">The search, already validated.</param>
    /// <param name="bound">The rate with which the search may begin.</param>
    /// <param name="before">The loss at the origin.</param>
    /// <param name="unit">The group to move; null for all.</param>
    /// <param name="loss">Evaluates the loss at the current parameters.</param>
    /// <param name="cancellation">Checked before each trial.</param>
    /// <returns>An accepted rate is always positive and finite, because no later search could grow from 0.</returns>
    internal (StepOutcome Outcome, double Rate, double Loss, double Slope) Search(
        StepSearch search, double bound, double before, string? unit, Func<double> loss, CancellationToken cancellation)
    {
        double slope = Line.ComputeSlope(unit);
        StepOutcome? unable = !double.IsFinite(before) || !double.IsFinite(slope) ? StepOutcome.NotFinite
            : slope < 0 ? StepOutcome.NoDescent
            : search is PolyakStep polyak && before <= polyak.OptimalLoss ? StepOutcome.AtOptimum
            : null;
        if (unable is { } outcome)
        {
            return (outcome, 0, double.NaN, slope);
        }

        double first = search.First(bound, before, slope);
        if (!(first > 0 && double.IsFinite(first)))
        {
            return (StepOutcome.NotFinite, 0, double.NaN, slope);
        }

        if (search.TrialLimit == 0)
        {
            return (StepOutcome.Accepted, first, double.NaN, slope);
        }

        try
        {
            (outcome, double rate, double lossThere) = Try(search, first, before, slope, unit, loss, cancellation);
            return (outcome, rate, lossThere, slope);
        }
        catch
        {
            Line.Return();
            throw;
        }
    }

    private (StepOutcome Outcome, double Rate, double Loss) Try(
        StepSearch search, double rate, double before, double slope, string? unit, Func<double> loss, CancellationToken cancellation)
    {
        (double Rate, double Loss) best = (0, before);
        RateBracket bracket = default;
        for (int trial = 0; trial < search.TrialLimit && rate > 0; trial++)
        {
            cancellation.ThrowIfCancellationRequested();
            Line.MoveTo(rate, unit);
            double there = Evaluate(loss);
            Losses++;
            best = there < best.Loss && double.IsFinite(there) ? (rate, there) : best;
            if (search.Accepts(new StepSearch.Trial(before, slope, rate, there), ref bracket, out double next))
            {
                return (StepOutcome.Accepted, rate, there);
            }

            rate = next;
        }

        Line.EndAt(best.Rate, unit);
        return (StepOutcome.NoAcceptableRate, best.Rate, best.Loss);
    }
}
