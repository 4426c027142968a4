using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>S19: the complete algorithm on a noisy quadratic of eight parameters, with and without a floor of the best batch.</summary>
internal sealed class S19_CompleteAlgorithm : VerificationSystem
{
    private const int Dimension = 8, Steps = 40_000;

    internal override string Id => "S19";

    internal override string Title => "The complete algorithm: learning rates that fall on their own, and a trap in its literal form";

    internal override string Text => """
        `Complete` is the "complete algorithm" of McAllester's slides: each parameter chooses its own averaging window and
        learning rate. It runs on a noisy quadratic of eight parameters, where the loss starts at 60. With a smallest batch size
        of 10 or 100, the learning rates fall on their own. In the literal form (`Smallest` = 1), parameters get stuck: their
        average is their last example, their variance is 0, and their learning rate stays at its cap.
        `optimizer.GetObservation("Variance").NonZeroFraction` is then below 1. No advantage over SGD is claimed: SGD with a
        tuned learning rate was not run.

        Did not reproduce as recorded: The recorded script had 5 to 6 of 8 parameters stuck. Our runs have 4 to 5, with other
        random numbers. The claim is that some are stuck and that the observation shows it.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        Course floor = Descend(10, trial), high = Descend(100, trial), literal = Descend(1, trial);
        var table = new DataTable("table", "Loss and mean learning rate over 40 000 steps", "smallest batch size", "loss, step 1000",
            "loss, step 10 000", "loss, last tenth", "rate, step 200", "rate, near step 2000", "rate, last tenth", "stuck parameters of 8");
        foreach ((string name, Course course) in new[] { ("10", floor), ("100", high), ("1 (literal)", literal) })
        {
            table.Row(name, course.Loss[999], course.Loss[9999], course.LastLoss, course.Rate[199], course.MiddleRate, course.LastRate,
                course.Stuck);
        }

        trial.Show(table);
        IReadOnlyList<(double, double)> Thin(double[] values)
            => [.. Enumerable.Range(0, 300).Select(i => (int)(Math.Pow(Steps, i / 299.0) - 0.5)).Distinct().Where(t => t >= 100)
                .Select(t => (t + 1.0, values[t]))];
        trial.Show(new Picture("rate", "Mean learning rate that the complete algorithm chooses", "step", "learning rate",
            new("smallest batch size 10", Thin(floor.Rate)),
                new("smallest batch size 1 (literal form)", Thin(literal.Rate)))
        { LogarithmicX = true, LogarithmicY = true });
        yield return new("S19.loss", floor.LastLoss);
        yield return new("S19.highLoss", high.LastLoss);
        yield return new("S19.rateFalls", floor.LastRate / floor.MiddleRate);
        yield return new("S19.free", floor.Stuck);
        yield return new("S19.stuck", literal.Stuck);
        yield return new("S19.literalLoss", literal.LastLoss);
    }

    private static Course Descend(double smallest, Trial trial)
    {
        var random = new Xoshiro256(trial.Seed);
        double[] curvatures = [.. Enumerable.Range(0, Dimension).Select(i => 0.2 + (0.8 * i / (Dimension - 1)))];
        using var bank = new SeriesBank<Complete>(new Complete(WarmUp: 100, Batch: 1, Smallest: smallest), Dimension, start: 5);
        bank.Optimizer.Observing = true;
        double[] losses = new double[Steps], rates = new double[Steps];
        for (int t = 0; t < Steps; t++)
        {
            for (int i = 0; i < Dimension; i++)
            {
                bank.Gradients[i] = (curvatures[i] * bank.Values[i]) + random.NextGaussian();
            }

            bank.Step(trial.Cancellation);
            losses[t] = Series.QuadraticLoss(bank.Values, curvatures);
            rates[t] = bank.Optimizer.GetObservation("Rate").Mean;
        }

        double moving = bank.Optimizer.GetObservation("Variance").NonZeroFraction;
        return new Course(losses, rates, (int)Math.Round(Dimension * (1 - moving)));
    }

    /// <summary>A run: loss and mean rate by step, and how many parameters end in the absorbing state.</summary>
    private sealed record Course(double[] Loss, double[] Rate, int Stuck)
    {
        internal double LastLoss => Series.Mean(Loss.AsSpan(9 * Steps / 10));

        internal double LastRate => Series.Mean(Rate.AsSpan(9 * Steps / 10));

        internal double MiddleRate => Series.Mean(Rate.AsSpan(1900, 200));
    }
}
