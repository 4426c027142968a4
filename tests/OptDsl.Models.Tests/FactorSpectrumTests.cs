using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using OptDsl.Linear;

namespace OptDsl.Models.Tests;

/// <summary>Singular values from factors, against those that MathNet finds of the product it multiplies out.</summary>
public class FactorSpectrumTests
{
    private const double Unit = 2.220446049250313e-16;

    [Theory]
    [InlineData(9, 3, 7)]
    [InlineData(7, 3, 9)]
    [InlineData(5, 5, 5)]
    [InlineData(4, 9, 6)]
    [InlineData(6, 9, 4)]
    [InlineData(40, 8, 4)]
    [InlineData(4, 8, 40)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 4, 9)]
    [InlineData(700, 20, 300)]
    [InlineData(61, 60, 59)]
    public void Two_factors_agree_with_the_product(int rows, int width, int columns)
    {
        CheckProduct<double>(rows, width, columns, Math.Min(rows, Math.Min(width, columns)));
        CheckProduct<float>(rows, width, columns, Math.Min(rows, Math.Min(width, columns)));
    }

    private static void CheckProduct<T>(int rows, int width, int columns, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] left = Gaussian<T>(rows * width, 1), right = Gaussian<T>(width * columns, 2);
        double[] expected = Dense(Wide(left), rows, width, Wide(right), columns);
        Close(expected, OfProduct(new MatrixView<T>(left, rows, width), new MatrixView<T>(right, width, columns)),
            count);

        // The transposed product, whose views are transposed too.
        Close(expected, OfProduct(new MatrixView<T>(right, width, columns).Transposed,
            new MatrixView<T>(left, rows, width).Transposed), count);
    }

    [Theory]
    [InlineData(new[] { 30, 4, 40 })]
    [InlineData(new[] { 30, 6, 5, 40 })]
    [InlineData(new[] { 30, 50, 5, 7, 40 })]
    [InlineData(new[] { 30, 5, 50, 60, 40 })]
    [InlineData(new[] { 30, 60, 70, 40 })]
    [InlineData(new[] { 12, 12, 12, 12 })]
    [InlineData(new[] { 20, 31 })]
    [InlineData(new[] { 31, 20 })]
    [InlineData(new[] { 1, 3, 1 })]
    public void A_chain_agrees_with_its_product(int[] sides)
    {
        CheckChain<double>(sides);
        CheckChain<float>(sides);
    }

    private static void CheckChain<T>(int[] sides)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var factorization = new DeepFactorization<T>(sides);
        using var parameters = new ParameterBuffer<T>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, 3, 1);
        Matrix<double> product = Matrix<double>.Build.DenseIdentity(sides[0]);
        for (int i = 1; i < sides.Length; i++)
        {
            double[] factor = Wide(parameters.Tensors[i - 1].ReadOnlyValues);
            product = Matrix<double>.Build.DenseOfRowMajor(sides[i], sides[i - 1], factor) * product;
        }

        var shares = new Shares();
        double[] found = factorization.ComputeSingularValues(parameters, shares, TestContext.Current.CancellationToken);
        Close(product.Svd(false).S.ToArray(), found, sides.Min());
        Assert.Equal(shares.Order(), shares);
        Assert.All(shares, share => Assert.InRange(share, 0, 1));
        Assert.Equal(1, shares[^1]);
        Assert.True(shares.Count < 2 || shares[^2] > 0.5, "Most of the work was not counted.");
    }

    /// <summary>
    /// From 1 to 1e-12: each is found as well as the largest allows. The root of a Gram matrix's eigenvalue would lose them.
    /// </summary>
    [Theory]
    [InlineData(50, 13, 40)]
    [InlineData(13, 13, 13)]
    [InlineData(13, 20, 30)]
    public void Graded_values_keep_their_digits(int rows, int width, int columns)
    {
        int count = Math.Min(rows, Math.Min(width, columns));
        double[] values = [.. Enumerable.Range(0, count).Select(i => Math.Pow(10, -12.0 * i / (count - 1)))];
        Matrix<double> u = Orthonormal(rows, count, 1), inner = Orthonormal(width, count, 2), v = Orthonormal(columns, count, 3);
        Matrix<double> root = Matrix<double>.Build.DiagonalOfDiagonalArray(Array.ConvertAll(values, Math.Sqrt));
        Matrix<double> left = u * root * inner.Transpose(), right = inner * root * v.Transpose();
        double[] found = OfProduct(View(left), View(right));
        Close(values, found, count);
        Close(values, OfMatrix(View(left * right)), Math.Min(rows, columns));
        Assert.Equal(1e-12, found[count - 1], 1e-14);
    }

    [Fact]
    public void Factors_of_lower_rank_have_zeros()
    {
        double[] thin = Gaussian<double>(40 * 2, 1), mix = Gaussian<double>(2 * 6, 2), right = Gaussian<double>(6 * 30, 3);
        Matrix<double> left = Matrix<double>.Build.DenseOfRowMajor(40, 2, thin) * Matrix<double>.Build.DenseOfRowMajor(2, 6, mix);
        double[] found = OfProduct(View(left), new MatrixView<double>(right, 6, 30));
        Close(Dense(left.ToRowMajorArray(), 40, 6, right, 30), found, 6);
        Assert.True(found[1] > 1);
        Assert.True(found[2] < 1e-13 * found[0]);
    }

    [Fact]
    public void Zero_and_single_values()
    {
        Assert.Equal([0, 0], OfProduct(new MatrixView<float>(new float[10], 5, 2), new([1, 2, 3, 4], 2, 2)));
        Assert.Equal([0, 0, 0], OfMatrix(new MatrixView<float>(new float[15], 5, 3)));
        Assert.Empty(OfMatrix(new MatrixView<float>([], 0, 3)));
        Assert.Empty(OfProduct(new MatrixView<float>([], 3, 0), new MatrixView<float>([], 0, 3)));
        Assert.Equal([4], OfMatrix(new MatrixView<float>([-4], 1, 1)));

        // Of left and right that are not zero the product can be.
        Assert.Equal([0], OfProduct(new MatrixView<double>([1, 0], 1, 2), new([0, 1], 2, 1)));
        Assert.Equal([3, 2, 2, 0], OfMatrix(
            new MatrixView<double>([0, 2, 0, 0, 0, 0, 0, 3, 0, 0, 2, 0, 0, 0, 0, 0], 4, 4)), (a, b) => Math.Abs(a - b) <= 4 * Unit);
    }

    [Theory]
    [InlineData(1e-150, 1e-150)]
    [InlineData(1e150, 1e150)]
    [InlineData(1e200, 1e-280)]
    [InlineData(1e-310, 1e10)]
    public void Huge_and_tiny_factors_are_scaled(double leftScale, double rightScale)
    {
        double[] left = Gaussian<double>(30 * 5, 1), right = Gaussian<double>(5 * 20, 2);
        double[] largeLeft = Array.ConvertAll(left, value => value * leftScale);
        double[] largeRight = Array.ConvertAll(right, value => value * rightScale);
        double[] expected = Dense(Array.ConvertAll(largeLeft, value => value / leftScale), 30, 5,
            Array.ConvertAll(largeRight, value => value / rightScale), 20);
        double[] found = OfProduct(new MatrixView<double>(largeLeft, 30, 5), new(largeRight, 5, 20));
        Close(expected, Array.ConvertAll(found, value => value / leftScale / rightScale), 5);
    }

    [Fact]
    public void Huge_and_tiny_floats_are_scaled()
    {
        float[] left = Array.ConvertAll(Gaussian<float>(30 * 5, 1), value => value * 1e30f);
        float[] right = Array.ConvertAll(Gaussian<float>(5 * 20, 2), value => value * 1e-40f);
        Close(Dense(Wide(left), 30, 5, Wide(right), 20), OfProduct(new MatrixView<float>(left, 30, 5),
            new(right, 5, 20)), 5);
    }

    [Fact]
    public void Equal_values_are_all_found()
    {
        Matrix<double> u = Orthonormal(300, 140, 1), v = Orthonormal(200, 140, 2);
        double[] found = OfProduct(View(u), View(v.Transpose()));
        Assert.Equal(140, found.Length);
        Assert.All(found, value => Assert.Equal(1, value, 1e-13));
    }

    [Fact]
    public void What_cannot_be_decomposed_is_refused()
    {
        Assert.Throws<ArgumentException>(() => OfProduct(new MatrixView<float>([1, 2], 1, 2), new([1], 1, 1)));
        Assert.Throws<ArgumentException>(() => OfMatrix(new MatrixView<float>([1, float.NaN, 2], 3, 1)));
        Assert.Throws<ArgumentException>(() => OfProduct(new MatrixView<double>([1, double.NegativeInfinity], 1, 2),
            new([1, 2], 2, 1)));
        Assert.Throws<OperationCanceledException>(() => Spectrum.SingularValuesByReflections(new MatrixView<float>([1, 2, 3], 3, 1),
            cancellation: new CancellationToken(true)));
    }

    /// <summary>Sides whose product no array could hold.</summary>
    [Fact]
    public void A_matrix_that_fits_no_memory_has_a_spectrum()
    {
        const int Side = 100_000;
        var factorization = new DeepFactorization<float>([Side, 3, 2, Side]);
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, 1, 1);
        Assert.Equal(2, factorization.ComputeSingularValues(parameters, null, TestContext.Current.CancellationToken).Length);
        float[] rows = new float[2 * Side], one = new float[Side];
        factorization.ComputeRows(parameters, 7, rows);
        factorization.ComputeRows(parameters, 8, one);
        Assert.Equal(rows[Side..], one);
    }

    [Theory]
    [InlineData(new[] { 30, 6, 5, 40 })]
    [InlineData(new[] { 30, 6, 40 })]
    [InlineData(new[] { 30, 40 })]
    [InlineData(new[] { 300, 500, 40 })]
    public void Rows_have_the_bits_of_the_whole(int[] sides)
    {
        var factorization = new DeepFactorization<float>(sides);
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, 3, 1);
        float[] whole = new float[sides[0] * sides[^1]], part = new float[sides[0] * 3], all = new float[whole.Length];
        factorization.ComputeRows(parameters, 0, all);
        factorization.ComputeRows(parameters, 11, part);
        factorization.ComputeProduct(parameters, whole);
        Assert.Equal(whole, all);
        Assert.Equal(whole[(11 * sides[0])..(14 * sides[0])], part);
        Assert.Throws<ArgumentException>(() => factorization.ComputeRows(parameters, 0, new float[sides[0] + 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => factorization.ComputeRows(parameters, sides[^1], new float[sides[0]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => factorization.ComputeRows(parameters, -1, new float[sides[0]]));
    }

    private static double[] OfProduct<T>(MatrixView<T> left, MatrixView<T> right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Spectrum.SingularValuesOfProduct(left, right, null, TestContext.Current.CancellationToken);

    private static double[] OfMatrix<T>(MatrixView<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Spectrum.SingularValuesByReflections(matrix, null, TestContext.Current.CancellationToken);

    private static void Close(double[] expected, double[] found, int count)
    {
        // As much as rounding the elements of the product to double changes them, with room for the sides; MathNet's are off so, too.
        Assert.Equal(count, found.Length);
        Assert.Equal(found.OrderDescending(), found);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], i < count ? found[i] : 0, 100 * Unit * expected[0]);
        }
    }

    private static double[] Dense(double[] left, int rows, int width, double[] right, int columns)
        => (Matrix<double>.Build.DenseOfRowMajor(rows, width, left) * Matrix<double>.Build.DenseOfRowMajor(width, columns, right))
            .Svd(false).S.ToArray();

    private static MatrixView<double> View(Matrix<double> matrix) => new(matrix.ToRowMajorArray(), matrix.RowCount, matrix.ColumnCount);

    private static Matrix<double> Orthonormal(int rows, int columns, ulong seed)
        => Matrix<double>.Build.DenseOfRowMajor(rows, columns, Gaussian<double>(rows * columns, seed)).GramSchmidt().Q;

    private static T[] Gaussian<T>(int count, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Xoshiro256(seed);
        return [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.NextGaussian()))];
    }

    private static double[] Wide<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = double.CreateTruncating(values[i]);
        }

        return wide;
    }

    private sealed class Shares : List<double>, IProgress<double>
    {
        public void Report(double value) => Add(value);
    }
}
