using MathNet.Numerics.LinearAlgebra;
using OptDsl.Linear;

namespace OptDsl.Models.Tests;

public class SpectrumTests
{
    [Theory]
    [InlineData(5, 9)]
    [InlineData(9, 5)]
    [InlineData(7, 7)]
    [InlineData(1, 4)]
    public void Singular_values_agree_with_a_decomposition(int rows, int columns)
    {
        var random = new Xoshiro256(4);
        double[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextGaussian())];
        double[] expected = Matrix<double>.Build.DenseOfRowMajor(rows, columns, values).Svd(false).S.ToArray();
        Assert.Equal(expected, Spectrum.SingularValues(new MatrixView<double>(values, rows, columns)), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(expected, Spectrum.SingularValues(new MatrixView<double>(values, rows, columns).Transposed),
            (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Effective_rank_counts_equal_values_and_ignores_scale()
    {
        Assert.Equal(1, Spectrum.EffectiveRank([5, 0, 0]), 12);
        Assert.Equal(4, Spectrum.EffectiveRank([3, 3, 3, 3]), 12);
        Assert.Equal(Spectrum.EffectiveRank([3, 2, 1]), Spectrum.EffectiveRank([300, 200, 100]), 12);
        Assert.Equal(0, Spectrum.EffectiveRank([0, 0]));
        Assert.Equal(0, Spectrum.EffectiveRank([]));
        Assert.Throws<ArgumentException>(() => Spectrum.EffectiveRank([1, double.NaN]));
        Assert.Throws<ArgumentException>(() => Spectrum.SingularValues(new MatrixView<float>([1, float.NaN], 1, 2)));
    }
}
