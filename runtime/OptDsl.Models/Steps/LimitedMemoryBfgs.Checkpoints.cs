using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <content>Parameters and what was learnt of the curvature, written to a file and read back.</content>
public sealed partial class LimitedMemoryBfgs<T>
{
    private const string Numbers = "lbfgs/numbers", Direction = "lbfgs/direction", Gradient = "lbfgs/gradient";
    private const string Changes = "lbfgs/changes", GradientChanges = "lbfgs/gradient_changes", Inverses = "lbfgs/inverses";

    /// <summary>
    /// Writes the parameters and all that was learnt from them to a safetensors file (docs/checkpoints.md), which is replaced in one step.
    /// It may be called between runs, and by whoever is told of a run's progress.
    /// </summary>
    /// <param name="path">The file; its directory exists.</param>
    /// <param name="cancellation">Observed until the file would take its name.</param>
    /// <exception cref="IOException">It cannot be written; the file of that name is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; the file of that name is as it was.</exception>
    /// <exception cref="InvalidOperationException">
    /// The loss called it, or the pairs are more numbers than one tensor of a file can have; the file of that name is as it was.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled; the file of that name is as it was.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public void Save(string path, CancellationToken cancellation = default) => line.Save(path, Companion(), cancellation);

    /// <summary>
    /// Takes over what <see cref="Save"/> wrote. The next run makes the steps, bit for bit, that it would have made there: its first
    /// evaluation is at the same parameters, and is one more where the file was written in the middle of a run.
    /// </summary>
    /// <param name="path">
    /// Of parameters of the same names and shapes. The settings are the caller's; the history must have room for the pairs.
    /// </param>
    /// <exception cref="CheckpointException">The file is damaged, or another one's; it says what differs. Nothing was changed.</exception>
    /// <exception cref="IOException">It cannot be read; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">A run is under way.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public void Load(string path)
    {
        RequireNoRun();
        CheckpointCompanion companion = Companion();
        line.Load(path, companion);
        double[] numbers = companion[Numbers], inverses = companion[Inverses];
        (lastRate, scale, TotalEvaluations) = (numbers[0], numbers[1], (long)numbers[2]);
        lastGradient = numbers[3] == 0 ? null : companion[Gradient];
        companion[Direction].CopyTo(direction, 0);
        history.Clear();
        for (int pair = 0, n = direction.Length; pair < inverses.Length; pair++)
        {
            history.Add(
                (companion[Changes][(pair * n)..((pair + 1) * n)], companion[GradientChanges][(pair * n)..((pair + 1) * n)],
                    inverses[pair]));
        }
    }

    private static string? ProblemOf(IReadOnlyList<CheckpointTensor> read, int n)
    {
        int Elements(string name) => read.First(tensor => tensor.Name == name).Values!.Length;
        int pairs = Elements(Inverses);
        return Elements(Changes) == (long)pairs * n && Elements(GradientChanges) == (long)pairs * n ? null
            : $"has {pairs} curvatures and another number of pairs";
    }

    private CheckpointCompanion Companion()
    {
        int n = direction.Length, pairs = history.Count;
        if ((long)pairs * n > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"{pairs} pairs of {n} parameters are {(long)pairs * n} numbers, and a tensor of a checkpoint has at most {Array.MaxLength}; use a smaller History.");
        }

        var companion = new CheckpointCompanion("L-BFGS") { Problem = read => ProblemOf(read, n) };
        companion.Require("lbfgs", "1", "L-BFGS of version");
        companion.Add(Numbers, new[] { lastRate, scale, TotalEvaluations, lastGradient is null ? 0.0 : 1 }, 4);
        companion.Add(Direction, direction.Clone() as double[] ?? [], n);
        companion.Add(Gradient, lastGradient?.Clone() as double[] ?? new double[n], n);
        companion.AddRows(Changes, [.. history.SelectMany(pair => pair.Change)], settings.History, pairs, n);
        companion.AddRows(GradientChanges, [.. history.SelectMany(pair => pair.GradientChange)], settings.History, pairs, n);
        companion.AddRows(Inverses, [.. history.Select(pair => pair.Inverse)], settings.History, pairs);
        return companion;
    }
}
