using System.Numerics;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// Computes W_(L-1) ... W_1 at chosen columns, stored column by column, and the gradients of W_1 .. W_(L-1) from the gradient of this
/// product. The other columns cost nothing except zeros in the gradient of W_1.
/// </summary>
internal sealed class ColumnChain<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DeepFactorization<T> factorization;
    private readonly MatrixProduct<T> product;
    private readonly int[] columns;
    private readonly bool all;

    // For i below L - 1, partial[i] is W_i ... W_1 at the columns, row by row, and partialGradient[i] is its gradient. If all columns are
    // chosen, partial[1] is empty and the tensor itself takes its place. The last product, values, is stored column by column.
    private readonly T[][] partial, partialGradient;
    private readonly T[] values, gradients;

    // The product at a column that is not chosen.
    private readonly T[] other, next;
    private int otherColumn = -1;

    /// <param name="factorization">A factorization of depth 2 or more.</param>
    /// <param name="columns">The chosen columns, ascending and distinct.</param>
    internal ColumnChain(DeepFactorization<T> factorization, int[] columns)
    {
        this.factorization = factorization;
        this.columns = columns;
        all = columns.Length == factorization.Columns;
        ReadOnlySpan<int> sides = factorization.Sides;
        int depth = factorization.Depth, count = columns.Length;
        Width = sides[depth - 1];
        (values, gradients) = (new T[count * Width], new T[count * Width]);
        (partial, partialGradient) = (new T[depth - 1][], new T[depth - 1][]);
        product = new MatrixProduct<T>(factorization.Threads);
        int widest = Width;
        for (int i = 1; i < depth - 1; i++)
        {
            bool own = i > 1 || !all;
            partial[i] = own ? new T[sides[i] * count] : [];
            partialGradient[i] = own ? new T[sides[i] * count] : [];
            widest = Math.Max(widest, sides[i]);
        }

        (other, next) = (new T[widest], new T[widest]);
        for (int i = 2; i < depth; i++)
        {
            product.Reserve(Math.Max(sides[i], count), sides[i - 1], Math.Max(sides[i], count));
            product.Reserve(sides[i], count, sides[i - 1]);
            product.Reserve(sides[i - 1], sides[i], count);
        }
    }

    /// <summary>The width below the last factor, which is the length of a column.</summary>
    internal int Width { get; }

    /// <summary>The product, column by column.</summary>
    internal ReadOnlySpan<T> Values => values;

    /// <summary>The gradient with respect to the product, which the caller fills.</summary>
    internal Span<T> Gradients => gradients;

    /// <summary>Computes the product.</summary>
    internal void Forward(ParameterBuffer<T> parameters)
    {
        otherColumn = -1;
        ReadOnlySpan<int> sides = factorization.Sides;
        ReadOnlySpan<T> first = factorization.Factor(parameters, 1).ReadOnlyValues;
        int depth = factorization.Depth, count = columns.Length, stride = factorization.Columns;
        if (depth == 2)
        {
            for (int row = 0; row < Width; row++)
            {
                for (int at = 0; at < count; at++)
                {
                    values[(at * Width) + row] = first[(row * stride) + columns[at]];
                }
            }

            return;
        }

        for (int row = 0; row < sides[1] && !all; row++)
        {
            for (int at = 0; at < count; at++)
            {
                partial[1][(row * count) + at] = first[(row * stride) + columns[at]];
            }
        }

        for (int i = 2; i < depth - 1; i++)
        {
            product.Multiply(Factor(parameters, i), Partial(parameters, i - 1), partial[i]);
        }

        product.Multiply(Partial(parameters, depth - 2).Transposed, Factor(parameters, depth - 1).Transposed, values);
    }

    /// <summary>Fills the gradients of the factors below the last from <see cref="Gradients"/>.</summary>
    internal void Backward(ParameterBuffer<T> parameters)
    {
        int depth = factorization.Depth;
        Span<T> first = factorization.Factor(parameters, 1).Gradients;
        if (!all)
        {
            first.Clear();
        }

        MatrixView<T> outer = new MatrixView<T>(gradients, columns.Length, Width).Transposed;
        for (int i = depth - 1; i > 1; i--)
        {
            product.Multiply(outer, Partial(parameters, i - 1).Transposed, factorization.Factor(parameters, i).Gradients);
            Span<T> below = i == 2 && all ? first : partialGradient[i - 1];
            product.Multiply(Factor(parameters, i).Transposed, outer, below);
            outer = new MatrixView<T>(below, factorization.Sides[i - 1], columns.Length);
        }

        if (depth > 2 && all)
        {
            return;
        }

        for (int row = 0; row < outer.Rows; row++)
        {
            Span<T> to = first.Slice(row * factorization.Columns, factorization.Columns);
            for (int at = 0; at < columns.Length; at++)
            {
                to[columns[at]] = outer.Values[(row * outer.RowStride) + (at * outer.ColumnStride)];
            }
        }
    }

    /// <summary>The product at any column, after a forward pass.</summary>
    internal ReadOnlySpan<T> Column(ParameterBuffer<T> parameters, int column)
    {
        int at = all ? column : Array.BinarySearch(columns, column);
        if (at >= 0)
        {
            return values.AsSpan(at * Width, Width);
        }

        if (column != otherColumn)
        {
            ReadOnlySpan<T> first = factorization.Factor(parameters, 1).ReadOnlyValues;
            for (int row = 0; row < factorization.Sides[1]; row++)
            {
                other[row] = first[(row * factorization.Columns) + column];
            }

            for (int i = 2; i < factorization.Depth; i++)
            {
                (int rows, int inner) = (factorization.Sides[i], factorization.Sides[i - 1]);
                ReadOnlySpan<T> factor = factorization.Factor(parameters, i).ReadOnlyValues;
                for (int row = 0; row < rows; row++)
                {
                    next[row] = SparseProduct.Dot(factor.Slice(row * inner, inner), other.AsSpan(0, inner));
                }

                next.AsSpan(0, rows).CopyTo(other);
            }

            otherColumn = column;
        }

        return other.AsSpan(0, Width);
    }

    private MatrixView<T> Factor(ParameterBuffer<T> parameters, int i)
        => new(factorization.Factor(parameters, i).ReadOnlyValues, factorization.Sides[i], factorization.Sides[i - 1]);

    private MatrixView<T> Partial(ParameterBuffer<T> parameters, int i)
        => new(i == 1 && all ? factorization.Factor(parameters, 1).ReadOnlyValues : partial[i], factorization.Sides[i], columns.Length);
}
