using System.Numerics;
using OptDsl.Linear;
using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// A square matrix of low rank with |M|_F = side, the product of two normal ones, of which some entries are observed; noise stands on the
/// observed values only.
/// </summary>
internal sealed class LowRankTask
{
    internal LowRankTask(int side, int rank, int observed, ulong seed, double noise = 0)
    {
        var random = new Xoshiro256(seed);
        double[] left = [.. Enumerable.Range(0, side * rank).Select(_ => random.NextGaussian())],
            right = [.. Enumerable.Range(0, side * rank).Select(_ => random.NextGaussian())];
        Side = side;
        Matrix = new double[side * side];
        new MatrixProduct<double>(1).Multiply(new(left, side, rank), new MatrixView<double>(right, side, rank).Transposed, Matrix);
        double norm = Math.Sqrt(Matrix.Sum(x => x * x));
        Matrix = [.. Matrix.Select(x => x * side / norm)];
        int[] cells = [.. Enumerable.Range(0, Matrix.Length)];
        for (int i = 0; i < observed; i++)
        {
            int other = i + random.NextInt32(cells.Length - i);
            (cells[i], cells[other]) = (cells[other], cells[i]);
        }

        Observed = new bool[Matrix.Length];
        cells.AsSpan(0, observed).ToArray().ToList().ForEach(cell => Observed[cell] = true);
        Cells = [.. Enumerable.Range(0, Matrix.Length).Where(cell => Observed[cell])];
        Values = [.. Cells.Select(cell => Matrix[cell] + (noise * random.NextGaussian()))];
    }

    internal int Side { get; }

    internal double[] Matrix { get; }

    internal bool[] Observed { get; }

    /// <summary>The observed cells, row by row.</summary>
    internal int[] Cells { get; }

    /// <summary>The observed values.</summary>
    internal double[] Values { get; }

    /// <summary>The error of a matrix with zeros where nothing is observed.</summary>
    internal double ZeroFillError => Error<double>([.. Matrix.Select((x, i) => Observed[i] ? x : 0)]);

    /// <summary>|P - M|_F / |M|_F over all entries.</summary>
    internal double Error<T>(ReadOnlySpan<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int i = 0; i < product.Length; i++)
        {
            double difference = double.CreateTruncating(product[i]) - Matrix[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum) / Side;
    }

    internal SparseCompletionLoss<T> Loss<T>(DeepFactorization<T> factorization)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new(factorization, Array.ConvertAll(Cells, cell => cell / Side), Array.ConvertAll(Cells, cell => cell % Side),
            Array.ConvertAll(Values, T.CreateTruncating));

    /// <summary>The completion of least nuclear norm.</summary>
    internal NuclearNormResult LeastNuclearNorm(CancellationToken cancellation)
        => NuclearNormCompletion.Complete(new MatrixView<double>(Matrix, Side, Side), Observed, cancellation: cancellation);

    /// <summary>
    /// Trains a deep factorization of full width in float with GroupRMSprop at 1e-3 from a scale of 1e-3, to a loss of 1e-6 (Arora et al.
    /// 2019).
    /// </summary>
    /// <param name="depth">Its factors.</param>
    /// <param name="seed">Of its start.</param>
    /// <param name="spectra">If not null, receives the singular values at every <paramref name="every"/> steps.</param>
    /// <param name="every">Steps.</param>
    /// <param name="cancellation">Asks to stop.</param>
    internal DeepResult Train(int depth, ulong seed, List<(int Step, double[] Values)>? spectra = null, int every = 0,
        CancellationToken cancellation = default)
    {
        DeepFactorization<float> factorization = DeepFactorization<float>.Uniform(Side, Side, depth, Side, threads: 1);
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.InitializeScaled(parameters, seed, 1e-3);
        float[] product = new float[Matrix.Length];
        double[] Spectrum()
        {
            factorization.ComputeProduct(parameters, product);
            return OptDsl.Models.Spectrum.SingularValues(new MatrixView<float>(product, Side, Side));
        }

        Optimizer<float, GroupRmsProp> optimizer = parameters.Optimize(new GroupRmsProp(1e-3, Epsilon: 1e-4),
            new OptimizerOptions { Threads = 1 });
        DescentResult result = Descent.Run(
            Loss(factorization), optimizer, new DescentSettings { Iterations = 100_000, LossTolerance = 1e-6, MeasureEvery = every },
            spectra is null ? null : point => spectra.Add((point.Iteration, Spectrum())), cancellation);
        cancellation.ThrowIfCancellationRequested();
        double[] values = Spectrum();
        return new(result.End.Iteration, result.End.Loss, result.End.Seconds, Error<float>(product), values);
    }
}

/// <summary>Where a deep factorization ended.</summary>
internal sealed record DeepResult(int Iterations, double Loss, double Seconds, double Error, double[] SingularValues)
{
    internal double EffectiveRank => Spectrum.EffectiveRank(SingularValues);
}
