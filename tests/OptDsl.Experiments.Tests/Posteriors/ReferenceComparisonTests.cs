using OptDsl.Models;

namespace OptDsl.Experiments.Tests;

/// <summary>Scores of draws whose moments are known, and what the verification does with a reference that is wrong.</summary>
public class ReferenceComparisonTests
{
    private const int Chains = 4, Draws = 5000;

    /// <summary>
    /// Independent exponential draws, mean and deviation 1, mean square 2: scores are the distance over both errors, each known.
    /// </summary>
    [Fact]
    public void Scores_are_distances_in_standard_errors_of_both()
    {
        Samples<double> samples = Exponential();
        double size = 10_000, both = Math.Sqrt((1.0 / (Chains * Draws)) + (1 / size));
        // The variances of x, x^2 and, to first order, of the deviation are 1, 20 and (9 - 1) / 4.
        ReferenceMoments right = new("x", 1, 1, 2, size, 1 / Math.Sqrt(size), Math.Sqrt(20 / size));
        ReferenceComparison row = Assert.Single(ReferenceComparison.Of(samples, [right]));
        Assert.All([row.MeanScore, row.MeanSquareScore, row.DeviationScore], score => Assert.InRange(Math.Abs(score), 0, 4));
        ReferenceComparison moved = Assert.Single(
            ReferenceComparison.Of(samples,
                [right with { Mean = 1 - (10 * both), StandardDeviation = 1 - (10 * Math.Sqrt(2) * both),
                    MeanSquare = 2 - (10 * Math.Sqrt(20) * both) }]));
        Assert.Equal(10, moved.MeanScore - row.MeanScore, 0.5);
        Assert.Equal(10, moved.MeanSquareScore - row.MeanSquareScore, 1.5);
        Assert.Equal(10, moved.DeviationScore - row.DeviationScore, 1.5);
        Assert.Equal((row.Summary.Mean - 1 + (10 * both)) / (1 - (10 * Math.Sqrt(2) * both)), moved.Shift, 1e-12);
    }

    [Fact]
    public void A_number_that_says_nothing_is_the_largest()
    {
        ReferenceMoments reference = new("x", 1, 1, 2, 100, 0.1, 0.4);
        Samples<double> still = new(Chains, Draws, [new SampledVariable("x", [])], Enumerable.Repeat(1.0, Chains * Draws).ToArray(),
            new Dictionary<string, double[]>());
        ReferenceComparison moving = ReferenceComparison.Of(Exponential(), [reference])[0],
            stuck = ReferenceComparison.Of(still, [reference])[0];
        Assert.Equal(double.NaN, stuck.MeanScore);
        Assert.Equal(double.NaN, ReferenceComparison.Largest([moving, stuck, moving], row => row.Summary.RHat));
        Assert.Equal(2, ReferenceComparison.Largest([moving, stuck, moving], row => row == stuck ? 2 : 1));
    }

    /// <summary>
    /// Where the reference is off, the claims of it fail and no others: the mean by half a deviation, the deviation by a tenth, the
    /// samplers by too large a step.
    /// </summary>
    [Theory]
    [InlineData("right", new string[0])]
    [InlineData("mean", new[] { "mean", "langevin", "underdamped" })]
    [InlineData("mean square", new[] { "meanSquare" })]
    [InlineData("sd", new[] { "deviation" })]
    [InlineData("short", new[] { "rHat", "ess" })]
    public void Claims_fail_where_the_reference_is_wrong(string what, string[] failing)
    {
        ReferenceMoments[] references = [.. MadeUpPosteriors.ScoreMoments()
            .Select(row =>
                new ReferenceMoments(row.Name.Replace("[", ".", StringComparison.Ordinal).TrimEnd(']'), row.Mean, row.Deviation,
                    row.MeanSquare, 1e12, 1e-9, 1e-9))];
        references[2] = what switch
        {
            "mean" => references[2] with { Mean = references[2].Mean + (references[2].StandardDeviation / 2) },
            "mean square" => references[2] with { MeanSquare = 1.05 * references[2].MeanSquare },
            "sd" => references[2] with { StandardDeviation = 1.1 * references[2].StandardDeviation },
            _ => references[2],
        };
        var runs = new PosteriorRuns
        {
            Draws = what == "short" ? 12 : 2000,
            Thinning = what == "short" ? 1
            : 4,
            LangevinStep = 0.1,
            UnderdampedStep = 0.4
        };
        var system = new PosteriorSystem(MadeUpPosteriors.Make(MadeUpPosteriors.Scores), references, runs);
        VerificationRow[] rows = [.. Verifier.Run(system, new Trial(1, cancellation: TestContext.Current.CancellationToken))];
        Assert.Equal(7, rows.Length);
        string[] failed = [.. rows.Where(row => !row.Passed).Select(row => row.Claim.Id[(system.Id.Length + 1)..])];
        Assert.True(failing.SequenceEqual(failed), string.Join("; ", rows.Select(row => $"{row.Claim.Id} {row.Measured}")));
    }

    [Fact]
    public void A_chain_that_diverges_is_a_failed_run()
    {
        // The mixture's potential grows with the square of the distance: a step of 1e3 throws a chain farther each time.
        var system = new PosteriorSystem(MadeUpPosteriors.Make(MadeUpPosteriors.Mixture), [new("theta", 0.5, 0.1, 0.26, 100, 0.01, 0.01)],
            new PosteriorRuns { Draws = 20, Thinning = 1, LangevinStep = 1e3, UnderdampedStep = 0.4 });
        RunFailedException exception = Assert.Throws<RunFailedException>(() =>
            system.Run(new Trial(1, cancellation: TestContext.Current.CancellationToken)).ToArray());
        Assert.Contains("low_dim_gauss_mix, Langevin of step 1000: chain", exception.Message, StringComparison.Ordinal);
    }

    private static Samples<double> Exponential()
    {
        var random = new Random(3);
        return new Samples<double>(Chains, Draws, [new SampledVariable("x", [])],
            Enumerable.Range(0, Chains * Draws).Select(_ => -Math.Log(1 - random.NextDouble())).ToArray(),
                new Dictionary<string, double[]>());
    }
}
