using Spectre.Console;

namespace OptDsl.Experiments;

/// <summary>Shows a run as live bars on a terminal, and as a few plain lines anywhere else.</summary>
internal static class ProgressDisplay
{
    // Work that ends sooner is not worth a word.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    internal static T Run<T>(
        IAnsiConsole console, IReadOnlyList<ModelSettings> models, Func<ITrainingProgress, T> run, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        if (!IsLive(console))
        {
            return run(new Lines(console, time));
        }

        return console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new ElapsedTimeColumn())
            .Start(context =>
            {
                var tasks = models.ToDictionary(model => model,
                    model => context.AddTask(Markup.Escape(model.Name), autoStart: false, maxValue: model.Iterations));
                return run(new Bars(context, tasks, time));
            });
    }

    /// <summary>Does work before a run, and says what it is if it takes a second.</summary>
    internal static T During<T>(IAnsiConsole console, string work, Func<T> run)
    {
        if (IsLive(console))
        {
            return console.Status().Start(Markup.Escape(work), _ => run());
        }

        using var stage = new LineStage(console, work, TimeProvider.System);
        return run();
    }

    private static bool IsLive(IAnsiConsole console) => console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;

    private static string Describe(ModelSettings model, Errors errors)
        => FormattableString.Invariant($"{model.Name}  train {errors.Training:0.0000}")
            + (double.IsNaN(errors.Validation) ? "" : FormattableString.Invariant($"  set aside {errors.Validation:0.0000}"));

    private sealed class Bars(ProgressContext context, Dictionary<ModelSettings, ProgressTask> tasks, TimeProvider time) : ITrainingProgress
    {
        public void Report(ModelSettings model, SeriesPoint point)
        {
            ProgressTask task = tasks[model];
            if (!task.IsStarted)
            {
                task.StartTask();
            }

            task.Value = point.Iteration;
            task.Description = Markup.Escape(Describe(model, point.Errors));
        }

        public void Finish(ModelSettings model, ModelResult result)
        {
            tasks[model].Value = model.Iterations;
            tasks[model].StopTask();
        }

        public IProgressStage Begin(string work) => new BarStage(context, work, time);
    }

    /// <summary>A bar that appears after a second.</summary>
    private sealed class BarStage : IProgressStage
    {
        private readonly ITimer timer;
        private readonly Lock held = new();
        private ProgressTask? task;
        private double share;
        private bool ended;

        internal BarStage(ProgressContext context, string work, TimeProvider time) => timer = time.CreateTimer(_ =>
        {
            lock (held)
            {
                if (!ended)
                {
                    task = context.AddTask(Markup.Escape(work), maxValue: 1);
                    task.Value = share;
                }
            }
        }, null, Silence, Timeout.InfiniteTimeSpan);

        public void Report(double value)
        {
            lock (held)
            {
                share = value;
                task?.Value = value;
            }
        }

        public void Dispose()
        {
            timer.Dispose();
            lock (held)
            {
                ended = true;
                task?.Value = 1;
                task?.StopTask();
            }
        }
    }

    private sealed class Lines(IAnsiConsole console, TimeProvider time) : ITrainingProgress
    {
        private const int PerModel = 5;

        // Between two lines while a model trains, at most, if it is measured that often.
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

        private long lastLine = time.GetTimestamp();
        private int shown;
        private ModelSettings? current;

        public void Report(ModelSettings model, SeriesPoint point)
        {
            shown = ReferenceEquals(current, model) ? shown : 0;
            current = model;
            bool due = (long)point.Iteration * PerModel >= (long)shown * model.Iterations;
            if (due || time.GetElapsedTime(lastLine) >= Patience)
            {
                shown += due ? 1 : 0;
                lastLine = time.GetTimestamp();
                console.WriteLine(
                    FormattableString.Invariant($"{Describe(model, point.Errors)}  step {point.Iteration} of {model.Iterations}"));
            }
        }

        public void Finish(ModelSettings model, ModelResult result)
            => console.WriteLine(
                FormattableString.Invariant($"{model.Name}  done in {result.Seconds:0.0} s, kept step {result.Iteration}"));

        public IProgressStage Begin(string work) => new LineStage(console, work, time);
    }

    /// <summary>A line that is written after a second, and others with the share that is done.</summary>
    private sealed class LineStage : IProgressStage
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

        private readonly ITimer timer;
        private readonly Lock held = new();
        private double share;
        private bool ended;

        internal LineStage(IAnsiConsole console, string work, TimeProvider time) => timer = time.CreateTimer(_ =>
        {
            lock (held)
            {
                if (!ended)
                {
                    console.WriteLine(share > 0 ? FormattableString.Invariant($"{work}, {share:0 %}") : work);
                }
            }
        }, null, Silence, Patience);

        public void Report(double value)
        {
            lock (held)
            {
                share = value;
            }
        }

        public void Dispose()
        {
            timer.Dispose();
            lock (held)
            {
                ended = true;
            }
        }
    }
}
