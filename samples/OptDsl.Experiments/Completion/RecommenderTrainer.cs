using System.Diagnostics;
using OptDsl.Linear;
using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>Fits the library's recommender to the observed cells of a problem, stopped by those it sets aside.</summary>
internal static class RecommenderTrainer
{
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="RunFailedException">A value became infinite or NaN.</exception>
    internal static ModelResult Train(CompletionProblem problem, ModelSettings settings, Action<SeriesPoint> report,
        CancellationToken cancellation)
    {
        int[] observed = [.. Enumerable.Range(0, problem.Uses.Length)
            .Where(i => problem.Uses[i] is CellUse.Training or CellUse.Validation)];
        int[] hidden = [.. Enumerable.Range(0, problem.Uses.Length).Where(i => problem.Uses[i] == CellUse.Hidden)];
        var clock = Stopwatch.StartNew();
        var series = new List<SeriesPoint>();
        void Report(RecommenderProgress progress, Recommender recommender)
        {
            clock.Stop();
            var point = new SeriesPoint(progress.Iteration, clock.Elapsed.TotalSeconds, Measure(problem, recommender, observed, hidden));
            series.Add(point);
            report(point);
            clock.Start();
        }

        try
        {
            using Recommender recommender = Recommender.Fit(
                Array.ConvertAll(observed, i => i / problem.Columns), Array.ConvertAll(observed, i => i % problem.Columns),
                    Array.ConvertAll(observed, i => problem.Matrix.Values[i]),
                problem.Rows, problem.Columns,
                new RecommenderSettings
                {
                    Rank = settings.Width,
                    FactorPenalty = settings.Penalty,
                    LearningRate = settings.Rate,
                    Iterations = settings.Iterations,
                    InitialScale = settings.InitialScale,
                    Seed = settings.Seed
                },
                Array.ConvertAll(observed, i => problem.Uses[i] == CellUse.Validation), Report, cancellation);
            cancellation.ThrowIfCancellationRequested();
            double seconds = clock.Elapsed.TotalSeconds;
            float[] prediction = new float[problem.Uses.Length];
            recommender.ComputeInteraction(prediction);
            double[] singularValues = Spectrum.SingularValues(new MatrixView<float>(prediction, problem.Rows, problem.Columns));
            for (int i = 0; i < prediction.Length; i++)
            {
                prediction[i] = (float)recommender.Predict(i / problem.Columns, i % problem.Columns);
            }

            return new ModelResult(settings, prediction, Errors.Of(problem, prediction), singularValues,
                Spectrum.EffectiveRank(singularValues), recommender.Kept.Iteration, seconds, series);
        }
        catch (NonFiniteException exception)
        {
            throw new RunFailedException(
                FormattableString.Invariant(
                    $"{settings.Name} diverged at rate {settings.Rate} ({exception.Message.TrimEnd('.')}); try a lower --rate. Nothing was written."), exception);
        }
    }

    private static Errors Measure(CompletionProblem problem, Recommender recommender, params ReadOnlySpan<int[]> parts)
    {
        Span<double> squares = stackalloc double[4];
        squares.Clear();
        foreach (int[] cells in parts)
        {
            foreach (int i in cells)
            {
                double difference = recommender.Predict(i / problem.Columns, i % problem.Columns) - problem.Matrix.Values[i];
                squares[(int)problem.Uses[i]] += difference * difference;
            }
        }

        return Errors.FromSquares(problem, squares);
    }
}
