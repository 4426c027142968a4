using System.Diagnostics;
using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>
/// Trains one model. It measures now and then; when the error of the cells set aside has not fallen for a while it stops,
/// and it keeps the parameters where that error was least. The hidden cells are measured too, for the curves, and decide
/// nothing.
/// </summary>
internal static class Trainer
{
    // Measurements a run, and how many of them may pass without improvement.
    private const int Measurements = 60, Patience = 8;

    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="RunFailedException">A value became infinite or NaN.</exception>
    internal static ModelResult Train(
        CompletionProblem problem, ModelSettings settings, ITrainingProgress progress, CancellationToken cancellation)
    {
        CompletionModel model;
        using (progress.Begin($"{settings.Name}: preparing"))
        {
            model = new CompletionModel(problem, settings);
        }

        ParameterBuffer<float> best = model.CreateParameters();
        try
        {
            (int iteration, double seconds, List<SeriesPoint> series) = Train(problem, settings, model, best, progress, cancellation);
            ICompletedMatrix completed = model.Complete(best);
            Errors errors;
            if (problem.Matrix.IsSmall)
            {
                using IProgressStage measuring = progress.Begin($"{settings.Name}: measuring");
                errors = Errors.Of(problem, completed, measuring, cancellation);
            }
            else
            {
                errors = model.Measure(best);
            }

            using IProgressStage stage = progress.Begin($"{settings.Name}: singular values");
            double[] singularValues = model.ComputeSingularValues(best, stage, cancellation);
            return new ModelResult(settings, completed, errors, singularValues, Spectrum.EffectiveRank(singularValues), iteration, seconds,
                series);
        }
        catch (Exception exception)
        {
            best.Dispose();
            if (exception is NonFiniteException divergence)
            {
                throw new RunFailedException(
                    FormattableString.Invariant(
                        $"{settings.Name} diverged with rule {settings.Rule.Name} at rate {settings.Rate} in step {divergence.Step}; try a lower --rate. Nothing was written."), exception);
            }

            throw;
        }
    }

    private static (int Iteration, double Seconds, List<SeriesPoint> Series) Train(CompletionProblem problem, ModelSettings settings,
        CompletionModel model, ParameterBuffer<float> best, ITrainingProgress progress, CancellationToken cancellation)
    {
        using ParameterBuffer<float> parameters = model.CreateParameters();
        model.Initialize(parameters, settings.Seed, settings.InitialScale);
        IOptimizer<float> optimizer = settings.Rule.Bind(parameters, settings.Rate);
        var clock = Stopwatch.StartNew();
        var series = new List<SeriesPoint>();
        int interval = Math.Max(1, settings.Iterations / Measurements), bestIteration = -1, idle = 0;
        double least = double.PositiveInfinity;
        for (int iteration = 0; ; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (iteration % interval == 0 || iteration == settings.Iterations)
            {
                var point = new SeriesPoint(iteration, clock.Elapsed.TotalSeconds, model.Measure(parameters));
                series.Add(point);
                progress.Report(settings, point);

                // Without cells set aside, every measurement is the best yet.
                double error = problem.ValidationCount > 0 ? point.Errors.Validation : -iteration;
                idle++;
                if (error < least)
                {
                    (least, bestIteration, idle) = (error, iteration, 0);
                    parameters.ReadOnlyValues.CopyTo(best.Values);
                }

                if (idle > Patience || iteration == settings.Iterations)
                {
                    break;
                }
            }

            model.Loss.ComputeGradient(parameters);
            optimizer.Step(cancellation);
        }

        double seconds = clock.Elapsed.TotalSeconds;
        if (bestIteration < 0)
        {
            parameters.ReadOnlyValues.CopyTo(best.Values);
        }

        return (Math.Max(bestIteration, 0), seconds, series);
    }
}
