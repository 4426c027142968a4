using System.Globalization;

namespace OptDsl.Experiments;

/// <summary>What a run shows, in words: how the models compare with the best baseline, and which of them learned nothing.</summary>
internal static class Remarks
{
    // Of the error at the start. A model that lowers it by less has not left its start.
    private const double LeastGain = 1e-3;

    // Of the size of the data.
    private const double LeastSize = 1e-6;

    // Of the baseline's error. Two errors that differ by less are the same to a reader.
    private const double LeastDifference = 1e-4;

    internal static BaselineResult BestBaseline(CompletionResult result) => result.Baselines.MinBy(baseline => baseline.Errors.Hidden)!;

    internal static IReadOnlyList<string> Of(CompletionResult result)
    {
        BaselineResult baseline = BestBaseline(result);
        ModelResult best = result.Models.MinBy(model => model.Errors.Hidden)!;
        string level = $"the best baseline, {baseline.Name}, by {Number(baseline.Errors.Hidden)}";
        var remarks = new List<string>
        {
            $"On the hidden cells the best model, {best.Settings.Name}, is off by {Number(best.Errors.Hidden)} (root mean square), {level}.",
        };
        string[] worse = [.. result.Models
            .Where(model => model.Errors.Hidden > baseline.Errors.Hidden * (1 + LeastDifference))
            .Select(model => $"{model.Settings.Name} ({Number(model.Errors.Hidden)})")];
        if (worse.Length > 0)
        {
            string all = worse.Length == result.Models.Count ? "No model is better than the best baseline. " : "";
            remarks.Add(
                $"{all}Worse than the best baseline {(worse.Length == 1 ? "is" : "are")} {string.Join(", ", worse)}.");
        }

        foreach (ModelResult model in result.Models.Where(NeverLeftItsStart))
        {
            remarks.Add(
                FormattableString.Invariant(
                    $"{model.Settings.Name} never left its start: {model.Series[^1].Iteration} steps at rate {model.Settings.Rate} lowered its error on the cells {(result.Problem.ValidationCount > 0 ? "set aside" : "trained on")} by less than 0.1 %. A smaller --penalty, another --rate or more --iterations may help."));
        }

        return remarks;
    }

    internal static string Number(double value)
        => value.ToString(Math.Abs(value) >= 1e5 || (value != 0 && Math.Abs(value) < 1e-3) ? "0.000e0" : "0.0000",
            CultureInfo.InvariantCulture);

    /// <summary>
    /// Whether a model's factors say something. If it never left its start, or if the penalty has drawn the factors to zero, their singular
    /// values and their rank are chance.
    /// </summary>
    internal static bool HasSpectrum(CompletionResult result, ModelResult model)
        => !NeverLeftItsStart(model) && model.SingularValues is [var largest, ..]
            && largest > LeastSize * result.Baselines.Max(baseline => baseline.Errors.Observed);

    private static bool NeverLeftItsStart(ModelResult model)
    {
        double Error(SeriesPoint point) => double.IsNaN(point.Errors.Validation) ? point.Errors.Training : point.Errors.Validation;
        double start = Error(model.Series[0]), kept = Error(model.Series.First(point => point.Iteration == model.Iteration));

        // Where all cells are equal there is nothing to lower.
        return start > 0 && kept > start * (1 - LeastGain);
    }
}
