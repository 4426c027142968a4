using System.Diagnostics;
using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// Steps an optimizer down a loss until it is small, the steps are made, or it is cancelled, and hands back the state so far however it
/// ends.
/// </summary>
public static class Descent
{
    /// <summary>Runs.</summary>
    /// <typeparam name="T">The element, float or double.</typeparam>
    /// <typeparam name="TRule">The rule.</typeparam>
    /// <param name="loss">The loss, of the optimizer's buffer.</param>
    /// <param name="optimizer">
    /// Steps from where it stands: an optimizer that has loaded a checkpoint goes on as if it had not been stopped.
    /// </param>
    /// <param name="settings">When it ends and what it leaves.</param>
    /// <param name="measure">
    /// Called at the start, at every <see cref="DescentSettings.MeasureEvery"/> steps and at the end, before the step: gradients are those
    /// of the point. What it takes is not counted in the seconds. May set the optimizer's rule, as a schedule does.
    /// </param>
    /// <param name="cancellation">Observed before every step.</param>
    /// <returns>Why it ended, and where. Cancellation is an outcome, not an exception.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    /// <exception cref="NonFiniteException">
    /// A gradient or what the rule makes of it is not finite, and the optimizer is set to throw.
    /// </exception>
    /// <exception cref="IOException">A checkpoint cannot be written; the parameters are those of the last step.</exception>
    public static DescentResult Run<T, TRule>(
        ILossModel<T> loss, Optimizer<T, TRule> optimizer, DescentSettings settings, Action<DescentPoint>? measure = null,
            CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        var clock = Stopwatch.StartNew();
        int within = 0, saved = optimizer.StepCount, measured = -1;
        DescentResult End(DescentOutcome outcome, double value)
        {
            var end = new DescentPoint(optimizer.StepCount, value, clock.Elapsed.TotalSeconds);
            if (settings.CheckpointPath is { } path && (optimizer.StepCount != saved || !File.Exists(path)))
            {
                Save(optimizer, settings, path);
            }

            if (measured != optimizer.StepCount)
            {
                measure?.Invoke(end);
            }

            return new DescentResult(outcome, end);
        }

        while (true)
        {
            double value = Evaluate(loss, optimizer.Parameters);
            if (!double.IsFinite(value))
            {
                return End(DescentOutcome.NotFinite, value);
            }

            within = value <= settings.LossTolerance ? within + 1 : 0;
            if (settings.LossTolerance > 0 && within >= settings.Patience)
            {
                return End(DescentOutcome.Tolerance, value);
            }

            if (optimizer.StepCount >= settings.Iterations)
            {
                return End(DescentOutcome.Iterations, value);
            }

            if (cancellation.IsCancellationRequested)
            {
                return End(DescentOutcome.Cancelled, value);
            }

            if (measure is not null
                && (optimizer.StepCount == 0 || (settings.MeasureEvery > 0 && optimizer.StepCount % settings.MeasureEvery == 0)))
            {
                measured = optimizer.StepCount;
                clock.Stop();
                measure(new DescentPoint(measured, value, clock.Elapsed.TotalSeconds));
                clock.Start();
            }

            // A started step is made whole.
            optimizer.Step(CancellationToken.None);
            if (settings.CheckpointPath is { } file && settings.CheckpointEvery > 0 && optimizer.StepCount % settings.CheckpointEvery == 0)
            {
                Save(optimizer, settings, file);
                saved = optimizer.StepCount;
            }
        }
    }

    /// <summary>A loss that would release the parameters, or step all of them, is refused.</summary>
    private static double Evaluate<T>(ILossModel<T> loss, ParameterBuffer<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Evaluation under = parameters.BeginEvaluation(isOfAll: false, "Descent.Run");
        return loss.ComputeGradient(parameters);
    }

    private static void Save<T, TRule>(Optimizer<T, TRule> optimizer, DescentSettings settings, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        if (settings.CheckpointBeside is { } beside)
        {
            optimizer.Save(path, beside, CancellationToken.None);
        }
        else
        {
            optimizer.Save(path, CancellationToken.None);
        }
    }
}
