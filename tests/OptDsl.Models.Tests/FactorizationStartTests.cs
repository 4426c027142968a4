using MathNet.Numerics.LinearAlgebra;
using OptDsl.Linear;

namespace OptDsl.Models.Tests;

/// <summary>Where descent begins: shapes, scalings and balance of the initialisations, and the decomposition under them.</summary>
public class FactorizationStartTests
{
    [Theory]
    [InlineData(6, 9)]
    [InlineData(9, 6)]
    [InlineData(7, 7)]
    [InlineData(1, 5)]
    [InlineData(5, 1)]
    [InlineData(40, 40)]
    public void The_decomposition_gives_the_matrix_back(int rows, int columns)
    {
        var random = new Xoshiro256(4);
        var decomposition = new SingularValueDecomposition(rows, columns);
        foreach (int rank in (int[])[Math.Min(rows, columns), 1, 0])
        {
            Matrix<double> matrix = Matrix<double>.Build.Dense(rows, Math.Max(rank, 1), (_, _) => random.NextGaussian())
                * Matrix<double>.Build.Dense(Math.Max(rank, 1), columns, (_, _) => rank == 0 ? 0 : random.NextGaussian());
            decomposition.Decompose(new MatrixView<double>(matrix.ToRowMajorArray(), rows, columns));
            Assert.Equal(rank, decomposition.Rank);
            Assert.Equal(matrix.Svd(false).S, decomposition.Values.ToArray(),
                (a, b) => Math.Abs(a - b) < 1e-12 * Math.Max(1, matrix.L2Norm()));
            Matrix<double> back = Matrix<double>.Build.Dense(rows, columns);
            for (int k = 0; k < rank; k++)
            {
                Vector<double> left = Vector<double>.Build.Dense(decomposition.GetLeft(k).ToArray()),
                    right = Vector<double>.Build.Dense(decomposition.GetRight(k).ToArray());
                back += decomposition.Values[k] * left.OuterProduct(right);
                for (int other = 0; other < rank; other++)
                {
                    Assert.Equal(k == other ? 1 : 0, left * Vector<double>.Build.Dense(decomposition.GetLeft(other).ToArray()), 1e-13);
                    Assert.Equal(k == other ? 1 : 0, right * Vector<double>.Build.Dense(decomposition.GetRight(other).ToArray()), 1e-13);
                }
            }

            Assert.True((back - matrix).FrobeniusNorm() <= 1e-14 * rows * columns * Math.Max(1, matrix.L2Norm()));
        }

        Assert.Throws<ArgumentException>(() =>
            decomposition.Decompose(new MatrixView<double>(new double[rows * (columns + 1)], rows, columns + 1)));
        Assert.Throws<ArgumentException>(() =>
            decomposition.Decompose(new MatrixView<double>([.. Enumerable.Repeat(double.NaN, rows * columns)], rows, columns)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SingularValueDecomposition(0, 3));
    }

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e-7)]
    [InlineData(1e150)]
    public void Singular_values_far_apart_are_all_found(double scale)
    {
        // diag(1, 1e-10) turned on both sides: a Gram matrix would lose the small one.
        (double c, double s) = (0.6, 0.8);
        double[] matrix = [scale * c * c + (scale * s * s * 1e-10), scale * ((c * s) - (1e-10 * c * s)),
            scale * ((c * s) - (1e-10 * c * s)), scale * ((s * s) + (c * c * 1e-10))];
        var decomposition = new SingularValueDecomposition(2, 2);
        decomposition.Decompose(new MatrixView<double>(matrix, 2, 2));
        Assert.Equal(1, decomposition.Values[0] / scale, 1e-14);
        Assert.Equal(1e-10, decomposition.Values[1] / scale, 1e-15);
    }

    [Theory]
    [InlineData(new[] { 5, 4 })]
    [InlineData(new[] { 5, 5, 5 })]
    [InlineData(new[] { 6, 3, 4, 7 })]
    [InlineData(new[] { 4, 9, 8, 9, 5 })]
    public void Balanced_factors_are_balanced_and_have_the_matrix_as_product(int[] sides)
    {
        var factorization = new DeepFactorization<double>(sides);
        using var parameters = new ParameterBuffer<double>();
        factorization.AddTo(parameters);
        var random = new Xoshiro256(1);
        Matrix<double> thin = Matrix<double>.Build.Dense(sides[^1], 2, (_, _) => random.NextGaussian());
        Matrix<double> target = thin * Matrix<double>.Build.Dense(2, sides[0], (_, _) => random.NextGaussian());
        factorization.InitializeBalanced(parameters, target.ToRowMajorArray());
        double[] product = new double[sides[0] * sides[^1]];
        factorization.ComputeProduct(parameters, product);
        Assert.True((Matrix<double>.Build.DenseOfRowMajor(sides[^1], sides[0], product) - target).FrobeniusNorm() < 1e-12);
        CheckBalance(parameters, sides);
        factorization.InitializeBalanced(parameters, 3, 0.1);
        CheckBalance(parameters, sides);
        factorization.ComputeProduct(parameters, product);
        Assert.InRange(product.Sum(x => x * x) / product.Length, 0.0005, 0.03);
    }

    [Fact]
    public void The_scaled_start_has_the_literatures_deviation_and_the_identity_its_scale()
    {
        var factorization = new DeepFactorization<float>([400, 100, 300]);
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.InitializeScaled(parameters, 1, 1e-4);
        Assert.Equal(1e-2 / 20, Deviation(parameters["W1"]), 2e-5);
        Assert.Equal(1e-2 / 10, Deviation(parameters["W2"]), 2e-5);
        factorization.InitializeIdentity(parameters, 0.25);
        float[] product = new float[400 * 300];
        factorization.ComputeProduct(parameters, product);
        for (int i = 0; i < product.Length; i++)
        {
            Assert.Equal(i / 400 == i % 400 && i / 400 < 100 ? 0.25f : 0, product[i]);
        }
    }

    [Fact]
    public void Bad_arguments_are_refused_before_a_factor_is_touched()
    {
        var factorization = new DeepFactorization<double>([2, 2]);
        using var parameters = new ParameterBuffer<double>();
        factorization.AddTo(parameters);
        ParameterTensor<double> vector = parameters.Add("vector", [2]);
        parameters.Values.Fill(7);
        Assert.Throws<ArgumentOutOfRangeException>(() => factorization.InitializeScaled(parameters, 1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => factorization.InitializeIdentity(parameters, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => factorization.InitializeBalanced(parameters, 1, double.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => factorization.InitializeBalanced(parameters, new double[3]));
        Assert.Throws<ArgumentException>(() => factorization.InitializeBalanced(parameters, [1, 2, 3, double.NaN]));
        Assert.Contains("2 elements", Assert.Throws<ArgumentException>(() => vector.FillFrom([1.0])).Message, StringComparison.Ordinal);
        Assert.Contains("Value 1", Assert.Throws<ArgumentException>(() => vector.FillFrom([1.0, double.NaN])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => vector.FillIdentity(1.0));
        Assert.Throws<ArgumentOutOfRangeException>(() => parameters["W1"].FillIdentity(double.NaN));
        Assert.All(parameters.Values.ToArray(), value => Assert.Equal(7, value));
    }

    [Fact]
    public void Norms_and_ranks_of_known_spectra()
    {
        Assert.Equal(1, Spectrum.StableRank([5, 0]), 12);
        Assert.Equal(3, Spectrum.StableRank([1e200, 1e200, 1e200]), 12);
        Assert.Equal(1.25, Spectrum.StableRank([2, 1]), 12);
        Assert.Equal(0, Spectrum.StableRank([0, 0]));
        Assert.Equal(7, Spectrum.NuclearNorm([4, 3]), 12);
        Assert.Equal(5, Spectrum.FrobeniusNorm([4, 3]), 12);
        Assert.Equal(3, Spectrum.SchattenSum([4, 1], 0.5), 12);
        Assert.Throws<ArgumentException>(() => Spectrum.StableRank([-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Spectrum.SchattenSum([1], 0));
        Assert.Equal(-2, Spectrum.Determinant(new MatrixView<double>([1, 2, 3, 4], 2, 2)), 15);
        Assert.Equal(5, Spectrum.Determinant(new MatrixView<float>([0, 1, 0, -5, 0, 0, 0, 0, 1], 3, 3)), 12);
        Assert.Throws<ArgumentException>(() => Spectrum.Determinant(new MatrixView<float>([0, 1], 1, 2)));

        // 1e-17 in all: rounding a d or b c would leave 0 or the wrong sign.
        double next = Math.BitIncrement(1), last = Math.BitDecrement(1);
        Assert.True(Spectrum.Determinant(new MatrixView<double>([next, 1, 1, last], 2, 2)) > 0);
    }

    private static double Deviation(ParameterTensor<float> tensor)
    {
        double sum = 0;
        foreach (float value in tensor.ReadOnlyValues)
        {
            sum += (double)value * value;
        }

        return Math.Sqrt(sum / tensor.Length);
    }

    private static void CheckBalance(ParameterBuffer<double> parameters, int[] sides)
    {
        Matrix<double> Factor(int i)
            => Matrix<double>.Build.DenseOfRowMajor(sides[i], sides[i - 1], parameters[$"W{i}"].ReadOnlyValues.ToArray());
        for (int i = 1; i < sides.Length - 1; i++)
        {
            Matrix<double> above = Factor(i + 1), below = Factor(i);
            Assert.True((above.TransposeThisAndMultiply(above) - below.TransposeAndMultiply(below)).FrobeniusNorm() < 1e-12);
        }
    }
}
