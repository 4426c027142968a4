using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// Completion at depth 1 with penalties of the singular values (Zhao 2022): what the implicit bias of depth does, said outright.
/// </summary>
internal sealed class S30_RatioPenalty : VerificationSystem
{
    internal override string Id => "S30";

    internal override string Title => "Adam with a ratio penalty completes a matrix at depth 1";

    internal override string Text => """
        The parameter is the matrix itself (depth 1). The loss is the squared error of the observed entries plus a
        `SpectralPenalty`: the nuclear norm, or the ratio of nuclear norm and Frobenius norm (Zhao 2022). With the ratio
        penalty, Adam should find the matrix of rank 2. Without a penalty, the unobserved entries stay at their start.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var task = new LowRankTask(40, 2, 500, trial.Seed);
        PenaltyRun none = new(task, PenaltyKind.None, 0), nuclear = new(task, PenaltyKind.Nuclear, 1e-3),
            ratio = new(task, PenaltyKind.Ratio, 1e-2);
        none.Descend(new Adam(0.01), trial);
        yield return new("S30.none", none.Error);
        nuclear.Descend(new Adam(0.01), trial);
        ratio.Descend(new Adam(0.01), trial);
        yield return new("S30.ratio", ratio.Error);
        yield return new("S30.rank", ratio.EffectiveRank);
        yield return new("S30.nuclear", nuclear.Error - task.Error<double>(task.LeastNuclearNorm(trial.Cancellation).Matrix));
        if (trial.IsShown)
        {
            Show(trial, task, [none, nuclear, ratio]);
        }
    }

    private static void Show(Trial trial, LowRankTask task, PenaltyRun[] runs)
    {
        var table = new DataTable("table", "40 x 40 matrix of rank 2, 500 entries observed", "penalty", "optimizer",
            "standard deviation of the start", "steps", "relative error", "effective rank");
        void Row(PenaltyRun run, string rule) => table.Row(run.Name, rule, run.Start, run.Steps, run.Error, run.EffectiveRank);
        foreach (PenaltyRun run in runs)
        {
            Row(run, "Adam at 0.01");
        }

        foreach (double coefficient in (double[])[0.1, 1])
        {
            var run = new PenaltyRun(task, PenaltyKind.Ratio, coefficient);
            run.Descend(new Adam(0.01), trial);
            Row(run, "Adam at 0.01");
        }

        var wide = new PenaltyRun(task, PenaltyKind.Ratio, 0.01, start: 1, steps: 8000);
        wide.Descend(new Adam(0.01), trial);
        Row(wide, "Adam at 0.01");
        foreach ((double coefficient, double start, double rate) in ((double, double, double)[])[(0.01, 1e-3, 10), (0.1, 1e-3, 1),
            (0.1, 1e-3, 10), (0.1, 1, 10)])
        {
            var run = new PenaltyRun(task, PenaltyKind.Ratio, coefficient, start, steps: 6000);
            run.Descend(new Sgd(rate), trial);
            Row(run, FormattableString.Invariant($"gradient descent at {rate}"));
        }

        trial.Show(table);
        var noisy = new DataTable("noise", "Relative error with noise on the observed values, Adam at 0.01, 4000 steps",
            "standard deviation of the noise", "no penalty", "ratio 0.01", "ratio 0.1", "nuclear norm 0.001", "nuclear norm 0.01");
        foreach (double noise in (double[])[0, 0.1, 0.3])
        {
            var from = new LowRankTask(40, 2, 500, trial.Seed, noise);
            double Error(PenaltyKind kind, double coefficient)
            {
                var run = new PenaltyRun(from, kind, coefficient);
                run.Descend(new Adam(0.01), trial);
                return run.Error;
            }

            noisy.Row(noise, Error(PenaltyKind.None, 0), Error(PenaltyKind.Ratio, 0.01), Error(PenaltyKind.Ratio, 0.1),
                Error(PenaltyKind.Nuclear, 1e-3), Error(PenaltyKind.Nuclear, 0.01));
        }

        trial.Show(noisy);
        trial.Show(new Picture("error", "Relative error during training, 500 of 40 x 40 entries observed", "step", "relative error",
            [.. runs.Select(run => new Curve(run.Name, run.Errors))])
        { LogarithmicY = true });
        trial.Note("It is not claimed that the ratio is better than the nuclear norm. The ratio's coefficient is the best of three, and only two were tried for the nuclear norm. The exact minimum nuclear norm also recovers some such matrices (S41). It is not claimed either that gradient descent cannot do what Adam does: with a start of scale 1 it can.");
    }
}
