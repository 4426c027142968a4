using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// Simulated tempering of Langevin chains (Marinari and Parisi 1992; Ge, Lee and Risteski 2018) on .3 N(-5, 1) + .7 N(5, 1): all begin in
/// the right mode, which chains of the target alone do not leave. The odds of a swap need the levels' normalising constants, by quadrature
/// here or learnt.
/// </summary>
internal sealed class S46_SimulatedTempering : VerificationSystem
{
    private const double Right = 0.7, Mode = 5, Step = 0.1;
    private const int Shown = 500;

    // Their density is held against the exact one in cells of 1/4.
    private const double End = 10, Width = 0.25;

    private static readonly double[] Inverses = [0.03, 0.08, 0.2, 0.45, 1];

    internal override string Id => "S46";

    internal override string Title => "Simulated tempering finds both modes";

    internal override string Text => """
        The target is 0.3 N(-5, 1) + 0.7 N(5, 1), and all Langevin chains start in the right mode. They run alone, with
        simulated tempering (Marinari and Parisi 1992; Ge, Lee and Risteski 2018) and with parallel tempering (Syed et al.
        2022). The inverse temperatures are 0.03, 0.08, 0.2, 0.45 and 1, the step is 0.1, and the swap rate is 0.2. The odds of
        a swap need the normalizing constants of the levels, which the source leaves out. They are computed by quadrature or
        learnt; see [tempering](../samplers.md#tempering).
        """;

    internal override IReadOnlyList<ulong> Seeds => [0, 1, 2];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        ITarget<double> target = Target.FromPotential<double>(1, static (position, gradient) => Potential(position[0], out gradient[0]));
        double[] exact = [.. Inverses.Select(inverse => -LogIntegral(inverse))];
        var settings = new SimulatedTemperingSettings
        {
            InverseTemperatures = Inverses,
            LogWeights = exact,
            StepSizes = [Step],
            SwapRate = 0.2
        };
        var options = new SamplerOptions { Chains = 800, WarmUp = 8000, Draws = 600, Thinning = 20, Seed = trial.Seed };

        trial.Report("simulated tempering");
        using var tempered = new SimulatedTempering<double>(target, options, settings, StartRight);
        double[] all = tempered.Run(cancellation: trial.Cancellation).Samples!.GetComponent(0),
            draws = [.. tempered.GetTargetDraws(0).SelectMany(chain => chain)];
        trial.Cancellation.ThrowIfCancellationRequested();
        TargetMean mass = tempered.ComputeTargetMean(position => position[0] > 0 ? 1 : 0);
        yield return new("S46.mass", mass.Mean);
        yield return new("S46.density", TotalVariation(draws));
        SimulatedTemperingReport report = tempered.GetReport();
        yield return new("S46.levels", report.Occupation.Max(share => Math.Abs(share - (1.0 / Inverses.Length))));

        using var plain = new UnadjustedSampler<double, Langevin>(target, new Langevin(Step), options, StartRight);
        double[] stuck = plain.Run(cancellation: trial.Cancellation).Samples!.GetComponent(0);
        yield return new("S46.plain", Mass(stuck));
        yield return new("S46.all", Math.Abs(Mass(all) - Right));

        trial.Report("simulated tempering with learnt weights");
        using var learning = new SimulatedTempering<double>(target, options, settings with { LogWeights = null }, StartRight);
        learning.Run(cancellation: trial.Cancellation);
        trial.Cancellation.ThrowIfCancellationRequested();
        TargetMean learntMass = learning.ComputeTargetMean(position => position[0] > 0 ? 1 : 0);
        IReadOnlyList<double> learnt = learning.GetReport().LogWeights;
        yield return new("S46.learntMass", learntMass.Mean);
        yield return new("S46.learnt",
            Enumerable.Range(0, Inverses.Length).Max(level => Math.Abs(learnt[level] - (exact[level] - exact[^1]))));

        trial.Report("parallel tempering");
        using var parallel = new ParallelTempering<double>(target, options with { Chains = 40, WarmUp = 2000, Draws = 1000, Thinning = 4 },
            new() { Levels = 6, LeastInverseTemperature = Inverses[0] }, StartRight);
        double[] replicas = parallel.Run(cancellation: trial.Cancellation).Samples!.GetComponent(0),
            onRight = [.. replicas.Select(x => x > 0 ? 1.0 : 0)];
        trial.Cancellation.ThrowIfCancellationRequested();
        double error = ChainDiagnostics.MeanError(onRight, 40);
        yield return new("S46.parallel", Math.Abs(onRight.Average() - Right) / error);
        if (trial.IsShown)
        {
            trial.Show(new DataTable("masses",
                "Mass of the right mode (exact: 0.7) and distance from the density; 800 chains, or 40 ensembles of 6 replicas", "draws",
                    "mass", "standard error of the mass", "total variation distance")
                .Row("simulated tempering, last level", mass.Mean, mass.Error, TotalVariation(draws))
                .Row("simulated tempering, all levels (not the target)", Mass(all), "", TotalVariation(all))
                .Row("simulated tempering with learnt weights, last level", learntMass.Mean, learntMass.Error,
                    TotalVariation([.. learning.GetTargetDraws(0).SelectMany(chain => chain)]))
                .Row("parallel tempering", onRight.Average(), error, TotalVariation(replicas))
                .Row("Langevin alone", Mass(stuck), "", TotalVariation(stuck)));
            ShowLevels(report, exact, learnt, trial);
            trial.Show(new Picture("density", "Density of the draws at the last level", "x", "density",
                Histogram("simulated tempering", draws), Histogram("Langevin alone", stuck),
                new("exact", [.. Enumerable.Range(0, 401).Select(i => (X: -End + (i * 0.05), Y: Density(-End + (i * 0.05))))],
                    CurveKind.Theory))
            { YRange = (0, 0.45) });
            ShowPath(target, options, settings, trial);
        }
    }

    private static void StartRight(int chain, Span<double> position) => position[0] = Mode;

    /// <summary>What one of the chains does after the warm-up: a chain has the same draws in a run of its own.</summary>
    private static void ShowPath(ITarget<double> target, SamplerOptions options, SimulatedTemperingSettings settings, Trial trial)
    {
        using var chain = new SimulatedTempering<double>(target, options with { Chains = 1, FirstChain = 1, Draws = Shown, Thinning = 10 },
            settings, StartRight);
        Samples<double> samples = chain.Run(cancellation: trial.Cancellation).Samples!;
        double[] levels = samples.GetStatistic(SampleStatistics.Level).ToArray(), positions = samples.GetComponent(0);
        (double X, double Y) At(int draw, double y) => (8000 + ((draw + 1) * 10), y);
        trial.Show(new Picture("levels", "Level of one chain; level 5 is the target", "step (every tenth is shown)", "level",
            new Curve("level", [.. levels.Select((level, draw) => At(draw, level + 1))])));
        trial.Show(new Picture("path",
            "Position of one chain: it changes modes at the flat levels, and only the last level gives draws",
            "step (every tenth is shown)", "position x",
            new Curve("other levels",
                [.. positions.Select((x, draw) => At(draw, x)).Where((_, draw) => levels[draw] < Inverses.Length - 1)], CurveKind.Dots),
            new Curve("last level", [.. positions.Select((x, draw) => At(draw, x)).Where((_, draw) => levels[draw] == Inverses.Length - 1)],
                CurveKind.Dots)));
    }

    private static void ShowLevels(SimulatedTemperingReport report, double[] exact, IReadOnlyList<double> learnt, Trial trial)
    {
        var table = new DataTable("levels", "Levels of simulated tempering with weights by quadrature, and the learnt weights",
            "inverse temperature", "share of the steps", "accepted swaps up", "accepted swaps down", "log weight minus the last level's",
            "learnt log weight");
        for (int level = 0; level < Inverses.Length; level++)
        {
            object up = level < Inverses.Length - 1 ? report.SwapAcceptance[level][level + 1]
                : "", down = level > 0 ? report.SwapAcceptance[level][level - 1] : "";
            table.Row(Inverses[level], report.Occupation[level], up, down, exact[level] - exact[^1], learnt[level]);
        }

        trial.Show(table);
        trial.Note(FormattableString.Invariant(
            $"A chain makes {report.RoundTrips.Average():0.#} round trips on average in the 12 000 steps, from the last level to the first and back."));
    }

    private static Curve Histogram(string name, double[] draws)
        => new(name,
            [.. Cells(draws)
                .SelectMany(cell => (IEnumerable<(double X, double Y)>)[(cell.X - (Width / 2), cell.Y), (cell.X + (Width / 2), cell.Y)])]);

    private static (double X, double Y)[] Cells(double[] draws) => Sampled.Histogram(draws, -End, End, (int)(2 * End / Width));

    private static double Mass(double[] draws) => draws.Average(x => x > 0 ? 1 : 0);

    private static double TotalVariation(double[] draws) => Sampled.TotalVariation(Cells(draws), Density);

    private static double Density(double x) => Math.Exp(-Potential(x, out _)) / Math.Sqrt(2 * Math.PI);

    private static double LogIntegral(double inverse)
    {
        const double Wide = 60, Cell = 1e-3;
        return Math.Log(Enumerable.Range(0, (int)(2 * Wide / Cell))
            .Sum(i => Math.Exp(-inverse * Potential(-Wide + (i * Cell), out _))) * Cell);
    }

    /// <summary>-log of .3 exp(-(x + 5)^2 / 2) + .7 exp(-(x - 5)^2 / 2), by the log odds of the right mode.</summary>
    private static double Potential(double x, out double gradient)
    {
        double odds = Math.Log(Right / (1 - Right)) + (2 * Mode * x), smaller = Math.Exp(-Math.Abs(odds)), larger = 1 / (1 + smaller);
        gradient = x + Mode - (2 * Mode * (odds > 0 ? larger : smaller * larger));
        return (odds > 0 ? ((x - Mode) * (x - Mode) / 2) - Math.Log(Right) : ((x + Mode) * (x + Mode) / 2) - Math.Log(1 - Right))
            + Math.Log(larger);
    }
}
