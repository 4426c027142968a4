using System.Numerics;
using System.Runtime.CompilerServices;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// A penalty f on the singular values s of a factorization's matrix W = W_L ... W_1. Its gradient in W is U diag(f'(s)) V^T, over the
/// singular values above rounding error. If W does not have full rank, this is the subgradient of least norm.
/// </summary>
/// <typeparam name="T">The element, float or double. The decomposition is always in double.</typeparam>
/// <remarks>
/// For an n x n matrix at depth L, a gradient takes some 50 n^3 operations for the decomposition and 6 (L - 1) n^3 for the products.
/// <see cref="LossSum{T}"/> adds the penalty to a loss. Nothing is allocated after construction. Not thread-safe.
/// </remarks>
public sealed class SpectralPenalty<T> : ILossModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DeepFactorization<T> factorization;
    private readonly SingularValueDecomposition decomposition;
    private readonly Func<SingularValueDecomposition, double[], double> evaluate;
    private readonly double coefficient;
    private readonly MatrixProduct<double> product;
    private readonly double[] slopes, left, right, wide;
    private readonly T[] matrix;

    private SpectralPenalty(DeepFactorization<T> factorization, double coefficient,
        Func<SingularValueDecomposition, double[], double> evaluate)
    {
        ArgumentNullException.ThrowIfNull(factorization);
        if (!double.IsFinite(coefficient) || coefficient < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(coefficient), coefficient, "The coefficient must be finite and not negative.");
        }

        (this.factorization, this.coefficient, this.evaluate) = (factorization, coefficient, evaluate);
        (int rows, int columns) = (factorization.Rows, factorization.Columns);
        int side = Math.Min(rows, columns);
        decomposition = new SingularValueDecomposition(rows, columns);
        product = new MatrixProduct<double>(factorization.Threads);
        product.Reserve(rows, side, columns);
        (slopes, left, right) = (new double[side], new double[side * rows], new double[side * columns]);
        (wide, matrix) = (new double[rows * columns], new T[rows * columns]);
        factorization.ReserveProducts();
    }

    /// <summary>coefficient |W|_*, the nuclear norm: the sum of the singular values.</summary>
    /// <param name="factorization">The factorization of the matrix W.</param>
    /// <param name="coefficient">The factor of the penalty; finite and not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="coefficient"/> is out of range.</exception>
    public static SpectralPenalty<T> Nuclear(DeepFactorization<T> factorization, double coefficient)
        => new(factorization, coefficient, static (of, slopes) =>
        {
            Array.Fill(slopes, 1);
            return Spectrum.NuclearNorm(of.Values);
        });

    /// <summary>coefficient |W|_* / |W|_F (Zhao 2022), which does not depend on the scale of W; 0 at W = 0.</summary>
    /// <param name="factorization">The factorization of the matrix W.</param>
    /// <param name="coefficient">The factor of the penalty; finite and not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="coefficient"/> is out of range.</exception>
    public static SpectralPenalty<T> Ratio(DeepFactorization<T> factorization, double coefficient)
        => new(factorization, coefficient, static (of, slopes) =>
        {
            (double nuclear, double frobenius) = (Spectrum.NuclearNorm(of.Values), Spectrum.FrobeniusNorm(of.Values));
            for (int k = 0; k < slopes.Length; k++)
            {
                slopes[k] = frobenius == 0 ? 0 : (1 / frobenius) - (nuclear / frobenius * (of.Values[k] / frobenius) / frobenius);
            }

            return frobenius == 0 ? 0 : nuclear / frobenius;
        });

    /// <summary>coefficient sum (s^2 + e^2)^(p/2): the p-th power of the Schatten norm, smoothed near 0 by e.</summary>
    /// <param name="factorization">The factorization of the matrix W.</param>
    /// <param name="coefficient">The factor of the penalty; finite and not negative.</param>
    /// <param name="power">p; finite and above 0.</param>
    /// <param name="smoothing">
    /// e, in the unit of W; finite and not negative. It must be above 0 if p is below 1, because the slope at 0 would be infinite.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static SpectralPenalty<T> Schatten(DeepFactorization<T> factorization, double coefficient, double power, double smoothing = 0)
    {
        if (!double.IsFinite(power) || power <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(power), power, "The power must be finite and above 0.");
        }

        if (!double.IsFinite(smoothing) || smoothing < 0 || (power < 1 && smoothing == 0))
        {
            throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing,
                "The smoothing must be finite and not negative, and above 0 for a power below 1.");
        }

        double square = smoothing * smoothing;
        return new(factorization, coefficient, (of, slopes) =>
        {
            double sum = 0;
            for (int k = 0; k < slopes.Length; k++)
            {
                double s = of.Values[k], inside = (s * s) + square;
                if (!ScaledNorm.IsNormal(inside))
                {
                    // The square overflows or underflows here, but the root of the sum does not.
                    double root = double.Hypot(s, smoothing);
                    sum += Math.Pow(root, power);
                    slopes[k] = root == 0 ? 0 : power * (s / root) * Math.Pow(root, power - 1);
                    continue;
                }

                sum += Math.Pow(inside, power / 2);
                slopes[k] = inside == 0 ? 0 : power * s * Math.Pow(inside, (power / 2) - 1);
            }

            return sum;
        });
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A factor is missing or has another shape, or the matrix is not finite.</exception>
    public double ComputeLoss(ParameterBuffer<T> parameters)
    {
        factorization.Forward(parameters, matrix);
        decomposition.Decompose(new MatrixView<T>(matrix, factorization.Rows, factorization.Columns));
        return coefficient * evaluate(decomposition, slopes);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A factor is missing or has another shape, or the matrix is not finite.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double ComputeGradient(ParameterBuffer<T> parameters)
    {
        double loss = ComputeLoss(parameters);
        (int rows, int columns, int rank) = (factorization.Rows, factorization.Columns, decomposition.Rank);
        for (int k = 0; k < rank; k++)
        {
            decomposition.GetLeft(k).CopyTo(left.AsSpan(k * rows));
            Span<double> line = right.AsSpan(k * columns, columns);
            decomposition.GetRight(k).CopyTo(line);
            foreach (ref double value in line)
            {
                value *= coefficient * slopes[k];
            }
        }

        product.Multiply(new MatrixView<double>(left.AsSpan(0, rank * rows), rank, rows).Transposed,
            new MatrixView<double>(right.AsSpan(0, rank * columns), rank, columns), wide);
        for (int i = 0; i < wide.Length; i++)
        {
            matrix[i] = T.CreateTruncating(wide[i]);
        }

        FactorPenalty.ClearOthers(parameters, factorization);
        factorization.Backward(matrix);
        return loss;
    }
}
