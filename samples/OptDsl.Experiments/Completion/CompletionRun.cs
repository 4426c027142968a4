using OptDsl.Linear;
using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>Trains all models of a run, one after the other, beside the baselines.</summary>
internal static class CompletionRun
{
    internal static CompletionResult Run(
        CompletionProblem problem, IReadOnlyList<ModelSettings> settings, ITrainingProgress progress, CancellationToken cancellation)
    {
        var models = new List<ModelResult>();
        foreach (ModelSettings model in settings)
        {
            void Report(SeriesPoint point) => progress.Report(model, point);
            models.Add(model.IsRecommender ? RecommenderTrainer.Train(problem, model, Report, cancellation)
                : Trainer.Train(problem, model, Report, cancellation));
            progress.Finish(model, models[^1]);
        }

        // Of the data themselves they exist only where every cell is known.
        bool complete = problem.ObservedCount + problem.HiddenCount == problem.Uses.Length;
        double[]? truth = complete
            ? Spectrum.SingularValues(new MatrixView<float>(problem.Matrix.Values, problem.Rows, problem.Columns))
            : null;
        return new CompletionResult(problem, models, Baselines.All(problem), truth);
    }
}

/// <summary>Is told how training goes.</summary>
internal interface ITrainingProgress
{
    void Report(ModelSettings model, SeriesPoint point);

    void Finish(ModelSettings model, ModelResult result);
}
