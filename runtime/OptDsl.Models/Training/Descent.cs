using System.Diagnostics;
using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// Trains: steps an optimizer on a loss until the loss is small enough or not finite, the allowed number of steps is made, or the run is
/// cancelled. However the run ends, it returns the point that it reached.
/// </summary>
public static class Descent
{
    /// <summary>Runs the descent.</summary>
    /// <typeparam name="T">The element, float or double.</typeparam>
    /// <typeparam name="TRule">The rule.</typeparam>
    /// <param name="loss">The loss; a function of the optimizer's buffer.</param>
    /// <param name="optimizer">
    /// The optimizer, stepped from its current state. One that has loaded a checkpoint continues as if it had not been interrupted.
    /// </param>
    /// <param name="settings">When the run ends, how often it is measured, and its checkpoints.</param>
    /// <param name="measure">
    /// Called at step 0, every <see cref="DescentSettings.MeasureEvery"/> steps, and at the end. It is called before the step, so the
    /// buffer has the gradients of the measured point. Its time is not part of the reported seconds. It may set the optimizer's rule, as a
    /// schedule does.
    /// </param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <returns>Why and where the run ended. Cancellation is an outcome, not an exception.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    /// <exception cref="NonFiniteException">
    /// A gradient, or a value that the rule computes from it, is not finite, and the optimizer is set to throw.
    /// </exception>
    /// <exception cref="IOException">A checkpoint cannot be written; the parameters are those after the last step.</exception>
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

            // A step that has started is always completed.
            optimizer.Step(CancellationToken.None);
            if (settings.CheckpointPath is { } file && settings.CheckpointEvery > 0 && optimizer.StepCount % settings.CheckpointEvery == 0)
            {
                Save(optimizer, settings, file);
                saved = optimizer.StepCount;
            }
        }
    }

    /// <summary>Computes the gradient, and refuses a loss that releases the parameters or steps all of them.</summary>
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
