using System.Numerics;
using System.Runtime.CompilerServices;

namespace OptDsl.Models;

/// <summary>
/// Matrix sensing: the mean over measurements y_k of the point loss of the residuals &lt;A_k, P&gt; - y_k, plus penalty times the sum of
/// all squared parameters. Matrix completion is the special case in which every A_k has a single 1.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// For m measurements of an n x n matrix at depth L, a gradient takes 4 m n^2 operations, and 6 (L - 1) n^3 for the products. It reads the
/// measurement matrices twice: 8 m n^2 bytes in float. If these do not fit in the caches, reading them determines the time. Nothing is
/// allocated after construction. Not thread-safe.
/// </remarks>
public sealed class SensingLoss<T> : ILossModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DeepFactorization<T> factorization;
    private readonly double penalty;
    private readonly PointLoss pointLoss;
    private readonly T[] sensors, targets, matrix, slopes;
    private readonly T gradientScale;

    /// <summary>A loss over measurements.</summary>
    /// <param name="factorization">The factorization; its shape is the matrix's.</param>
    /// <param name="sensors">The matrices A_k, one after the other, each rows x columns, row by row; finite.</param>
    /// <param name="targets">The measurements y_k; finite, at least one.</param>
    /// <param name="penalty">The weight of the sum of squared parameters; finite and not negative.</param>
    /// <param name="pointLoss">The loss of a single residual; its square by default.</param>
    /// <exception cref="ArgumentException">
    /// There is no measurement, there is not exactly one sensor matrix per target, or a number is not finite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="penalty"/> is out of range.</exception>
    public SensingLoss(DeepFactorization<T> factorization, ReadOnlySpan<T> sensors, ReadOnlySpan<T> targets, double penalty = 0,
        PointLoss pointLoss = default)
    {
        ArgumentNullException.ThrowIfNull(factorization);
        CompletionChecks.Penalty(penalty);
        int cells = checked(factorization.Rows * factorization.Columns);
        LossChecks.SameExamples(LossChecks.Examples(sensors, cells, nameof(sensors)), LossChecks.Examples(targets, 1, nameof(targets)));
        (this.factorization, this.penalty, this.pointLoss) = (factorization, penalty, pointLoss);
        (this.sensors, this.targets) = (sensors.ToArray(), targets.ToArray());
        (matrix, slopes) = (new T[cells], new T[targets.Length]);
        gradientScale = T.CreateTruncating(1.0 / targets.Length);
        factorization.ReserveProducts();
    }

    /// <summary>The mean point loss at the last computation of the loss, without the penalty; NaN before the first.</summary>
    public double MeanSquare { get; private set; } = double.NaN;

    /// <summary>
    /// Draws measurement matrices of independent normal entries with standard deviation 1 / sqrt(rows columns). The measurements of a
    /// matrix W then have standard deviation |W|_F / sqrt(rows columns).
    /// </summary>
    /// <param name="count">The number of matrices; at least 1.</param>
    /// <param name="rows">The number of rows of a matrix; at least 1.</param>
    /// <param name="columns">The number of columns of a matrix; at least 1.</param>
    /// <param name="seed">The seed; any number.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or the matrices together are larger than an array.</exception>
    public static T[] GaussianSensors(int count, int rows, int columns, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((double)count * rows * columns, Array.MaxLength, nameof(count));
        var random = new Xoshiro256(seed);
        var sensors = new T[count * rows * columns];
        double scale = 1 / Math.Sqrt((double)rows * columns);
        for (int i = 0; i < sensors.Length; i++)
        {
            sensors[i] = T.CreateTruncating(scale * random.NextGaussian());
        }

        return sensors;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double ComputeLoss(ParameterBuffer<T> parameters)
    {
        factorization.Forward(parameters, matrix);
        double sum = 0;
        for (int k = 0; k < targets.Length; k++)
        {
            T residual = SparseProduct.Dot<T>(sensors.AsSpan(k * matrix.Length, matrix.Length), matrix) - targets[k];
            sum += pointLoss.ComputeValue(double.CreateTruncating(residual));
            slopes[k] = gradientScale * pointLoss.ComputeSlope(residual);
        }

        MeanSquare = sum / targets.Length;
        return MeanSquare + FactorPenalty.Of(parameters, factorization, penalty);
    }

    /// <inheritdoc/>
    public double ComputeGradient(ParameterBuffer<T> parameters)
    {
        double loss = ComputeLoss(parameters);
        FactorPenalty.ClearOthers(parameters, factorization);
        Array.Clear(matrix);
        for (int k = 0; k < targets.Length; k++)
        {
            SquaredNorm.AddGradient(sensors.AsSpan(k * matrix.Length, matrix.Length), matrix, slopes[k]);
        }

        factorization.Backward(matrix);
        FactorPenalty.AddGradient(parameters, factorization, penalty);
        return loss;
    }
}
