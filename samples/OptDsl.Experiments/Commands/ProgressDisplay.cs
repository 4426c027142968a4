using Spectre.Console;

namespace OptDsl.Experiments;

/// <summary>Shows training as live bars on a terminal, and as a few plain lines anywhere else.</summary>
internal static class ProgressDisplay
{
    internal static CompletionResult Run(IAnsiConsole console, IReadOnlyList<ModelSettings> models,
        Func<ITrainingProgress, CompletionResult> run)
    {
        if (!console.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
        {
            return run(new Lines(console));
        }

        return console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new ElapsedTimeColumn())
            .Start(context =>
            {
                var tasks = models.ToDictionary(model => model,
                    model => context.AddTask(Markup.Escape(model.Name), autoStart: false, maxValue: model.Iterations));
                return run(new Bars(tasks));
            });
    }

    private static string Describe(ModelSettings model, Errors errors)
        => FormattableString.Invariant($"{model.Name}  train {errors.Training:0.0000}")
            + (double.IsNaN(errors.Validation) ? "" : FormattableString.Invariant($"  set aside {errors.Validation:0.0000}"));

    private sealed class Bars(Dictionary<ModelSettings, ProgressTask> tasks) : ITrainingProgress
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
    }

    private sealed class Lines(IAnsiConsole console) : ITrainingProgress
    {
        private const int PerModel = 5;
        private int shown;
        private ModelSettings? current;

        public void Report(ModelSettings model, SeriesPoint point)
        {
            shown = ReferenceEquals(current, model) ? shown : 0;
            current = model;
            if ((long)point.Iteration * PerModel >= (long)shown * model.Iterations)
            {
                shown++;
                console.WriteLine(
                    FormattableString.Invariant($"{Describe(model, point.Errors)}  step {point.Iteration} of {model.Iterations}"));
            }
        }

        public void Finish(ModelSettings model, ModelResult result)
            => console.WriteLine(
                FormattableString.Invariant($"{model.Name}  done in {result.Seconds:0.0} s, kept step {result.Iteration}"));
    }
}
