using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <content>Writes the parameters and the curvature information to a file, and reads them back.</content>
public sealed partial class LimitedMemoryBfgs<T>
{
    private const string Numbers = "lbfgs/numbers", Direction = "lbfgs/direction", Gradient = "lbfgs/gradient";
    private const string Changes = "lbfgs/changes", GradientChanges = "lbfgs/gradient_changes", Inverses = "lbfgs/inverses";

    /// <summary>
    /// Writes the parameters and the curvature information to a safetensors file (docs/checkpoints.md), which is replaced atomically. It
    /// may be called between runs, and from the progress callback of a run.
    /// </summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <param name="cancellation">Checked until the file is about to take its name.</param>
    /// <exception cref="IOException">The file cannot be written; a previous file at the path is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied; a previous file at the path is unchanged.</exception>
    /// <exception cref="InvalidOperationException">
    /// The loss called this method, or the pairs have more numbers than a tensor of the file can hold; a previous file at the path is
    /// unchanged.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; a previous file at the path is unchanged.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public void Save(string path, CancellationToken cancellation = default) => line.Save(path, Companion(), cancellation);

    /// <summary>
    /// Restores what <see cref="Save"/> wrote. The next run makes, bit for bit, the steps that the saved one would have made. Its first
    /// evaluation is at the saved parameters. If the file was written in the middle of a run, this is one evaluation more than without the
    /// interruption.
    /// </summary>
    /// <param name="path">
    /// A file for parameters of the same names and shapes. The settings are not read from it; the history must have room for the saved
    /// pairs.
    /// </param>
    /// <exception cref="CheckpointException">
    /// The file is damaged or does not fit; the message says what differs. Nothing was changed.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">A run is in progress.</exception>
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
            : $"has {pairs} curvatures, but another number of pairs";
    }

    private CheckpointCompanion Companion()
    {
        int n = direction.Length, pairs = history.Count;
        if ((long)pairs * n > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"{pairs} pairs of {n} parameters have {(long)pairs * n} numbers, but a tensor of a checkpoint holds at most {Array.MaxLength}; use a smaller History.");
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
