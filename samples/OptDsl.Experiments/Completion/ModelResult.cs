namespace OptDsl.Experiments;

/// <summary>A trained model.</summary>
/// <param name="Settings">What was trained.</param>
/// <param name="Completed">Every cell, in the data's units, computed when it is asked for.</param>
/// <param name="Errors">Of the prediction.</param>
/// <param name="SingularValues">
/// Of the factorization alone, without offsets, in the data's units; descending. As many as the narrowest width; the others are zero.
/// </param>
/// <param name="EffectiveRank">Of those.</param>
/// <param name="Iteration">The step whose parameters were kept.</param>
/// <param name="Seconds">Of training.</param>
/// <param name="Series">The errors on the way.</param>
internal sealed record ModelResult(
    ModelSettings Settings,
    ICompletedMatrix Completed,
    Errors Errors,
    double[] SingularValues,
    double EffectiveRank,
    int Iteration,
    double Seconds,
    IReadOnlyList<SeriesPoint> Series);

/// <summary>The errors after some steps.</summary>
internal sealed record SeriesPoint(int Iteration, double Seconds, Errors Errors);

/// <summary>A way to complete that learns nothing.</summary>
internal sealed record BaselineResult(string Name, Errors Errors);

/// <summary>All of a run.</summary>
internal sealed record CompletionResult(
    CompletionProblem Problem, IReadOnlyList<ModelResult> Models, IReadOnlyList<BaselineResult> Baselines, double[]? TrueSingularValues)
    : IDisposable
{
    public void Dispose()
    {
        foreach (ModelResult model in Models)
        {
            model.Completed.Dispose();
        }
    }
}
