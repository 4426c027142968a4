using OptDsl.Models;
using OptDsl.Rules;
using OptDsl.Schedules;

namespace OptDsl.Experiments;

/// <summary>
/// Predicting a number from N discrete features is completing a tensor with a mode a feature: examples are its observed entries. A tenth of
/// the labels is wrong by far; squares follow them, absolute values and Huber's loss do not.
/// </summary>
internal sealed class S39b_TensorPrediction : VerificationSystem
{
    private const int Features = 5, Side = 4, Examples = 400, Wrong = 40, Components = 8, Steps = 3000, Runs = 5;

    internal override string Id => "S39b";

    internal override string Title => "Prediction from discrete features as tensor completion, with three losses";

    internal override string Text => """
        A number that depends on N discrete features is a tensor with one mode per feature, and the examples are its observed
        entries. `CpCompletionLoss` fits it with each `PointLoss`. A tenth of the labels is wrong by far. The squared loss
        follows the wrong labels, and the absolute and the Huber loss do not.
        """;

    internal override IReadOnlyList<ulong> Seeds => [0, 1, 2];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        double[] errors = [.. new[] { PointLoss.Squared, PointLoss.Absolute, PointLoss.Huber(0.01) }.Select(loss =>
            Enumerable.Range(0, Runs).Select(run => Fit(loss, (trial.Seed * Runs) + (ulong)run, trial.Cancellation)).Order()
            .ElementAt(Runs / 2))];
        trial.Show(new DataTable("table",
            "Order 5, sides 4, rank 1: 400 of 1024 combinations of features are examples, and 40 of them have wrong labels", "loss",
                "relative error over all combinations, median of five")
            .Row("squared", errors[0]).Row("absolute", errors[1]).Row("Huber, threshold 0.01", errors[2]));
        return [new("S39b.squared", errors[0]), new("S39b.absolute", errors[1]), new("S39b.huber", errors[2])];
    }

    private static double Fit(PointLoss loss, ulong seed, CancellationToken cancellation)
    {
        int[] sides = [.. Enumerable.Repeat(Side, Features)];
        var target = new CpFactorization<float>(sides, 1);
        using var exact = new ParameterBuffer<float>();
        target.AddTo(exact);
        target.Initialize(exact, seed, 0.5, mean: 1);

        // Unit root mean square, so that wrong labels are wrong by three times that.
        float[] tensor = new float[1024], labels = new float[tensor.Length], prediction = new float[tensor.Length];
        target.ComputeTensor(exact, tensor);
        double size = Math.Sqrt(tensor.Average(value => (double)value * value));
        tensor = Array.ConvertAll(tensor, value => (float)(value / size));
        var random = new Xoshiro256(seed, 1);
        int[] order = [.. Enumerable.Range(0, tensor.Length).Select(place => (place, key: random.NextUInt64())).OrderBy(pair => pair.key)
            .Select(pair => pair.place)];
        bool[] chosen = new bool[tensor.Length];
        for (int i = 0; i < Examples; i++)
        {
            chosen[order[i]] = true;
            labels[order[i]] = tensor[order[i]] + (i < Wrong ? (float)(3 * random.NextGaussian()) : 0);
        }

        var factorization = new CpFactorization<float>(sides, Components);
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, seed + 1000, 0.05);
        var model = new CpCompletionLoss<float>(factorization, TensorEntries<float>.Observed(sides, labels, chosen), loss);
        Optimizer<float, GroupRmsProp> optimizer = parameters.Optimize(new GroupRmsProp());

        // The rate falls to zero at the end: the slopes of the absolute value do not.
        var rate = new CosineSchedule(0.01, Steps, 1e-5);
        Descent.Run(model, optimizer, new() { Iterations = Steps, MeasureEvery = 1 },
            point => optimizer.Rule = optimizer.Rule with { LearningRate = rate.At(point.Iteration + 1) }, cancellation);
        cancellation.ThrowIfCancellationRequested();
        factorization.ComputeTensor(parameters, prediction);
        return Math.Sqrt(prediction.Zip(tensor, (a, b) => Math.Pow(a - b, 2)).Sum() / tensor.Length);
    }
}
