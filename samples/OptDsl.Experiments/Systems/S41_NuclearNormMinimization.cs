using OptDsl.Linear;
using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>The baseline of convex completion, with a proof of how near it is.</summary>
internal sealed class S41_NuclearNormMinimization : VerificationSystem
{
    internal override string Id => "S41";

    internal override string Title => "Matrix completion with minimum nuclear norm";

    internal override string Text => """
        `NuclearNormCompletion` finds the matrix of smallest nuclear norm with the given observed entries, by the alternating
        direction method. A bound from the dual problem proves how near the minimum is, and stops the iteration. It is the
        convex baseline of S30 and S33.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        LowRankTask few = new(40, 2, 300, trial.Seed), some = new(40, 2, 500, trial.Seed), enough = new(40, 2, 800, trial.Seed);
        NuclearNormResult small = few.LeastNuclearNorm(trial.Cancellation), middle = some.LeastNuclearNorm(trial.Cancellation),
            large = enough.LeastNuclearNorm(trial.Cancellation);
        var table = new DataTable("table", "Minimum nuclear norm for a 40 x 40 matrix of rank 2", "observed entries", "relative error",
            "error of zero fill", "nuclear norm", "nuclear norm of the true matrix", "proved relative gap", "iterations");
        foreach ((LowRankTask task, NuclearNormResult result) in ((LowRankTask, NuclearNormResult)[])[(few, small), (some, middle),
            (enough, large)])
        {
            table.Row(task.Cells.Length, task.Error<double>(result.Matrix), task.ZeroFillError, result.NuclearNorm, Truth(task), result.Gap,
                result.Iterations);
        }

        trial.Show(table);
        yield return new("S41.gap", Math.Max(small.Gap, Math.Max(middle.Gap, large.Gap)));
        yield return new("S41.observed", few.Cells.Max(cell => Math.Abs(small.Matrix[cell] - few.Matrix[cell])));
        yield return new("S41.exact", enough.Error<double>(large.Matrix));
        yield return new("S41.shorter", small.NuclearNorm / Truth(few));
    }

    private static double Truth(LowRankTask task)
        => Spectrum.NuclearNorm(Spectrum.SingularValues(new MatrixView<double>(task.Matrix, task.Side, task.Side)));
}
