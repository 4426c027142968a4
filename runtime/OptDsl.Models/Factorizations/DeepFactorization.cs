using System.Numerics;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// A matrix written as a product W_L ... W_1 of parameters (deep matrix factorization, Arora, Cohen, Hu and Luo 2019). W_1
/// has as many columns as the matrix, W_L as many rows; the widths between are free.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// It holds shapes and working memory, not parameters: <see cref="AddTo"/> adds the tensors to a buffer, and every other
/// method takes a buffer with such tensors. Memory for whole products is allocated by the first loss or call that needs it, and nothing
/// after that. Not thread-safe.
/// </remarks>
public sealed partial class DeepFactorization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] sides;
    private readonly string[] names;
    private readonly NamedTensors<T> tensors;
    private readonly MatrixProduct<T> product;

    // partial[i] is W_i ... W_1, partialGradient[i] the gradient with respect to it, for 2 <= i < L; at i = 1 both are
    // the tensor's own, and at i = L the caller's.
    private readonly T[][] partial, partialGradient;

    /// <summary>A factorization with these sides.</summary>
    /// <param name="sides">Columns of the matrix, the widths between from W_1 on, and rows: L + 1 numbers, each at least 1.</param>
    /// <param name="name">Prefix of the tensors' names: <c>W</c> gives W1, W2, ...</param>
    /// <param name="threads">Threads to use at most; 0 for one a processor.</param>
    /// <exception cref="ArgumentException">Fewer than two sides, or a blank name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A side is below 1, a factor or a product between has more elements than an array can hold, or <paramref name="threads"/> is not in
    /// 0..1024.
    /// </exception>
    public DeepFactorization(ReadOnlySpan<int> sides, string name = "W", int threads = 0)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (sides.Length < 2)
        {
            throw new ArgumentException($"A factorization needs at least two sides, columns and rows, but has {sides.Length}.",
                nameof(sides));
        }

        for (int i = 0; i < sides.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(sides[i], 1, nameof(sides));
            long largest = i == 0 ? 0 : (long)sides[i] * Math.Max(sides[i - 1], i < sides.Length - 1 ? sides[0] : 1);
            if (largest > Array.MaxLength / 2)
            {
                throw new ArgumentOutOfRangeException(nameof(sides), largest,
                    $"Factor {i} or the product up to it would have {largest} elements, past the {Array.MaxLength / 2} that fit.");
            }
        }

        this.sides = sides.ToArray();
        int depth = sides.Length - 1;
        names = new string[depth + 1];
        partial = new T[depth + 1][];
        partialGradient = new T[depth + 1][];
        product = new MatrixProduct<T>(threads);
        Threads = threads;
        for (int i = 1; i <= depth; i++)
        {
            names[i] = FormattableString.Invariant($"{name}{i}");
        }

        tensors = new NamedTensors<T>(names[1..], [.. Enumerable.Range(1, depth).Select(i => (nint[])[this.sides[i], this.sides[i - 1]])]);
    }

    /// <summary>The number of factors, L.</summary>
    public int Depth => sides.Length - 1;

    /// <summary>Rows of the matrix.</summary>
    public int Rows => sides[^1];

    /// <summary>Columns of the matrix.</summary>
    public int Columns => sides[0];

    /// <summary>Columns, widths between, rows.</summary>
    public ReadOnlySpan<int> Sides => sides;

    /// <summary>Threads to use at most; 0 for one a processor.</summary>
    internal int Threads { get; }

    /// <summary>Parameters in all factors together.</summary>
    public long ParameterCount
    {
        get
        {
            long count = 0;
            for (int i = 1; i < sides.Length; i++)
            {
                count += (long)sides[i] * sides[i - 1];
            }

            return count;
        }
    }

    /// <summary>
    /// A factorization of a <paramref name="rows"/> x <paramref name="columns"/> matrix with one width everywhere between.
    /// </summary>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least 1.</param>
    /// <param name="depth">Factors, at least 1; with 1 the matrix itself is the parameter.</param>
    /// <param name="width">The width, at least 1; without meaning at depth 1.</param>
    /// <param name="threads">Threads to use at most; 0 for one a processor.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is below its least value or the tensors are too large.</exception>
    public static DeepFactorization<T> Uniform(int rows, int columns, int depth, int width, int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        int[] sides = new int[depth + 1];
        Array.Fill(sides, width);
        sides[0] = columns;
        sides[^1] = rows;
        return new(sides, threads: threads);
    }

    /// <summary>Adds the factors' tensors, W_i of <see cref="Sides"/>[i] x <see cref="Sides"/>[i - 1], all zero.</summary>
    /// <param name="parameters">The buffer.</param>
    /// <param name="group">The group whose rule value steps them.</param>
    /// <exception cref="ArgumentException">A name is taken.</exception>
    /// <exception cref="InvalidOperationException">An optimizer is bound to the buffer.</exception>
    public void AddTo(ParameterBuffer<T> parameters, string group = ParameterGroup.Default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        for (int i = 1; i <= Depth; i++)
        {
            parameters.Add(names[i], [sides[i], sides[i - 1]], group);
        }
    }

    /// <summary>Computes the matrix, W_L ... W_1.</summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="matrix">Receives <see cref="Rows"/> x <see cref="Columns"/> elements, row after row.</param>
    /// <exception cref="ArgumentException">A factor is missing or of another shape, or the span of another length.</exception>
    public void ComputeProduct(ParameterBuffer<T> parameters, Span<T> matrix)
    {
        if (matrix.Length != (long)Rows * Columns)
        {
            throw new ArgumentException(
                $"The matrix is {Rows} x {Columns}, {(long)Rows * Columns} elements, but the span has {matrix.Length}.", nameof(matrix));
        }

        Forward(parameters, matrix);
    }

    /// <summary>Computes some rows of the matrix, and of it no more than these.</summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="first">The first row, from 0.</param>
    /// <param name="rows">Receives whole rows of <see cref="Columns"/> elements, one after the other.</param>
    /// <remarks>
    /// It computes the products of the factors below the last, each of a width x <see cref="Columns"/>, as <see cref="ComputeProduct"/>
    /// does, and an element has the same bits as there. Many rows at a time share these products.
    /// </remarks>
    /// <exception cref="ArgumentException">A factor is missing or of another shape, or the span does not hold whole rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rows are not all rows of the matrix.</exception>
    public void ComputeRows(ParameterBuffer<T> parameters, int first, Span<T> rows)
    {
        CompletionChecks.WholeRows(first, rows.Length, Rows, Columns, nameof(first), nameof(rows));
        Resolve(parameters);
        int count = rows.Length / Columns, width = sides[Depth - 1];
        if (Depth == 1)
        {
            Tensor(1).ReadOnlyValues.Slice(first * Columns, rows.Length).CopyTo(rows);
            return;
        }

        for (int i = 2; i < Depth; i++)
        {
            partial[i] ??= new T[sides[i] * sides[0]];
        }

        MultiplyBelow();
        product.Multiply(new(Tensor(Depth).ReadOnlyValues.Slice(first * width, count * width), count, width),
            new(Partial(Depth - 1), width, Columns), rows);
    }

    /// <summary>
    /// The singular values of the matrix in descending order, from the factors: the matrix itself, of <see cref="Rows"/> x
    /// <see cref="Columns"/> elements, is not computed where a width between is below its sides.
    /// </summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="progress">Told the share that is done, from 0 to 1; may be null.</param>
    /// <param name="cancellation">Observed on the way.</param>
    /// <returns>As many as the least of <see cref="Sides"/>; the other singular values are exactly zero.</returns>
    /// <remarks>
    /// In double whatever the element; a value is off by some 1e-16 times the product of the factors' largest singular values, times a
    /// small multiple of the widths (<see cref="Spectrum.SingularValuesOfProduct"/>). With one width w and sides m and n above it, it takes
    /// 2 (m + n) w^2 + (14/3 + 4 (L - 2)) w^3 operations.
    /// </remarks>
    /// <exception cref="ArgumentException">A factor is missing or of another shape, or has an element that is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public double[] ComputeSingularValues(ParameterBuffer<T> parameters, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        Resolve(parameters);
        var factors = new ParameterTensor<T>[Depth];
        for (int i = 1; i <= Depth; i++)
        {
            factors[i - 1] = Tensor(i);
        }

        return ProductSpectrum.Of<T>(factors, sides, progress, cancellation);
    }

    /// <summary>A factor's tensor in a buffer.</summary>
    internal ParameterTensor<T> Factor(ParameterBuffer<T> parameters, int index)
    {
        Resolve(parameters);
        return Tensor(index);
    }

    /// <summary>Allocates what whole products take, so that they do not.</summary>
    internal void ReserveProducts()
    {
        for (int i = 2; i <= Depth; i++)
        {
            if (i < Depth)
            {
                partial[i] ??= new T[sides[i] * sides[0]];
                partialGradient[i] ??= new T[sides[i] * sides[0]];
            }

            product.Reserve(sides[i], sides[i - 1], sides[0]);
            product.Reserve(sides[i], sides[0], sides[i - 1]);
            product.Reserve(sides[i - 1], sides[i], sides[0]);
        }
    }

    /// <summary>Computes W_i ... W_1 for all i, the last into <paramref name="matrix"/>.</summary>
    internal void Forward(ParameterBuffer<T> parameters, Span<T> matrix)
    {
        Resolve(parameters);
        ReserveProducts();
        if (Depth == 1)
        {
            Tensor(1).ReadOnlyValues.CopyTo(matrix);
            return;
        }

        MultiplyBelow();
        product.Multiply(Factor(Depth), new(Partial(Depth - 1), sides[Depth - 1], Columns), matrix);
    }

    /// <summary>Fills the gradients of all factors from the gradient with respect to the matrix, after a forward pass.</summary>
    internal void Backward(ReadOnlySpan<T> gradient)
    {
        for (int i = Depth; i > 1; i--)
        {
            var outer = new MatrixView<T>(gradient, sides[i], Columns);
            product.Multiply(outer, new MatrixView<T>(Partial(i - 1), sides[i - 1], Columns).Transposed, Tensor(i).Gradients);
            Span<T> below = i == 2 ? Tensor(1).Gradients : partialGradient[i - 1];
            product.Multiply(Factor(i).Transposed, outer, below);
            gradient = below;
        }

        if (Depth == 1)
        {
            gradient.CopyTo(Tensor(1).Gradients);
        }
    }

    /// <summary>Computes W_i ... W_1 for 2 &lt;= i &lt; L.</summary>
    private void MultiplyBelow()
    {
        for (int i = 2; i < Depth; i++)
        {
            product.Multiply(Factor(i), new(Partial(i - 1), sides[i - 1], Columns), partial[i]);
        }
    }

    internal void Resolve(ParameterBuffer<T> parameters) => tensors.In(parameters);

    private ParameterTensor<T> Tensor(int i) => tensors[i - 1];

    private MatrixView<T> Factor(int i) => new(Tensor(i).ReadOnlyValues, sides[i], sides[i - 1]);

    private ReadOnlySpan<T> Partial(int i) => i == 1 ? Tensor(1).ReadOnlyValues : partial[i];
}
