using System.Globalization;
using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// Samplers held against a reference posterior: the Metropolis-adjusted Langevin algorithm, which should agree within Monte Carlo error,
/// and Langevin Monte Carlo and underdamped Langevin dynamics, which are biased by their step.
/// </summary>
internal sealed class PosteriorSystem(ReferencePosterior posterior, IReadOnlyList<ReferenceMoments> references, PosteriorRuns runs)
    : VerificationSystem
{
    internal override string Id => posterior.Model;

    internal override string Title => $"Langevin samplers against the reference posterior of {posterior.Model}";

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    /// <exception cref="RunFailedException">A chain diverged.</exception>
    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        Samples<double> draws = Adjusted(trial);
        IReadOnlyList<ReferenceComparison> rows = ReferenceComparison.Of(draws, references);
        Show(trial, draws, rows);
        yield return new($"{Id}.rHat", ReferenceComparison.Largest(rows, row => row.Summary.RHat));
        yield return new($"{Id}.ess", -ReferenceComparison.Largest(rows, row => -row.Summary.BulkEss));
        yield return new($"{Id}.mean", ReferenceComparison.Largest(rows, row => Math.Abs(row.MeanScore)));
        yield return new($"{Id}.meanSquare", ReferenceComparison.Largest(rows, row => Math.Abs(row.MeanSquareScore)));
        yield return new($"{Id}.deviation", ReferenceComparison.Largest(rows, row => Math.Abs(row.DeviationScore)));

        var biased = new List<(string Heading, IReadOnlyList<ReferenceComparison> Rows)>();
        double Shift<TRule>(string sampler, double step, TRule rule)
            where TRule : class, IUpdateRule<double>
        {
            biased.Add((FormattableString.Invariant($"{sampler} of step {step}"), Unadjusted(trial, sampler, step, rule)));
            return ReferenceComparison.Largest(biased[^1].Rows, row => Math.Abs(row.Shift));
        }

        foreach ((string claim, double step, Func<double, double> shift) in new (string, double, Func<double, double>)[]
        {
            ("langevin", runs.LangevinStep, step => Shift("Langevin", step, new Langevin(step))),
            ("underdamped", runs.UnderdampedStep, step => Shift("underdamped Langevin", step, new UnderdampedLangevin(step))),
        })
        {
            double fine = shift(step);
            yield return new($"{Id}.{claim}", fine);
            if (runs.ShowsBias)
            {
                double coarse = shift(PosteriorRuns.Coarse * step);
                yield return new($"{Id}.{claim}Coarse", coarse);
                yield return new($"{Id}.{claim}Shrinks", fine / coarse);
            }
        }

        var table = new DataTable("bias",
            $"{Id}: distance of each mean from the reference, in standard deviations, for samplers without a Metropolis correction",
            ["quantity", .. biased.Select(column => column.Heading)]);
        for (int i = 0; i < references.Count; i++)
        {
            table.Row([references[i].Name, .. biased.Select(column => Fixed(column.Rows[i].Shift, "0.000"))]);
        }

        trial.Show(table);
    }

    private Samples<double> Adjusted(Trial trial)
    {
        Tell(trial, "Metropolis-adjusted Langevin", runs.Thinning);
        return Guarded("Metropolis-adjusted Langevin", () =>
        {
            var options = new SamplerOptions
            {
                Chains = PosteriorRuns.Chains,
                WarmUp = PosteriorRuns.WarmUp,
                Draws = runs.Draws,
                Thinning = runs.Thinning,
                Seed = trial.Seed
            };
            using var sampler = new MetropolisLangevin<double>(posterior, options);
            SamplingResult<double> result = sampler.Run(cancellation: trial.Cancellation);
            trial.Cancellation.ThrowIfCancellationRequested();
            return posterior.Report(result.Samples!);
        });
    }

    private IReadOnlyList<ReferenceComparison> Unadjusted<TRule>(Trial trial, string sampler, double step, TRule rule)
        where TRule : class, IUpdateRule<double>
    {
        // A draw each unit of time, in which all directions but the slowest are half forgotten.
        int thinning = (int)Math.Ceiling(1 / step);
        sampler = FormattableString.Invariant($"{sampler} of step {step}");
        Tell(trial, sampler, thinning);
        return Guarded(sampler,
            () => ReferenceComparison.Of(
                posterior.Report(Sampled.Run(trial, posterior, rule, PosteriorRuns.Chains, PosteriorRuns.WarmUp, runs.Draws, thinning)),
                    references));
    }

    private void Tell(Trial trial, string sampler, int thinning)
        => trial.Report(
            $"seed {trial.Seed}: {sampler}, {PosteriorRuns.Chains} chains of {PosteriorRuns.WarmUp + (runs.Draws * thinning)} transitions each");

    private T Guarded<T>(string sampler, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (SamplingException exception)
        {
            throw new RunFailedException($"{Id}, {sampler}: chain {exception.Chain} diverged at transition {exception.Transition}.",
                exception);
        }
    }

    private void Show(Trial trial, Samples<double> draws, IReadOnlyList<ReferenceComparison> rows)
    {
        if (!trial.IsShown)
        {
            return;
        }

        trial.Show("draws", draws);
        var table = new DataTable("reference", $"{Id}: the Metropolis-adjusted Langevin algorithm against the reference", "quantity",
            "mean",
            "reference mean", "z of the mean", "sd", "reference sd", "z of the sd", "z of the mean square", "bulk ESS", "R-hat");
        foreach (ReferenceComparison row in rows)
        {
            table.Row(
                row.Reference.Name, row.Summary.Mean, row.Reference.Mean, Fixed(row.MeanScore, "0.00"), row.Summary.StandardDeviation,
                    row.Reference.StandardDeviation,
                Fixed(row.DeviationScore, "0.00"), Fixed(row.MeanSquareScore, "0.00"), Fixed(row.Summary.BulkEss, "0"),
                    Fixed(row.Summary.RHat, "0.0000"));
        }

        trial.Show(table);
        trial.Show(SamplePictures.Summary($"{Id}: summary of the draws", draws));
        foreach (string name in draws.ComponentNames)
        {
            trial.Show(SamplePictures.Trace(draws, name));
            trial.Show(SamplePictures.Ranks(draws, name));
            trial.Show(SamplePictures.Density(draws, name));
        }
    }

    private static string Fixed(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
