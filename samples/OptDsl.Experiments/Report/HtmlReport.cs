using System.Globalization;
using System.Text;

namespace OptDsl.Experiments;

/// <summary>The run as one page that needs nothing else.</summary>
internal static class HtmlReport
{
    internal static string Render(CompletionResult result)
    {
        var html = new StringBuilder();
        html.Append(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.Append(CultureInfo.InvariantCulture,
            $"<title>Matrix completion: {SvgWriter.Escape(Title(result))}</title>\n<style>\n{Picture.Style("report.css")}</style>\n</head>\n<body>\n<main>\n");
        AppendHead(html, result);
        AppendTable(html, result);
        if (result.Problem.Matrix.Image is not null)
        {
            html.Append(
                "<section>\n<h2>Images</h2>\n<p>Hidden pixels are blue where only the observed ones are shown. The images are spread evenly over the data.</p>\n");
            html.Append(ImageGrid.Render(result)).Append("\n</section>\n");
        }

        AppendCurves(html, result);
        AppendSpectra(html, result);
        AppendSettings(html, result);
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void AppendHead(StringBuilder html, CompletionResult result)
    {
        CompletionProblem problem = result.Problem;
        html.Append("<header>\n<p class=\"kicker\">Matrix completion</p>\n");
        html.Append(CultureInfo.InvariantCulture, $"<h1>{SvgWriter.Escape(Title(result))}</h1>\n");
        html.Append(CultureInfo.InvariantCulture,
            $"<p class=\"lead\">{Count(problem.Rows)} rows × {Count(problem.Columns)} columns. {Count(problem.ObservedCount)} cells were observed, {Count(problem.HiddenCount)} hidden. ");
        html.AppendJoin("</p>\n<p>", Remarks.Of(result).Select(SvgWriter.Escape)).Append("</p>\n</header>\n");
    }

    private static void AppendTable(StringBuilder html, CompletionResult result)
    {
        html.Append("<section>\n");
        HtmlTable.Begin(html, "Errors of models and baselines", ["", "hidden<br>RMSE", "train<br>RMSE", "effective<br>rank", "seconds"]);
        double least = result.Models.Min(model => model.Errors.Hidden);
        foreach (ModelResult model in result.Models)
        {
            HtmlTable.Row(html, SvgWriter.Escape(model.Settings.Name),
                [Remarks.Number(model.Errors.Hidden), Remarks.Number(model.Errors.Observed),
                    Remarks.HasSpectrum(result, model) ? model.EffectiveRank.ToString("0.0", CultureInfo.InvariantCulture) : "",
                    model.Seconds.ToString("0.0", CultureInfo.InvariantCulture)],
                model.Errors.Hidden == least ? "best" : "");
        }

        foreach (BaselineResult baseline in result.Baselines)
        {
            HtmlTable.Row(html, SvgWriter.Escape(baseline.Name),
                [Remarks.Number(baseline.Errors.Hidden), Remarks.Number(baseline.Errors.Observed), "", ""], "baseline");
        }

        HtmlTable.End(html);
        html.Append("</section>\n");
    }

    private static void AppendCurves(StringBuilder html, CompletionResult result)
    {
        bool validated = result.Problem.ValidationCount > 0;
        BaselineResult baseline = Remarks.BestBaseline(result);

        // The start fits in too, unless it is far off.
        double Largest(Func<ModelResult, SeriesPoint> point)
            => result.Models.Max(model => Math.Max(point(model).Errors.Hidden, point(model).Errors.Training));
        double end = Math.Max(baseline.Errors.Hidden, Largest(model => model.Series[^1]));
        double top = 1.15 * Math.Max(end, Math.Min(Largest(model => model.Series[0]), 3 * end));
        if (top <= 0)
        {
            return;
        }

        html.Append("<section>\n<h2>Errors while training</h2>\n<p>");
        html.Append("<span class=\"key train\"></span>trained on ");
        html.Append(validated ? "<span class=\"key validation\"></span>set aside " : "");
        html.Append("<span class=\"key hidden\"></span>hidden. ");
        html.Append(validated
            ? "Training stops, and parameters are kept (dot), by the cells set aside; the hidden ones decide nothing.</p>\n"
            : "There are too few cells to set some aside, so training runs to its end.</p>\n");
        html.Append("<div class=\"charts\">\n");
        foreach (ModelResult model in result.Models)
        {
            IReadOnlyList<(double, double)> Of(Func<Errors, double> part)
                => [.. model.Series.Select(point => ((double)point.Iteration, part(point.Errors)))];
            Errors kept = model.Series.First(point => point.Iteration == model.Iteration).Errors;
            var chart = new LineChart($"Errors of {model.Settings.Name}", "step", Math.Max(1, model.Series[^1].Iteration), 0, top)
            {
                Level = (baseline.Errors.Hidden, baseline.Name),
                Mark = validated ? (model.Iteration, kept.Validation) : null,
            };
            List<ChartLine> lines = [new("trained on", "line train", Of(errors => errors.Training))];
            if (validated)
            {
                lines.Add(new("set aside", "line validation", Of(errors => errors.Validation)));
            }

            lines.Add(new("hidden", "line hidden", Of(errors => errors.Hidden)));

            html.Append(CultureInfo.InvariantCulture,
                $"<figure><figcaption>{SvgWriter.Escape(model.Settings.Name)}</figcaption>{chart.Render(lines)}</figure>\n");
        }

        html.Append("</div>\n</section>\n");
    }

    private static void AppendSpectra(StringBuilder html, CompletionResult result)
    {
        ModelResult[] models = [.. result.Models.Where(model => Remarks.HasSpectrum(result, model))];
        double top = models.Select(model => model.SingularValues[0]).Append(result.TrueSingularValues?[0] ?? 0).Max();
        const double Span = 1e-4;

        // A line needs two points. Where no line has them there is no chart.
        bool IsLine(double[]? values) => values is not null && values.Count(value => value > 0 && value >= top * Span) > 1;
        ModelResult[] drawn = [.. models.Where(model => IsLine(model.SingularValues) || IsLine(result.TrueSingularValues))];
        if (drawn.Length == 0)
        {
            return;
        }

        int count = Math.Min(result.Models.Max(model => model.SingularValues.Length), 120);
        html.Append("<section>\n<h2>Singular values</h2>\n<p><span class=\"key model\"></span>the completed matrix");
        html.Append(result.TrueSingularValues is null ? ", without the columns’ offsets" : " <span class=\"key data\"></span>the true one");
        html.Append(CultureInfo.InvariantCulture, $". The first {count}, on a logarithmic scale.</p>\n<div class=\"charts\">\n");
        foreach (ModelResult model in drawn)
        {
            IReadOnlyList<(double, double)> Of(double[] values)
                => [.. values.Take(count).Select((value, i) => (i + 1.0, value < top * Span ? double.NaN : value))];
            var chart = new LineChart($"Singular values of {model.Settings.Name}", "index", count, top * Span,
                top * 1.2)
            { Logarithmic = true };
            List<ChartLine> lines = [new("completed", "line model", Of(model.SingularValues))];
            if (result.TrueSingularValues is double[] truth)
            {
                lines.Insert(0, new("true", "line data", Of(truth)));
            }

            html.Append(CultureInfo.InvariantCulture,
                $"<figure><figcaption>{SvgWriter.Escape(model.Settings.Name)}, effective rank {model.EffectiveRank:0.0}</figcaption>{chart.Render(lines)}</figure>\n");
        }

        html.Append("</div>\n</section>\n");
    }

    private static void AppendSettings(StringBuilder html, CompletionResult result)
    {
        html.Append("<section class=\"settings\">\n<h2>Settings</h2>\n");
        HtmlTable.Begin(html, "Settings", ["", .. result.Models.Select(model => Broken(model.Settings.Name))]);
        void Row(string title, Func<ModelResult, object> value)
            => HtmlTable.Row(html, title, result.Models.Select(model => FormattableString.Invariant($"{value(model)}")));

        Row("rule", model => SvgWriter.Escape(model.Settings.Rule.Name));
        Row("learning rate", model => model.Settings.Rate);
        Row("initial scale", model => Math.Round(model.Settings.InitialScale, 4));
        Row("penalty", model => model.Settings.Penalty);
        Row("steps made", model => model.Series[^1].Iteration);
        Row("step kept", model => model.Iteration);
        Row("seed", model => model.Settings.Seed);
        CompletionProblem problem = result.Problem;
        HtmlTable.End(html);
        html.Append(
            "<p>Loss: the mean squared error over the cells trained on, plus penalty ÷ their number × the sum of squared parameters. ");
        html.Append(
            "Train RMSE is over all observed cells, those set aside among them. RMSEs can be computed again from ");
        if (!problem.Matrix.IsSmall)
        {
            html.Append(CultureInfo.InvariantCulture,
                $"{ResultFiles.ObservedCells}, the rows and columns of the observed cells, and the products of row factors and column factors: so many cells, known or not, are not written. The recommender’s products are limited to the range of the observed values. Rows and columns count from 0.</p>\n</section>\n");
            return;
        }

        html.Append("mask.npy (true is observed) and the prediction files");
        html.Append(problem.Matrix switch
        {
            { RowIdentities.NeedIndex: true } or { ColumnIdentities.NeedIndex: true } =>
                $", whose rows and columns are those of {ResultFiles.RowIdentities} and {ResultFiles.ColumnIdentities}; a cell that is neither observed nor in the input is false in the mask",
            { RowIdentities: { } rows } =>
                string.Create(CultureInfo.InvariantCulture,
                    $", whose first row and column are the input’s {rows.First}; a cell that is neither observed nor in the input is false in the mask"),
            _ => "",
        });
        html.Append(".</p>\n</section>\n");
    }

    /// <summary>The data by name; directories are nobody's business but the user's.</summary>
    private static string Title(CompletionResult result) => Path.GetFileName(result.Problem.Matrix.Source);

    /// <summary>A name that may break in two lines.</summary>
    private static string Broken(string name) => SvgWriter.Escape(name).Replace("-", "<br>", StringComparison.Ordinal);

    private static string Count(int value)
        => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", "\u202f", StringComparison.Ordinal);
}
