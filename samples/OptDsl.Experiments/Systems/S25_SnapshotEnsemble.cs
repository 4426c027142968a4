using OptDsl.Rules;
using OptDsl.Schedules;

namespace OptDsl.Experiments;

/// <summary>
/// Snapshot ensembles (Huang et al. 2017): a rate that falls along a cosine and starts again leaves a model at the end of every cycle,
/// whose averaged predictions are better than theirs on average. Three spirals in the plane, a network of 32 hidden units, batches of 32.
/// </summary>
internal sealed class S25_SnapshotEnsemble : VerificationSystem
{
    private const int Cycles = 5, Steps = 2000, Batch = 32;
    private const double Rate = 0.5;

    internal override string Id => "S25";

    internal override string Title => "Snapshot ensembles: averaging the models from the ends of cosine cycles";

    internal override string Text => """
        A small network is trained on three spirals with `CosineRestartsSchedule.ForCycles`, a learning rate that falls along a
        cosine in each of five cycles. The model at the end of each cycle is kept, and the predictions are averaged (Huang et
        al. 2017). The averaged prediction is no worse than the models are on average: this is Jensen's inequality. How much
        better it is, is not claimed.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        CosineRestartsSchedule slides = CosineRestartsSchedule.ForCycles(0.2, 200, Cycles);
        yield return new("S25.first", slides.At(1));
        yield return new("S25.cycleEnd", slides.At(40));
        yield return new("S25.lowest", Enumerable.Range(1, 40).MinBy(slides.At) - 40);

        var random = new Xoshiro256(trial.Seed);
        SpiralData training = SpiralData.Draw(random, 300), test = SpiralData.Draw(random, 3000);
        (List<double[]> members, List<(double X, double Y)> losses) = Train(training, test, random, trial);
        double[] average = new double[members[0].Length];
        foreach (double[] member in members)
        {
            for (int i = 0; i < average.Length; i++)
            {
                average[i] += member[i] / members.Count;
            }
        }

        double mean = members.Average(test.CrossEntropy), together = test.CrossEntropy(average);
        var table = new DataTable("table", "Models and their average on 3000 test points", "model", "cross-entropy",
            "share of wrong classes");
        for (int i = 0; i < members.Count; i++)
        {
            table.Row($"end of cycle {i + 1}", test.CrossEntropy(members[i]), test.Error(members[i]));
        }

        table.Row("mean over the five models", mean, members.Average(test.Error)).Row("averaged prediction", together, test.Error(average));
        trial.Show(table);
        CosineRestartsSchedule schedule = CosineRestartsSchedule.ForCycles(Rate, Steps, Cycles);
        trial.Show(new Picture("cycles", "Test cross-entropy under a cyclic learning rate", "step", "cross-entropy; learning rate",
            new("test cross-entropy", losses), new("learning rate", [.. Enumerable.Range(1, Steps).Select(t => ((double)t,
                schedule.At(t)))]),
                new("averaged prediction", [(0, together), (Steps, together)], CurveKind.Theory)));
        yield return new("S25.ensemble", together / mean);
        yield return new("S25.different", mean - together);
    }

    private static (List<double[]> Members, List<(double X, double Y)> Losses) Train(SpiralData training, SpiralData test,
        Xoshiro256 random, Trial trial)
    {
        using var parameters = new ParameterBuffer<double>();
        var network = new SpiralNetwork(parameters, random);
        CosineRestartsSchedule schedule = CosineRestartsSchedule.ForCycles(Rate, Steps, Cycles);
        Optimizer<double, Momentum> optimizer = parameters.Optimize(new Momentum(Rate));
        var members = new List<double[]>();
        var losses = new List<(double X, double Y)>();
        int[] batch = new int[Batch];
        for (int t = 1; t <= Steps; t++)
        {
            for (int i = 0; i < Batch; i++)
            {
                batch[i] = (int)(random.NextDouble() * training.Count);
            }

            network.ComputeGradient(training, batch);
            optimizer.Rule = optimizer.Rule with { LearningRate = schedule.At(t) };
            optimizer.Step(trial.Cancellation);
            if (t % 20 == 0)
            {
                losses.Add((t, test.CrossEntropy(network.Predict(test))));
            }

            if (t % schedule.Period == 0)
            {
                members.Add(network.Predict(test));
            }
        }

        return (members, losses);
    }
}
