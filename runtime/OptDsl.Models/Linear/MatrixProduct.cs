using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OptDsl.Kernels;

namespace OptDsl.Models;

/// <summary>
/// Products of matrices: A B, and with <see cref="MatrixView{T}.Transposed"/> A^T B and A B^T. Operands are packed in
/// blocks that fit the caches and multiplied by a register-tiled kernel (Goto and van de Geijn 2008).
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// An instance keeps its packing memory: no allocation after the first product of a size. Every element of a product is
/// one sum in ascending k, computed by one thread, so its bits depend neither on the number of threads nor on the vector
/// width. Processors without fused multiply-add round differently. Not thread-safe.
/// </remarks>
public sealed unsafe class MatrixProduct<T> : ITiledWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A packed left panel and a packed right panel of this depth lie in a 32 KB first-level cache together, the tile's left
    // panels in the second level.
    private const int DepthBlock = 256, RowBlock = 768, ColumnBlock = 2048;
    private const int TileRows = 96, PanelRows = 6;

    // Below this many multiplications waking a second thread costs more than it brings.
    private const long ThreadedFrom = 1 << 20;
    private const long DirectBelow = 64;

    private readonly TileTeam team;
    private readonly SimdWidth width;
    private readonly int vector;
    private T[] leftMemory = [], rightMemory = [];
    private Job job;

    /// <summary>Prepares for products.</summary>
    /// <param name="threads">Threads to use at most, the caller's among them; 0 for one a processor.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is not in 0..1024.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double.</exception>
    public MatrixProduct(int threads = 0)
        : this(threads, SimdWidth.Widest)
    {
    }

    internal MatrixProduct(int threads, SimdWidth width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new NotSupportedException($"The element must be float or double, not {typeof(T).Name}.");
        }

        team = new TileTeam(threads == 0 ? Environment.ProcessorCount : threads);
        this.width = width != SimdWidth.Widest ? width
            : Vector512.IsHardwareAccelerated ? SimdWidth.Bits512
            : Vector256.IsHardwareAccelerated ? SimdWidth.Bits256
            : Vector128.IsHardwareAccelerated ? SimdWidth.Bits128
            : SimdWidth.Scalar;
        vector = this.width == SimdWidth.Scalar ? 1 : (int)this.width / 8 / sizeof(T);
    }

    private int PanelColumns => 2 * vector;

    /// <summary>Computes <paramref name="product"/> = <paramref name="a"/> <paramref name="b"/>.</summary>
    /// <param name="a">m x k.</param>
    /// <param name="b">k x n.</param>
    /// <param name="product">m x n, row after row; overwritten. With k = 0 it becomes zero.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the product overlaps an operand; nothing was written.</exception>
    public void Multiply(MatrixView<T> a, MatrixView<T> b, Span<T> product)
    {
        if (a.Columns != b.Rows)
        {
            throw new ArgumentException($"A {a.Rows} x {a.Columns} matrix cannot be multiplied by a {b.Rows} x {b.Columns} one: the inner sides must be equal.", nameof(b));
        }

        if (product.Length != (long)a.Rows * b.Columns)
        {
            throw new ArgumentException($"The product is {a.Rows} x {b.Columns}, {(long)a.Rows * b.Columns} elements, but the span has {product.Length}.", nameof(product));
        }

        if (product.Overlaps(a.Values) || product.Overlaps(b.Values))
        {
            throw new ArgumentException("The product overlaps an operand; an operand would be overwritten while it is read.", nameof(product));
        }

        long work = (long)a.Rows * b.Columns * a.Columns;
        if (work == 0)
        {
            product.Clear();
            return;
        }

        fixed (T* pa = a.Values, pb = b.Values, pc = product)
        {
            job = new Job
            {
                A = pa,
                ARow = a.RowStride,
                AColumn = a.ColumnStride,
                B = pb,
                BRow = b.RowStride,
                BColumn = b.ColumnStride,
                C = pc,
                Rows = a.Rows,
                Columns = b.Columns,
                Depth = a.Columns,
            };
            if (work < DirectBelow)
            {
                MultiplyDirectly();
            }
            else
            {
                MultiplyBlocks(team.Threads > 1 && work >= ThreadedFrom);
            }
        }
    }

    /// <summary>Allocates what a product of this shape needs, so that <see cref="Multiply"/> does not.</summary>
    /// <param name="rows">m.</param>
    /// <param name="depth">k.</param>
    /// <param name="columns">n.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    public void Reserve(int rows, int depth, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        long deep = Math.Min(depth, DepthBlock);
        long left = deep * RoundUp(Math.Min(rows, RowBlock), PanelRows), right = deep * RoundUp(Math.Min(columns, ColumnBlock), PanelColumns);
        leftMemory = leftMemory.LongLength >= left + 16 ? leftMemory : PackedBlocks.Allocate<T>(left);
        rightMemory = rightMemory.LongLength >= right + 16 ? rightMemory : PackedBlocks.Allocate<T>(right);
    }

    /// <inheritdoc/>
    void ITiledWork.Run(int tile)
    {
        if (job.Packing)
        {
            PackTile(tile);
            return;
        }

        switch (width)
        {
            case SimdWidth.Bits512: MultiplyTile<Simd512<T>, Vector512<T>>(tile); break;
            case SimdWidth.Bits256: MultiplyTile<Simd256<T>, Vector256<T>>(tile); break;
            case SimdWidth.Bits128: MultiplyTile<Simd128<T>, Vector128<T>>(tile); break;
            default: MultiplyTile<Simd1<T>, T>(tile); break;
        }
    }

    private static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;

    private void MultiplyDirectly()
    {
        for (nint i = 0; i < job.Rows; i++)
        {
            for (nint j = 0; j < job.Columns; j++)
            {
                T sum = T.Zero;
                for (nint k = 0; k < job.Depth; k++)
                {
                    sum = MicroKernel<T, Simd1<T>, T>.MultiplyAdd(job.A[(i * job.ARow) + (k * job.AColumn)], job.B[(k * job.BRow) + (j * job.BColumn)], sum);
                }

                job.C[(i * job.Columns) + j] = sum;
            }
        }
    }

    private void MultiplyBlocks(bool threaded)
    {
        Reserve(job.Rows, job.Depth, job.Columns);
        job.Left = PackedBlocks.Align(leftMemory);
        job.Right = PackedBlocks.Align(rightMemory);
        for (int column = 0; column < job.Columns; column += ColumnBlock)
        {
            job.Column = column;
            job.BlockColumns = Math.Min(ColumnBlock, job.Columns - column);
            for (int depth = 0; depth < job.Depth; depth += DepthBlock)
            {
                job.From = depth;
                job.BlockDepth = Math.Min(DepthBlock, job.Depth - depth);
                for (int row = 0; row < job.Rows; row += RowBlock)
                {
                    job.Row = row;
                    job.BlockRows = Math.Min(RowBlock, job.Rows - row);
                    MultiplyBlock(threaded, packRight: row == 0);
                }
            }
        }
    }

    private void MultiplyBlock(bool threaded, bool packRight)
    {
        // Tiles of packing: some panels of the left operand, then some of the right one. Tiles of the product: 96 rows by
        // four panels of columns.
        job.LeftTiles = (job.BlockRows + TileRows - 1) / TileRows;
        job.TileColumns = 4 * PanelColumns;
        job.ColumnTiles = (job.BlockColumns + job.TileColumns - 1) / job.TileColumns;
        job.Packing = true;
        Run(job.LeftTiles + (packRight ? job.ColumnTiles : 0), threaded);
        job.Packing = false;
        Run(job.LeftTiles * job.ColumnTiles, threaded);
    }

    private void Run(int tiles, bool threaded)
    {
        if (threaded)
        {
            team.Run(this, tiles);
            return;
        }

        for (int tile = 0; tile < tiles; tile++)
        {
            ((ITiledWork)this).Run(tile);
        }
    }

    private void PackTile(int tile)
    {
        if (tile < job.LeftTiles)
        {
            int row = tile * TileRows, rows = Math.Min(TileRows, job.BlockRows - row);
            T* left = job.A + ((nint)(job.Row + row) * job.ARow) + ((nint)job.From * job.AColumn);
            PackedBlocks.Pack(left, job.ARow, job.AColumn, rows, PanelRows, PanelRows, job.BlockDepth, job.Left + ((nint)row * job.BlockDepth));
            return;
        }

        int column = (tile - job.LeftTiles) * job.TileColumns, columns = Math.Min(job.TileColumns, job.BlockColumns - column);
        T* right = job.B + ((nint)(job.Column + column) * job.BColumn) + ((nint)job.From * job.BRow);
        int last = columns % PanelColumns <= vector ? vector : PanelColumns;
        PackedBlocks.Pack(right, job.BColumn, job.BRow, columns, PanelColumns, last, job.BlockDepth, job.Right + ((nint)column * job.BlockDepth));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private void MultiplyTile<S, V>(int tile)
        where S : struct, ISimdOps<V, T>
    {
        int firstRow = tile / job.ColumnTiles * TileRows, lastRow = Math.Min(firstRow + TileRows, job.BlockRows);
        int firstColumn = tile % job.ColumnTiles * job.TileColumns, lastColumn = Math.Min(firstColumn + job.TileColumns, job.BlockColumns);
        int depth = job.BlockDepth, panelColumns = 2 * S.Count;
        bool accumulate = job.From > 0;
        T* edge = stackalloc T[PanelRows * panelColumns];
        for (int column = firstColumn; column < lastColumn; column += panelColumns)
        {
            T* right = job.Right + ((nint)column * depth);
            int columns = Math.Min(panelColumns, lastColumn - column);
            for (int row = firstRow; row < lastRow; row += PanelRows)
            {
                T* left = job.Left + ((nint)row * depth);
                T* c = job.C + ((nint)(job.Row + row) * job.Columns) + job.Column + column;
                int rows = Math.Min(PanelRows, lastRow - row);
                if (rows == PanelRows && columns == panelColumns)
                {
                    MicroKernel<T, S, V>.Wide(depth, left, right, c, job.Columns, accumulate);
                }
                else if (rows == PanelRows && columns == S.Count)
                {
                    MicroKernel<T, S, V>.Narrow(depth, left, right, c, job.Columns, accumulate);
                }
                else
                {
                    int edgeColumns = columns <= S.Count ? S.Count : panelColumns;
                    if (accumulate)
                    {
                        Copy(c, job.Columns, edge, edgeColumns, rows, columns);
                    }

                    if (columns <= S.Count)
                    {
                        MicroKernel<T, S, V>.Narrow(depth, left, right, edge, edgeColumns, accumulate);
                    }
                    else
                    {
                        MicroKernel<T, S, V>.Wide(depth, left, right, edge, edgeColumns, accumulate);
                    }

                    Copy(edge, edgeColumns, c, job.Columns, rows, columns);
                }
            }
        }
    }

    private static void Copy(T* from, nint fromStride, T* to, nint toStride, int rows, int columns)
    {
        for (nint row = 0; row < rows; row++)
        {
            new ReadOnlySpan<T>(from + (row * fromStride), columns).CopyTo(new Span<T>(to + (row * toStride), columns));
        }
    }

    /// <summary>The product under way. Its pointers are valid while <see cref="Multiply"/> runs.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Job
    {
        internal T* A, B, C, Left, Right;
        internal nint ARow, AColumn, BRow, BColumn;
        internal int Rows, Columns, Depth;
        internal int Row, Column, From, BlockRows, BlockColumns, BlockDepth;
        internal int LeftTiles, ColumnTiles, TileColumns;
        internal bool Packing;
    }
}
