using System.IO.Compression;
using System.Reflection;
using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// Tensor rank as a measure of complexity (Razin, Maman and Cohen 2021): a label is predicted from N binary features by a tensor of order
/// N, and how well one of low rank can says how simple the task is. Twelve synthetic features; then the 784 pixels of images.
/// </summary>
internal sealed class S42_RankOfImages : VerificationSystem
{
    private const int Features = 12, Examples = 1000, Label = 6;

    internal override string Id => "S42";

    internal override string Title => "Tensors of low rank fit natural labels better than random ones";

    internal override string Text => """
        A label is predicted from N binary features by a tensor of order N and low rank, trained with Adam (Razin, Maman and
        Cohen 2021). The factors start at a mean of 1, so that a product of 784 of them neither vanishes nor overflows. One task
        has 12 synthetic features. The other has the shipped Fashion-MNIST images in black and white, one class against the
        rest. Natural labels should be fitted better than shuffled ones.
        """;

    internal override IReadOnlyList<ulong> Seeds => [0, 1, 2];

    internal override bool ReadsImages => true;

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        (int[] inputs, double[] labels) = Synthetic(trial.Seed);
        double[] shuffled = Shuffled(labels, trial.Seed);
        double natural = Fit(Features, inputs, labels, 2, 5e-3, 3000, trial).Training,
            random = Fit(Features, inputs, shuffled, 2, 5e-3, 3000, trial).Training;
        yield return new("S42.synthetic", natural / random);

        (int[] pixels, double[] classes) = Images(trial);
        int steps = trial.IsSmall ? 500 : 1500;
        (double Training, double Test)[] fits = [.. Variants(pixels, classes, trial.Seed).Take(trial.IsShown ? 3 : 2)
            .Select(variant => FitImages(variant, 1, steps, trial))];
        yield return new("S42.pixels", fits[0].Training / fits[1].Training);
        if (trial.IsShown)
        {
            trial.Show(new DataTable("synthetic", "Order 12, rank 2, fitted to 1000 of 4096 inputs", "labels", "mean square error",
                "mean square error / variance of the labels")
                .Row("from a tensor of rank 2", natural, natural / Variance(labels)).Row("shuffled", random, random / Variance(labels)));
            ShowImages(fits, pixels, classes, steps, trial);
        }
    }

    private static void ShowImages((double Training, double Test)[] first, int[] pixels, double[] labels, int steps, Trial trial)
    {
        int training = TrainingCount(labels.Length), modes = pixels.Length / labels.Length;
        double variance = Variance(labels[..training]);
        string[] names = ["images with their labels", "shuffled labels", "random pixels"];
        var table = new DataTable("images",
            FormattableString.Invariant(
                $"Fashion-MNIST, class {Label} against the rest, {training} images of {modes} pixels, {steps} steps: training error / variance of the labels (in brackets: on {labels.Length - training} test images)"),
                ["rank", .. names]);
        var curves = names.Select(_ => new List<(double X, double Y)>()).ToArray();
        foreach (int rank in (int[])[1, 2, 4])
        {
            trial.Report(FormattableString.Invariant($"rank {rank}"));
            (double Training, double Test)[] fits = rank == 1 ? first
                : [.. Variants(pixels, labels, trial.Seed).Select(variant => FitImages(variant, rank, steps, trial))];
            table.Row([rank,
                .. fits.Select(fit => $"{DataTable.Text(fit.Training / variance)} ({DataTable.Text(Math.Min(4, fit.Test) / variance)})")]);
            for (int i = 0; i < fits.Length; i++)
            {
                curves[i].Add((rank, fits[i].Training / variance));
            }
        }

        trial.Show(table);
        trial.Show(new Picture("rank", FormattableString.Invariant($"Training error by rank, {training} images of Fashion-MNIST"), "rank",
            "mean square error / variance of the labels", [.. curves.Select((points, i) => new Curve(names[i], points))]));
        trial.Note("Test errors are clipped at 4, the squared distance of the two labels, as in the source. The prediction of a long product for an unseen image can be arbitrarily wrong.");
        if (trial.Images is not null)
        {
            return;
        }

        trial.Note("The source fits 60 000 images and finds random pixels as hard as shuffled labels. Here there are fewer images than pixels, and 784 random bits distinguish 500 images more easily than natural pixels do. Nothing is therefore claimed of random pixels. Nothing is claimed of higher ranks either: they start farther from the labels, and so few steps do not fit them better.");
    }

    private static IEnumerable<(int[] Pixels, double[] Labels)> Variants(int[] pixels, double[] labels, ulong seed)
    {
        var random = new Xoshiro256(seed, 3);
        yield return (pixels, labels);
        yield return (pixels, Shuffled(labels, seed));
        yield return ([.. pixels.Select(_ => random.NextInt32(2))], labels);
    }

    /// <summary>Different inputs of twelve bits each, and what a tensor of rank 2 says of them.</summary>
    private static (int[] Inputs, double[] Labels) Synthetic(ulong seed)
    {
        var factorization = new CpFactorization<double>([.. Enumerable.Repeat(2, Features)], 2);
        using var parameters = new ParameterBuffer<double>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, seed, 0.3, mean: 1);
        var random = new Xoshiro256(seed, 1);
        int[] inputs = [.. Enumerable.Range(0, 1 << Features).Select(input => (input, key: random.NextUInt64())).OrderBy(pair => pair.key)
            .Take(Examples).SelectMany(pair => Enumerable.Range(0, Features).Select(bit => (pair.input >> bit) & 1))];
        double[] labels = new double[Examples];
        factorization.ComputeValues(parameters, inputs, labels);
        return (inputs, labels);
    }

    /// <summary>The images, black and white, in an order of the seed; labels are 2 for one class and 0 for the rest.</summary>
    private static (int[] Pixels, double[] Labels) Images(Trial trial)
    {
        (CellMatrix matrix, byte[] labels) = trial.Images ?? Shipped();
        int side = matrix.Columns;
        int[] order = Order(matrix.Rows, trial.Seed), pixels = new int[matrix.Values.Length];
        for (int i = 0; i < order.Length; i++)
        {
            for (int k = 0; k < side; k++)
            {
                pixels[(i * side) + k] = matrix.Values[(order[i] * side) + k] > 0.5f ? 1 : 0;
            }
        }

        return (pixels, [.. order.Select(image => labels[image] == Label ? 2.0 : 0.0)]);
    }

    private static LabelledImages Shipped()
    {
        using Stream images = Open("fashion-600-images-idx3-ubyte.gz");
        using var labels = new GZipStream(Open("fashion-600-labels-idx1-ubyte.gz"), CompressionMode.Decompress);
        return new(InputFile.Read(images, "fashion-600-images-idx3-ubyte.gz", CancellationToken.None),
            IdxReader.ReadLabels(labels, "fashion-600-labels-idx1-ubyte.gz"));
    }

    /// <summary>Of six images five are trained on.</summary>
    private static int TrainingCount(int images) => images * 5 / 6;

    private static Stream Open(string name)
        => Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"The assembly lacks its resource {name}.");

    private static int[] Order(int count, ulong seed)
    {
        var random = new Xoshiro256(seed, 2);
        return [.. Enumerable.Range(0, count).Select(i => (i, key: random.NextUInt64())).OrderBy(pair => pair.key).Select(pair => pair.i)];
    }

    private static double[] Shuffled(double[] labels, ulong seed) => [.. Order(labels.Length, seed + 7).Select(i => labels[i])];

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Average(value => Math.Pow(value - mean, 2));
    }

    private static (double Training, double Test) FitImages((int[] Pixels, double[] Labels) task, int rank, int steps, Trial trial)
        => Fit(task.Pixels.Length / task.Labels.Length, task.Pixels, task.Labels, rank, 5e-4, steps, trial);

    /// <summary>
    /// The mean square error of a fit by Adam from factors near 1, over the examples and, of images, over those that were kept back.
    /// </summary>
    private static (double Training, double Test) Fit(int order, int[] inputs, double[] labels, int rank, double rate, int steps,
        Trial trial)
    {
        int[] sides = [.. Enumerable.Repeat(2, order)];
        int count = order == Features ? labels.Length : TrainingCount(labels.Length);
        var factorization = new CpFactorization<float>(sides, rank);
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, trial.Seed + 1000, 1e-3, mean: 1);
        float[] targets = [.. labels.Select(label => (float)label)];
        var loss = new CpCompletionLoss<float>(factorization,
            new TensorEntries<float>(sides, inputs.AsSpan(0, count * order), targets.AsSpan(0, count)));
        Optimizer<float, Adam> optimizer = parameters.Optimize(new Adam(rate));
        DescentResult result = Descent.Run(loss, optimizer, new() { Iterations = steps }, null, trial.Cancellation);
        trial.Cancellation.ThrowIfCancellationRequested();
        double test = count == targets.Length ? double.NaN
            : new CpCompletionLoss<float>(factorization,
                new TensorEntries<float>(sides, inputs.AsSpan(count * order), targets.AsSpan(count))).ComputeLoss(parameters);
        return (result.End.Loss, test);
    }
}
