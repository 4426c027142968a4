using OptDsl.Linear;

namespace OptDsl.Models;

/// <content>Initial values of the factors.</content>
public sealed partial class DeepFactorization<T>
{
    /// <summary>Fills every factor with independent normal values of mean zero.</summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="seed">The seed; any number.</param>
    /// <param name="scale">The standard deviation; finite and not negative.</param>
    /// <exception cref="ArgumentException">A factor is missing or has another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> is negative or not finite.</exception>
    public void Initialize(ParameterBuffer<T> parameters, ulong seed, double scale)
    {
        Resolve(parameters);
        for (int i = 1; i <= Depth; i++)
        {
            Tensor(i).FillGaussian(seed, scale);
        }
    }

    /// <summary>
    /// Fills every factor with independent normal values of standard deviation scale^(1/L) / sqrt(its columns). At every depth, the entries
    /// of the product then have size of about scale / sqrt(columns) (Arora, Cohen, Hu and Luo 2019, who write init^(1/L) n^(-1/2)).
    /// </summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="seed">The seed; any number.</param>
    /// <param name="scale">The scale of the product; finite and not negative.</param>
    /// <exception cref="ArgumentException">A factor is missing or has another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> is negative or not finite.</exception>
    public void InitializeScaled(ParameterBuffer<T> parameters, ulong seed, double scale)
    {
        CheckScale(scale);
        Resolve(parameters);
        for (int i = 1; i <= Depth; i++)
        {
            Tensor(i).FillGaussian(seed, Math.Pow(scale, 1.0 / Depth) / Math.Sqrt(sides[i - 1]));
        }
    }

    /// <summary>
    /// Makes every factor scale^(1/L) times the identity, cut to its shape. The product is scale times the identity, cut likewise.
    /// </summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="scale">The diagonal of the product; finite and not negative.</param>
    /// <exception cref="ArgumentException">A factor is missing or has another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> is negative or not finite.</exception>
    public void InitializeIdentity(ParameterBuffer<T> parameters, double scale = 1)
    {
        CheckScale(scale);
        Resolve(parameters);
        for (int i = 1; i <= Depth; i++)
        {
            Tensor(i).FillIdentity(T.CreateTruncating(Math.Pow(scale, 1.0 / Depth)));
        }
    }

    /// <summary>
    /// Fills the factors with balanced values, W_(i+1)^T W_(i+1) = W_i W_i^T. Their product is a matrix of independent normal entries,
    /// truncated to the rank that the narrowest width allows (Arora, Cohen and Hazan 2018, procedure 1).
    /// </summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="seed">The seed; any number.</param>
    /// <param name="scale">The standard deviation of the entries; finite and not negative.</param>
    /// <exception cref="ArgumentException">A factor is missing or has another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> is negative or not finite.</exception>
    public void InitializeBalanced(ParameterBuffer<T> parameters, ulong seed, double scale)
    {
        CheckScale(scale);
        Resolve(parameters);
        var random = new Xoshiro256(seed);
        double[] matrix = new double[Rows * Columns];
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] = scale * random.NextGaussian();
        }

        FillBalanced(matrix);
    }

    /// <summary>
    /// Balances the factors of a given matrix with singular value decomposition U D V^T: U D^(1/L), D^(1/L), ..., D^(1/L) V^T.
    /// </summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="matrix">
    /// <see cref="Rows"/> x <see cref="Columns"/> finite elements, row by row. The largest singular values are kept, as many as the
    /// narrowest width allows.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A factor is missing or has another shape, the span has another length, or an element is not finite.
    /// </exception>
    public void InitializeBalanced(ParameterBuffer<T> parameters, ReadOnlySpan<T> matrix)
    {
        CompletionChecks.Length(matrix.Length, Rows, Columns, nameof(matrix));
        Resolve(parameters);
        double[] wide = new double[matrix.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = double.CreateTruncating(matrix[i]);
        }

        FillBalanced(wide);
    }

    private static void CheckScale(double scale)
    {
        if (!double.IsFinite(scale) || scale < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale must be finite and not negative.");
        }
    }

    private void FillBalanced(double[] matrix)
    {
        if (Depth == 1)
        {
            Tensor(1).FillFrom(Array.ConvertAll(matrix, T.CreateTruncating));
            return;
        }

        var decomposition = new SingularValueDecomposition(Rows, Columns);
        decomposition.Decompose(new MatrixView<double>(matrix, Rows, Columns));
        int rank = decomposition.Values.Length;
        foreach (int side in sides)
        {
            rank = Math.Min(rank, side);
        }

        for (int i = 1; i <= Depth; i++)
        {
            T[] values = new T[sides[i] * sides[i - 1]];
            for (int k = 0; k < rank; k++)
            {
                double root = Math.Pow(decomposition.Values[k], 1.0 / Depth);
                if (i == 1)
                {
                    for (int j = 0; j < Columns; j++)
                    {
                        values[(k * Columns) + j] = T.CreateTruncating(root * decomposition.GetRight(k)[j]);
                    }
                }
                else if (i == Depth)
                {
                    for (int j = 0; j < Rows; j++)
                    {
                        values[(j * sides[i - 1]) + k] = T.CreateTruncating(root * decomposition.GetLeft(k)[j]);
                    }
                }
                else
                {
                    values[(k * sides[i - 1]) + k] = T.CreateTruncating(root);
                }
            }

            Tensor(i).FillFrom(values);
        }
    }
}
