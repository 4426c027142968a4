using System.Globalization;
using System.Text;

namespace OptDsl.Experiments;

/// <summary>Images of the data: what was observed, what each model made of it, and what is true.</summary>
internal static class ImageGrid
{
    private const int Examples = 8;

    internal static string Render(CompletionResult result)
    {
        CompletionProblem problem = result.Problem;
        (int height, int width) = problem.Matrix.Image!.Value;
        List<string> titles = ["observed", .. result.Models.Select(model => model.Settings.Name), "true"];
        var html = new StringBuilder("<div class=\"pair\">");
        int examples = Math.Min(Examples, problem.Rows);
        for (int example = 0; example < examples; example++)
        {
            // Two blocks, side by side where there is room, each under its own titles.
            if (example % ((examples + 1) / 2) == 0)
            {
                html.Append(CultureInfo.InvariantCulture,
                    $"{(example == 0 ? "" : "</div>")}<div class=\"images\" style=\"--columns:{titles.Count}\">");
                foreach (string title in titles)
                {
                    html.Append(CultureInfo.InvariantCulture,
                        $"<div class=\"head\">{SvgWriter.Escape(title).Replace("-", "<br>", StringComparison.Ordinal)}</div>");
                }
            }

            // Evenly over the data, so that the choice is nobody's.
            int row = (int)((long)example * problem.Rows / examples);
            Range cells = (row * problem.Columns)..((row + 1) * problem.Columns);
            float[] truth = problem.Matrix.Values[cells];
            float[] observed = [.. truth.Zip(problem.Uses[cells], (value, use) => use == CellUse.Hidden ? float.NaN : value)];
            Append(html, observed, height, width, FormattableString.Invariant($"image {row + 1}, observed pixels"));
            foreach (ModelResult model in result.Models)
            {
                float[] completed = new float[problem.Columns];
                model.Completed.ComputeRows(row, completed);
                Append(html, completed, height, width,
                    FormattableString.Invariant($"image {row + 1}, completed by {model.Settings.Name}"));
            }

            Append(html, truth, height, width, FormattableString.Invariant($"image {row + 1}, true"));
        }

        return html.Append("</div></div>").ToString();
    }

    private static void Append(StringBuilder html, float[] pixels, int height, int width, string label)
    {
        var svg = new SvgWriter(width, height, label);
        svg.Image(0, 0, width, height, PngWriter.DataUri(pixels, height, width));
        html.Append(svg);
    }
}
