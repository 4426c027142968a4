using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// RMSProp divides by a root of averaged squares: of the batch's mean gradient they shrink as the batch grows, mu^2 + sigma^2 / B; of
/// single examples they do not. The loss model gives both, for least squares in one parameter whose gradients are N(.1, 1).
/// </summary>
internal sealed class S12_PerExampleSquares : VerificationSystem
{
    private const int Examples = 50_000;
    private const double Mean = 0.1;

    internal override string Id => "S12";

    internal override string Title => "Squares of per-example gradients do not depend on the batch size; squares of batch gradients do";

    internal override string Text => """
        RMSProp divides by the root of an averaged square. The square of the batch's mean gradient averages to mu² + sigma²/B,
        so it shrinks as the batch size B grows. The mean of the squared per-example gradients averages to mu² + sigma² for
        every B. A loss model computes these squares through `IPerExampleSquares`, and `BatchAwareRmsProp` takes them as a
        `[PerParameter]` input.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var random = new Xoshiro256(trial.Seed);
        double[] inputs = new double[Examples], targets = new double[Examples];
        Array.Fill(inputs, 1.0);
        Series.FillGaussian(targets, random, 0, 1);

        // At w = 0 the gradient of (w - y)^2 / 2 is -y. Its mean and variance over the examples are exact, not those of a sample.
        double mean = Series.Mean(targets), deviation = Math.Sqrt(Series.Variance(targets));
        for (int i = 0; i < Examples; i++)
        {
            targets[i] = ((targets[i] - mean) / deviation) - Mean;
        }

        var loss = new LinearRegressionLoss<double>(inputs, targets, features: 1);
        var table = new DataTable("table", "The averages whose root RMSProp divides by, for gradients with mean mu = 0.1 and sigma = 1",
            "batch size B", "squared batch gradients", "theory: mu² + sigma²/B", "squared per-example gradients",
            "theory: mu² + sigma²");
        double batchError = 0, exampleError = 0;
        foreach (int batch in new[] { 1, 4, 16, 64 })
        {
            (double ofMean, double ofExamples) = Average(loss, batch, random, trial);
            double theory = (Mean * Mean) + (1.0 / batch);
            table.Row(batch, ofMean, theory, ofExamples, 1.01);
            batchError = Math.Max(batchError, Math.Abs((ofMean / theory) - 1));
            exampleError = Math.Max(exampleError, Math.Abs((ofExamples / 1.01) - 1));
        }

        trial.Show(table);
        yield return new("S12.batch", batchError);
        yield return new("S12.examples", exampleError);
    }

    /// <summary>
    /// The averages of squares of the rule, given those of the batch's gradient and those of its examples, over random batches at a rate of
    /// 0.
    /// </summary>
    private static (double OfMean, double OfExamples) Average(LinearRegressionLoss<double> loss, int batch, Xoshiro256 random, Trial trial)
    {
        using var parameters = new ParameterBuffer<double>();
        ParameterTensor<double> w = loss.AddTo(parameters), copy = parameters.Add("copy", [1]);
        var rule = new BatchAwareRmsProp(LearningRate: 0, Window: int.MaxValue);
        Optimizer<double, BatchAwareRmsProp> ofExamples = parameters.Optimize(rule, [w]), ofMean = parameters.Optimize(rule, [copy]);
        double[] squares = new double[2];
        int[] indices = new int[batch];
        int batches = batch == 1 ? 200_000 : 50_000;
        for (int t = 0; t < batches; t++)
        {
            for (int i = 0; i < batch; i++)
            {
                indices[i] = (int)(random.NextDouble() * Examples);
            }

            loss.UseBatch(indices);
            loss.ComputeGradientAndSquares(parameters, squares);
            ofExamples.GetInput("exampleSquare")[0] = squares[0];
            ofMean.GetInput("exampleSquare")[0] = w.Gradients[0] * w.Gradients[0];
            ofExamples.Step(trial.Cancellation);
            ofMean.Step(trial.Cancellation);
        }

        return (ofMean.State["MeanSquare"][0], ofExamples.State["MeanSquare"][0]);
    }
}
