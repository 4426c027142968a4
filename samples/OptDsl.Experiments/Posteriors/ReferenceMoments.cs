using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>What a reference says of one quantity.</summary>
/// <param name="Name">As <see cref="Samples{T}.ComponentNames"/> has it.</param>
/// <param name="Mean">Of the reference's draws.</param>
/// <param name="StandardDeviation">Of them.</param>
/// <param name="MeanSquare">Of them.</param>
/// <param name="MeanEss">The effective sample size of the mean.</param>
/// <param name="MeanError">The Monte Carlo standard error of the mean.</param>
/// <param name="MeanSquareError">That of the mean square.</param>
internal sealed record ReferenceMoments(
    string Name, double Mean, double StandardDeviation, double MeanSquare, double MeanEss, double MeanError, double MeanSquareError)
{
    /// <summary>Reads the moments of every reported quantity, <c>parameters</c> by Stan's names with indices in brackets.</summary>
    /// <exception cref="InputException">A quantity or a number of it is missing or out of its range.</exception>
    internal static IReadOnlyList<ReferenceMoments> Read(PosteriorData file, ReferencePosterior posterior)
    {
        PosteriorData parameters = file.Object("parameters");
        return [.. posterior.Reported.SelectMany(variable => Enumerable.Range(0, variable.Size).Select(variable.GetElementName))
            .Select(name => Read(parameters, name))];
    }

    private static ReferenceMoments Read(PosteriorData parameters, string name)
    {
        int point = name.IndexOf('.', StringComparison.Ordinal);
        PosteriorData row = parameters.Object(point < 0 ? name : $"{name[..point]}[{name[(point + 1)..]}]");
        return new ReferenceMoments(
            name, row.Number("mean"), Positive(row, "sd"), Positive(row, "mean_sq"), Positive(row, "ess_mean"), Positive(row, "mcse_mean"),
                Positive(row, "mcse_mean_sq"));
    }

    private static double Positive(PosteriorData row, string name)
    {
        double value = row.Number(name);
        return value > 0 ? value : throw row.Wrong($"{name} is {PosteriorData.Text(value)}; it must be above 0");
    }
}

/// <summary>Draws of a quantity held against its reference.</summary>
/// <param name="Reference">The reference.</param>
/// <param name="Summary">Of the draws.</param>
/// <param name="MeanScore">The difference of the means over the root of the sum of both squared standard errors.</param>
/// <param name="MeanSquareScore">That of the mean squares, which is that of the mean over again where a mean is far from 0.</param>
/// <param name="DeviationScore">That of the standard deviations. The reference's error is ours, with its effective sample size.</param>
internal sealed record ReferenceComparison(ReferenceMoments Reference, ComponentSummary Summary, double MeanScore, double MeanSquareScore,
    double DeviationScore)
{
    /// <summary>The difference of the means, in the reference's standard deviations.</summary>
    internal double Shift => (Summary.Mean - Reference.Mean) / Reference.StandardDeviation;

    /// <summary>The ratio of the standard deviations, less 1.</summary>
    internal double Widening => (Summary.StandardDeviation / Reference.StandardDeviation) - 1;

    /// <summary>All quantities, in the reference's order.</summary>
    internal static IReadOnlyList<ReferenceComparison> Of(Samples<double> samples, IReadOnlyList<ReferenceMoments> references)
        => [.. references.Select(reference => Of(samples.GetComponent(reference.Name), samples.Chains, reference))];

    /// <summary>The largest; NaN if one is, which <see cref="Enumerable.Max(IEnumerable{double})"/> would pass over.</summary>
    internal static double Largest(IEnumerable<ReferenceComparison> rows, Func<ReferenceComparison, double> number)
        => rows.Select(number).Aggregate(Math.Max);

    private static ReferenceComparison Of(double[] draws, int chains, ReferenceMoments reference)
    {
        ComponentSummary summary = ChainDiagnostics.Summarize(reference.Name, draws, chains);
        double[] squares = [.. draws.Select(draw => draw * draw)];
        double deviationError = ChainDiagnostics.StandardDeviationError(draws, chains);

        // To first order the error is sd sqrt(kurtosis - 1) / 2 over the root of the draws' number.
        double second = draws.Average(draw => Math.Pow(draw - summary.Mean, 2)),
            fourth = draws.Average(draw => Math.Pow(draw - summary.Mean, 4));
        double referenceError = reference.StandardDeviation * Math.Sqrt(((fourth / (second * second)) - 1) / reference.MeanEss) / 2;
        return new ReferenceComparison(
            reference,
            summary,
            Score(summary.Mean - reference.Mean, summary.MeanError, reference.MeanError),
            Score(squares.Average() - reference.MeanSquare, ChainDiagnostics.MeanError(squares, chains), reference.MeanSquareError),
            Score(summary.StandardDeviation - reference.StandardDeviation, deviationError, referenceError));
    }

    private static double Score(double difference, double error, double other) => difference / Math.Sqrt((error * error) + (other * other));
}
