using System.Numerics;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>What is followed of a matrix while it is learned, from one decomposition.</summary>
public sealed record MatrixMeasures
{
    /// <summary>The singular values, descending.</summary>
    public required IReadOnlyList<double> SingularValues { get; init; }

    /// <summary>The exponential of the entropy of their shares (<see cref="Spectrum.EffectiveRank"/>).</summary>
    public required double EffectiveRank { get; init; }

    /// <summary>|W|_F^2 / |W|_2^2.</summary>
    public required double StableRank { get; init; }

    /// <summary>|W|_*, their sum.</summary>
    public required double NuclearNorm { get; init; }

    /// <summary>|W|_F.</summary>
    public required double FrobeniusNorm { get; init; }

    /// <summary>The sum of their powers.</summary>
    public required double SchattenSum { get; init; }

    /// <summary>The determinant, NaN where the matrix is not square.</summary>
    public required double Determinant { get; init; }

    /// <summary>|W - M|_F / |M|_F over the entries that are not observed; NaN without a truth M, or where all are observed.</summary>
    public required double UnobservedError { get; init; }

    /// <summary>Measures a matrix.</summary>
    /// <param name="matrix">At least one row and column, finite.</param>
    /// <param name="power">Of <see cref="SchattenSum"/>; 2 / L suits a factorization of depth L.</param>
    /// <param name="truth">M, row after row; empty if it is not known.</param>
    /// <param name="observed">As many; true where an entry is observed.</param>
    /// <exception cref="ArgumentException">The matrix is not finite, or the spans have other lengths than it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="power"/> is not finite or not above 0, or the matrix is empty.
    /// </exception>
    public static MatrixMeasures Of<T>(MatrixView<T> matrix, double power = 1, ReadOnlySpan<double> truth = default,
        ReadOnlySpan<bool> observed = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!truth.IsEmpty)
        {
            CompletionChecks.Length(truth.Length, matrix.Rows, matrix.Columns, nameof(truth));
            CompletionChecks.Length(observed.Length, matrix.Rows, matrix.Columns, nameof(observed));
        }

        var decomposition = new SingularValueDecomposition(matrix.Rows, matrix.Columns);
        decomposition.Decompose(matrix);
        double error = 0, size = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            double difference = observed[i] ? 0 : double.CreateTruncating(matrix[i / matrix.Columns, i % matrix.Columns]) - truth[i];
            error += difference * difference;
            size += observed[i] ? 0 : truth[i] * truth[i];
        }

        return new MatrixMeasures
        {
            SingularValues = decomposition.Values.ToArray(),
            EffectiveRank = Spectrum.EffectiveRank(decomposition.Values),
            StableRank = Spectrum.StableRank(decomposition.Values),
            NuclearNorm = Spectrum.NuclearNorm(decomposition.Values),
            FrobeniusNorm = Spectrum.FrobeniusNorm(decomposition.Values),
            SchattenSum = Spectrum.SchattenSum(decomposition.Values, power),
            Determinant = matrix.Rows == matrix.Columns ? Spectrum.Determinant(matrix) : double.NaN,
            UnobservedError = ScaledNorm.IsNormal(error) && ScaledNorm.IsNormal(size) ? Math.Sqrt(error / size)
                : ScaledError(matrix, truth, observed),
        };
    }

    /// <summary>The unobserved error where a sum of squares overflows, vanishes or is zero.</summary>
    private static double ScaledError<T>(MatrixView<T> matrix, ReadOnlySpan<double> truth, ReadOnlySpan<bool> observed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] differences = new double[truth.Length], hidden = new double[truth.Length];
        for (int i = 0; i < truth.Length; i++)
        {
            hidden[i] = observed[i] ? 0 : truth[i];
            differences[i] = observed[i] ? 0 : double.CreateTruncating(matrix[i / matrix.Columns, i % matrix.Columns]) - truth[i];
        }

        return ScaledNorm.Root<double>(double.NaN, differences) / ScaledNorm.Root<double>(double.NaN, hidden);
    }
}
