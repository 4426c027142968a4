using System.Buffers;
using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using DenseVector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace OptDsl.Models;

/// <summary>
/// A target whose gradient has normal noise of a given covariance, as a batch's gradient has. It models SGD as a sampler.
/// </summary>
internal sealed class NoisyGradientTarget<T> : ITarget<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const uint NoiseStream = 0x67726164;

    // Rounding can make an eigenvalue of a singular covariance slightly negative.
    private const double Rounding = 1e-12;
    private const int MostExponent = 50;

    private readonly ITarget<T> inner;
    private readonly double[] root;

    internal NoisyGradientTarget(ITarget<T> inner, ReadOnlySpan<double> covariance)
    {
        ArgumentNullException.ThrowIfNull(inner);
        this.inner = inner;
        int d = inner.Dimensions;
        if (covariance.Length != (long)d * d)
        {
            throw new ArgumentException($"The covariance has {covariance.Length} numbers; for {d} components it must have {d} x {d}.",
                nameof(covariance));
        }

        // The covariance is divided by a power of four, whose root is a power of two, because eigenvalues take squares of the elements.
        int exponent = ScaledNorm.Exponent(covariance) / 2;
        exponent = Math.Abs(exponent) > MostExponent ? exponent : 0;
        var matrix = Matrix<double>.Build.Dense(d, d, exponent == 0 ? covariance.ToArray() : ScaledNorm.Times(covariance, -2 * exponent));
        if (!matrix.ForAll(double.IsFinite) || (matrix - matrix.Transpose()).InfinityNorm() > Rounding * matrix.InfinityNorm())
        {
            throw new ArgumentException("The covariance must be finite and symmetric.", nameof(covariance));
        }

        var decomposition = matrix.Evd(Symmetricity.Symmetric);
        DenseVector variances = decomposition.EigenValues.Map(value => value.Real);
        if (variances.Minimum() < -Rounding * d * variances.AbsoluteMaximum())
        {
            throw new ArgumentException(
                $"The covariance has the eigenvalue {Math.ScaleB(variances.Minimum(), 2 * exponent):G6}; eigenvalues must not be negative.",
                    nameof(covariance));
        }

        // The root is symmetric, so row-major and column-major order are the same.
        Matrix<double> vectors = decomposition.EigenVectors;
        root = (vectors * Matrix<double>.Build.DiagonalOfDiagonalVector(variances.PointwiseMaximum(0).PointwiseSqrt())
            * vectors.Transpose()).ToColumnMajorArray();
        root = exponent == 0 ? root : ScaledNorm.Times(root, exponent);
    }

    public int Dimensions => inner.Dimensions;

    public IReadOnlyList<SampledVariable> Variables => inner.Variables;

    public bool IsThreadSafe => inner.IsThreadSafe;

    public bool IsStochastic => true;

    public void Evaluate(in ChainBatch<T> batch)
    {
        inner.Evaluate(in batch);
        double[] all = ArrayPool<double>.Shared.Rent(batch.Positions.Length);
        Noise.Fill(NoiseKind.Gaussian, new NoiseKey(batch.Seed, (ulong)batch.Step, NoiseStream),
            (ulong)batch.FirstChain * (ulong)Dimensions, all.AsSpan(0, batch.Positions.Length));
        for (int chain = 0; chain < batch.Count; chain++)
        {
            ReadOnlySpan<double> draws = all.AsSpan(chain * Dimensions, Dimensions);
            Span<T> gradient = batch.GetGradient(chain);
            for (int i = 0; i < gradient.Length; i++)
            {
                double noise = 0;
                for (int j = 0; j < draws.Length; j++)
                {
                    noise += root[(i * draws.Length) + j] * draws[j];
                }

                gradient[i] += T.CreateTruncating(noise);
            }
        }

        ArrayPool<double>.Shared.Return(all);
    }
}
