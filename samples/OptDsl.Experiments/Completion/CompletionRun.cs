using OptDsl.Linear;
using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>Trains all models of a run, one after the other, beside the baselines.</summary>
internal static class CompletionRun
{
    // Of the smaller side. Singular values of larger matrices take minutes; up to the former they are those that were always written.
    private const int GramLimit = 1000, SpectrumLimit = 2500;

    internal static CompletionResult Run(
        CompletionProblem problem, IReadOnlyList<ModelSettings> settings, ITrainingProgress progress, CancellationToken cancellation)
    {
        var models = new List<ModelResult>();
        try
        {
            foreach (ModelSettings model in settings)
            {
                models.Add(model.IsRecommender ? RecommenderTrainer.Train(problem, model, progress, cancellation)
                    : Trainer.Train(problem, model, progress, cancellation));
                progress.Finish(model, models[^1]);
            }

            double[]? truth = ComputeTrueSpectrum(problem.Matrix, progress, cancellation);
            using IProgressStage stage = progress.Begin("baselines");
            return new CompletionResult(problem, models, Baselines.All(problem, cancellation), truth);
        }
        catch
        {
            models.ForEach(model => model.Completed.Dispose());
            throw;
        }
    }

    /// <summary>Of the data themselves singular values exist only where every cell is known.</summary>
    private static double[]? ComputeTrueSpectrum(CellMatrix matrix, ITrainingProgress progress, CancellationToken cancellation)
    {
        int side = Math.Min(matrix.Rows, matrix.Columns);
        if (!matrix.IsComplete || side > SpectrumLimit)
        {
            return null;
        }

        using IProgressStage stage = progress.Begin("singular values of the data");
        var view = new MatrixView<float>(matrix.Values, matrix.Rows, matrix.Columns);
        return side <= GramLimit ? Spectrum.SingularValues(view) : Spectrum.SingularValuesByReflections(view, stage, cancellation);
    }
}

/// <summary>Is told how a run goes.</summary>
internal interface ITrainingProgress
{
    /// <summary>A model was measured on its way.</summary>
    void Report(ModelSettings model, SeriesPoint point);

    /// <summary>A model is trained.</summary>
    void Finish(ModelSettings model, ModelResult result);

    /// <summary>Work beside training begins, and ends when the stage is disposed of. It is shown if it takes a second or more.</summary>
    IProgressStage Begin(string work);
}

/// <summary>Work of which the share that is done may be told.</summary>
internal interface IProgressStage : IProgress<double>, IDisposable;
