using System.Diagnostics;
using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>Fits the library's recommender to the observed cells of a problem, stopped by those it sets aside.</summary>
internal static class RecommenderTrainer
{
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="RunFailedException">A value became infinite or NaN.</exception>
    internal static ModelResult Train(
        CompletionProblem problem, ModelSettings settings, ITrainingProgress progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var series = new List<SeriesPoint>();
        IProgressStage? preparing = progress.Begin($"{settings.Name}: preparing");
        void Report(RecommenderProgress measured, Recommender recommender)
        {
            clock.Stop();
            preparing?.Dispose();
            preparing = null;
            var point = new SeriesPoint(measured.Iteration, clock.Elapsed.TotalSeconds, Measure(problem, recommender));
            series.Add(point);
            progress.Report(settings, point);
            clock.Start();
        }

        try
        {
            Recommender recommender = Fit(problem, settings, Report, cancellation);
            try
            {
                cancellation.ThrowIfCancellationRequested();
                double seconds = clock.Elapsed.TotalSeconds;
                var completed = new Completed(recommender);
                Errors errors;
                using (IProgressStage measuring = progress.Begin($"{settings.Name}: measuring"))
                {
                    errors = problem.Matrix.IsSmall ? Errors.Of(problem, completed, measuring, cancellation)
                        : Measure(problem, recommender);
                }

                using IProgressStage stage = progress.Begin($"{settings.Name}: singular values");
                double[] singularValues = recommender.ComputeSingularValues(stage, cancellation);
                return new ModelResult(settings, completed, errors, singularValues, Spectrum.EffectiveRank(singularValues),
                    recommender.Kept.Iteration, seconds, series);
            }
            catch
            {
                recommender.Dispose();
                throw;
            }
        }
        catch (NonFiniteException exception)
        {
            throw new RunFailedException(
                FormattableString.Invariant(
                    $"{settings.Name} diverged at rate {settings.Rate} in step {exception.Step}; try a lower --rate. Nothing was written."), exception);
        }
        finally
        {
            preparing?.Dispose();
        }
    }

    private static Recommender Fit(CompletionProblem problem, ModelSettings settings, Action<RecommenderProgress, Recommender> report,
        CancellationToken cancellation)
    {
        CellMatrix matrix = problem.Matrix;
        int[] observed = problem.Find(CellUse.Training, CellUse.Validation);
        return Recommender.Fit(
            Array.ConvertAll(observed, matrix.RowOf), Array.ConvertAll(observed, matrix.ColumnOf),
            Array.ConvertAll(observed, i => matrix.Values[i]), problem.Rows, problem.Columns,
            new RecommenderSettings
            {
                Rank = settings.Width,
                FactorPenalty = settings.Penalty,
                LearningRate = settings.Rate,
                Iterations = settings.Iterations,
                InitialScale = settings.InitialScale,
                Seed = settings.Seed
            },
            Array.ConvertAll(observed, i => problem.Uses[i] == CellUse.Validation), report, cancellation);
    }

    private static Errors Measure(CompletionProblem problem, Recommender recommender)
        => Errors.Of(problem, i => recommender.Predict(problem.Matrix.RowOf(i), problem.Matrix.ColumnOf(i)));

    private sealed class Completed(Recommender recommender) : ICompletedMatrix
    {
        public void ComputeRows(int first, Span<float> rows) => recommender.PredictRows(first, rows);

        public (float[] Rows, float[] Columns) ComputeFactors()
        {
            float[] rows = new float[recommender.Rows * recommender.Width], columns = new float[recommender.Columns * recommender.Width];
            recommender.ComputeFactors(rows, columns);
            return (rows, columns);
        }

        public void Dispose() => recommender.Dispose();
    }
}
