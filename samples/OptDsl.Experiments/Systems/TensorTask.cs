using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>A tensor of which some entries are observed, and fits of it by descent with GroupRMSprop from a small start.</summary>
internal sealed class TensorTask
{
    private readonly double norm;

    /// <summary>Scales the tensor to the norm, and draws the observed entries.</summary>
    internal TensorTask(int[] sides, float[] tensor, double norm, int observed, ulong seed)
    {
        double factor = norm / Norm(tensor);
        this.norm = norm;
        float[] scaled = Array.ConvertAll(tensor, value => (float)(factor * value));
        var random = new Xoshiro256(seed, 1);
        bool[] chosen = new bool[tensor.Length];
        for (int left = observed; left > 0;)
        {
            int place = random.NextInt32(tensor.Length);
            left -= chosen[place] ? 0 : 1;
            chosen[place] = true;
        }

        Sides = sides;
        Observed = TensorEntries<float>.Observed(sides, scaled, chosen);
        All = TensorEntries<float>.All(sides, scaled);
        ZeroFillError = Norm([.. scaled.Where((_, i) => !chosen[i])]) / norm;
    }

    internal int[] Sides { get; }

    internal TensorEntries<float> Observed { get; }

    internal TensorEntries<float> All { get; }

    /// <summary>The relative error of zeros where nothing is observed.</summary>
    internal double ZeroFillError { get; }

    /// <summary>A sum of products of normal vectors.</summary>
    internal static TensorTask Cp(int[] sides, int rank, double norm, int observed, ulong seed)
    {
        var factorization = new CpFactorization<float>(sides, rank);
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, seed, 1);
        float[] tensor = new float[sides.Aggregate(1, (product, side) => product * side)];
        factorization.ComputeTensor(parameters, tensor);
        return new(sides, tensor, norm, observed, seed);
    }

    /// <summary>A binary tree of normal factors.</summary>
    internal static TensorTask Tree(int[] sides, int width, double norm, int observed, ulong seed)
    {
        var factorization = new HierarchicalFactorization<float>(sides, ModeTree.Balanced(sides.Length, width));
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, seed, 1);
        float[] tensor = new float[sides.Aggregate(1, (product, side) => product * side)];
        factorization.ComputeTensor(parameters, tensor);
        return new(sides, tensor, norm, observed, seed);
    }

    /// <summary>Runs for targets and starts of different seeds.</summary>
    internal static TensorFit[] Repeat(int runs, ulong seed, Func<ulong, TensorFit> fit)
        => [.. Enumerable.Range(0, runs).Select(run => fit(SeedOf(run, seed)))];

    internal static ulong SeedOf(int run, ulong seed) => seed + (100 * (ulong)run);

    internal static double Median(TensorFit[] fits, Func<TensorFit, double> of) => fits.Select(of).Order().ElementAt(fits.Length / 2);

    /// <summary>The relative error over the whole tensor, from a loss over all its entries.</summary>
    internal double Error(ILossModel<float> all, ParameterBuffer<float> parameters)
        => Math.Sqrt(all.ComputeLoss(parameters) * All.Count) / norm;

    /// <summary>Fits a CP factorization.</summary>
    internal TensorFit FitCp(int components, double scale, DescentSettings settings, ulong seed, Trial trial)
    {
        var factorization = new CpFactorization<float>(Sides, components);
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, seed + 1000, scale);
        return Fit(new CpCompletionLoss<float>(factorization, Observed), new CpCompletionLoss<float>(factorization, All), parameters,
            settings, trial, [norms => factorization.ComputeComponentNorms(parameters, norms)], [components]);
    }

    /// <summary>Fits a factorization by the balanced tree.</summary>
    internal TensorFit FitTree(int width, double scale, DescentSettings settings, ulong seed, Trial trial)
    {
        var factorization = new HierarchicalFactorization<float>(Sides, ModeTree.Balanced(Sides.Length, width));
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, seed + 1000, scale);
        Action<double[]>[] norms = [.. Enumerable.Range(0, factorization.Widths.Length)
            .Select(node => (Action<double[]>)(norms => factorization.ComputeComponentNorms(parameters, node, norms)))];
        return Fit(new HierarchicalCompletionLoss<float>(factorization, Observed),
            new HierarchicalCompletionLoss<float>(factorization, All), parameters, settings, trial, norms, factorization.Widths.ToArray());
    }

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(value => (double)value * value));

    private TensorFit Fit(
        ILossModel<float> loss, ILossModel<float> all, ParameterBuffer<float> parameters, DescentSettings settings, Trial trial,
            Action<double[]>[] norms, int[] widths)
    {
        var fit = new TensorFit(widths.Length);
        double[][] memory = [.. widths.Select(width => new double[width])];
        void Measure(DescentPoint point)
        {
            double[][] sorted = [.. memory.Select((values, node) =>
            {
                norms[node](values);
                return values.OrderDescending().ToArray();
            })];
            fit.Add(point, Error(all, parameters), sorted);
        }

        fit.Result = Descent.Run(loss, parameters.Optimize(new GroupRmsProp(0.01)), settings, Measure, trial.Cancellation);
        trial.Cancellation.ThrowIfCancellationRequested();
        return fit;
    }
}

/// <summary>
/// How a fit went: at every measurement the error over the whole tensor and the norms of each node's components, the largest first.
/// </summary>
internal sealed class TensorFit(int nodes)
{
    private readonly List<double[]>[] norms = [.. Enumerable.Range(0, nodes).Select(_ => new List<double[]>())];
    private readonly List<(double X, double Y)> errors = [];

    internal DescentResult Result { get; set; }

    /// <summary>The relative error over the whole tensor at the end.</summary>
    internal double Error => errors[^1].Y;

    internal IReadOnlyList<(double X, double Y)> Errors => errors;

    /// <summary>The norms of a node's components at the end, the largest first.</summary>
    internal double[] Norms(int node = 0) => norms[node][^1];

    /// <summary>The steps at which each component's norm was first above a tenth of the largest at the end.</summary>
    internal IEnumerable<double> Entrances(int node, int count)
        => Enumerable.Range(0, count)
        .Select(k => errors.Where((_, i) => norms[node][i][k] > 0.1 * Norms(node)[0]).Select(point => point.X).FirstOrDefault(double.NaN));

    /// <summary>The norms of a node's largest components over the steps.</summary>
    internal Curve[] Curves(int node, int count)
        => [.. Enumerable.Range(0, count)
            .Select(k =>
                new Curve(FormattableString.Invariant($"component {k + 1}"),
                    [.. errors.Select((point, i) => (point.X, norms[node][i][k]))]))];

    internal void Add(DescentPoint point, double error, double[][] sorted)
    {
        errors.Add((point.Iteration, error));
        for (int node = 0; node < norms.Length; node++)
        {
            norms[node].Add(sorted[node]);
        }
    }
}
