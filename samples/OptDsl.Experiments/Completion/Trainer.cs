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
        CompletionProblem problem, ModelSettings settings, Action<SeriesPoint> report, CancellationToken cancellation)
    {
        var model = new CompletionModel(problem, settings);
        using ParameterBuffer<float> parameters = model.CreateParameters(), best = model.CreateParameters();
        model.Initialize(parameters, settings.Seed, settings.InitialScale);
        IOptimizer<float> optimizer = settings.Rule.Bind(parameters, settings.Rate);
        try
        {
            return Train(problem, settings, model, parameters, best, optimizer, report, cancellation);
        }
        catch (NonFiniteException exception)
        {
            throw new RunFailedException(
                FormattableString.Invariant(
                    $"{settings.Name} diverged with rule {settings.Rule.Name} at rate {settings.Rate} ({exception.Message.TrimEnd('.')}); try a lower --rate. Nothing was written."), exception);
        }
    }

    private static ModelResult Train(
        CompletionProblem problem, ModelSettings settings, CompletionModel model, ParameterBuffer<float> parameters,
        ParameterBuffer<float> best, IOptimizer<float> optimizer, Action<SeriesPoint> report, CancellationToken cancellation)
    {
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
                report(point);

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
        (float[] prediction, double[] singularValues) = model.Predict(bestIteration < 0 ? parameters : best);
        return new ModelResult(
            settings, prediction, Errors.Of(problem, prediction), singularValues, Spectrum.EffectiveRank(singularValues),
            Math.Max(bestIteration, 0), seconds, series);
    }
}
