using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OptDsl.Simd;
using OptDsl.Threads;

namespace OptDsl.Linear;

/// <summary>
/// Products of matrices: A B, and with <see cref="MatrixView{T}.Transposed"/> A^T B and A B^T. Large operands are packed into blocks that
/// fit the caches, and multiplied by a kernel that holds its tile in registers (Goto and van de Geijn 2008).
/// </summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
/// <remarks>
/// An instance keeps its packing memory, so only the first product of a size allocates. Every element of a product is one sum in ascending
/// k, computed by one thread. So its bits depend neither on the number of threads nor on the vector width. Processors without fused
/// multiply-add round differently. Not thread-safe.
/// </remarks>
public sealed unsafe partial class MatrixProduct<T> : ITiledWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // At this depth a packed left panel and a packed right panel fit together in a first-level cache of 32 KB, and the tile's left
    // panels fit in the second-level cache.
    private const int DepthBlock = 256, RowBlock = 768, ColumnBlock = 2048;
    private const int TileRows = 96, PanelRows = 6;

    // With fewer multiplications, waking a second thread costs more than it saves.
    private const long ThreadedFrom = 1 << 20;
    private const long DirectBelow = 64;

    // Up to this size an operand is read in place, because packing would take longer than it saves.
    private const long UnpackedUpTo = 1 << 23;

    private readonly TileTeam team;
    private readonly SimdWidth width;
    private readonly int vector;
    private T[] leftMemory = [], rightMemory = [];
    private Job job;

    /// <summary>Prepares for products.</summary>
    /// <param name="threads">The largest number of threads, including the caller; 0 for one per processor.</param>
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
            throw new NotSupportedException($"The element type must be float or double, not {typeof(T).Name}.");
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
    /// <param name="a">The left operand, m x k.</param>
    /// <param name="b">The right operand, k x n.</param>
    /// <param name="product">The product, m x n, in row-major order; overwritten. With k = 0 it becomes zero.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the product overlaps an operand; nothing was written.</exception>
    public void Multiply(MatrixView<T> a, MatrixView<T> b, Span<T> product)
    {
        if (a.Columns != b.Rows)
        {
            throw new ArgumentException(
                $"A {a.Rows} x {a.Columns} matrix cannot be multiplied by a {b.Rows} x {b.Columns} one: the inner sides must be equal.",
                    nameof(b));
        }

        if (product.Length != (long)a.Rows * b.Columns)
        {
            throw new ArgumentException(
                $"The product is {a.Rows} x {b.Columns}, {(long)a.Rows * b.Columns} elements, but the span has {product.Length}.",
                    nameof(product));
        }

        if (product.Overlaps(a.Values) || product.Overlaps(b.Values))
        {
            throw new ArgumentException("The product overlaps an operand, which is read while it is written; give it its own memory.",
                nameof(product));
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

    /// <summary>Allocates the memory for a product of this shape, so that <see cref="Multiply"/> does not allocate.</summary>
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
        long left = deep * RoundUp(Math.Min(rows, RowBlock), PanelRows),
            right = deep * RoundUp(Math.Min(columns, ColumnBlock), PanelColumns);
        leftMemory = leftMemory.LongLength >= PackedBlocks.Length<T>(left) ? leftMemory : PackedBlocks.Allocate<T>(left);
        rightMemory = rightMemory.LongLength >= PackedBlocks.Length<T>(right) ? rightMemory : PackedBlocks.Allocate<T>(right);
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
                    sum = MicroKernel<T, Simd1<T>, T>.MultiplyAdd(job.A[(i * job.ARow) + (k * job.AColumn)],
                        job.B[(k * job.BRow) + (j * job.BColumn)], sum);
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
        long work = (long)job.Rows * job.Columns * job.Depth;
        job.LeftInPlace = work <= UnpackedUpTo;
        job.RightInPlace = work <= UnpackedUpTo && job.BColumn == 1;

        // The tiles of packing are panels of the left operand, then panels of the right one. A tile of the product has 96 rows by four
        // panels of columns.
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
            SkipWholePanels(job.LeftInPlace, PanelRows, ref row, ref rows);
            if (rows > 0)
            {
                T* left = job.A + ((nint)(job.Row + row) * job.ARow) + ((nint)job.From * job.AColumn);
                PackedBlocks.Pack(left, job.ARow, job.AColumn, rows, PanelRows, PanelRows, job.BlockDepth,
                    job.Left + ((nint)row * job.BlockDepth));
            }

            return;
        }

        int column = (tile - job.LeftTiles) * job.TileColumns, columns = Math.Min(job.TileColumns, job.BlockColumns - column);
        SkipWholePanels(job.RightInPlace, PanelColumns, ref column, ref columns);
        if (columns > 0)
        {
            T* right = job.B + ((nint)(job.Column + column) * job.BColumn) + ((nint)job.From * job.BRow);
            PackedBlocks.Pack(right, job.BColumn, job.BRow, columns, PanelColumns, LastPanel(columns % PanelColumns), job.BlockDepth,
                job.Right + ((nint)column * job.BlockDepth));
        }
    }

    /// <summary>If an operand is read in place, only a panel that is not whole is packed and padded.</summary>
    private static void SkipWholePanels(bool inPlace, int panel, ref int first, ref int count)
    {
        if (inPlace)
        {
            first += count / panel * panel;
            count %= panel;
        }
    }

    /// <summary>
    /// The number of columns that the last panel is padded to: the narrowest vector that holds them, or two of the widest vectors.
    /// </summary>
    private int LastPanel(int columns)
    {
        if (columns > vector)
        {
            return PanelColumns;
        }

        int narrow = vector;
        while (narrow / 2 >= columns && narrow / 2 * sizeof(T) >= Vector128<byte>.Count)
        {
            narrow /= 2;
        }

        return narrow;
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
            int columns = Math.Min(panelColumns, lastColumn - column), panel = columns == panelColumns ? columns : LastPanel(columns);
            bool inPlace = job.RightInPlace && columns == panelColumns;
            T* right = inPlace ? job.B + ((nint)job.From * job.BRow) + job.Column + column : job.Right + ((nint)column * depth);
            nint rightRow = inPlace ? job.BRow : panel;
            int row = firstRow;
            for (; panel <= S.Count && columns == panel && row + (2 * PanelRows) <= lastRow; row += 2 * PanelRows)
            {
                MultiplyNarrowPanels<S, V>(depth, row, right, rightRow, panel,
                    job.C + ((nint)(job.Row + row) * job.Columns) + job.Column + column, job.Columns, accumulate);
            }

            for (; row < lastRow; row += PanelRows)
            {
                int rows = Math.Min(PanelRows, lastRow - row);
                T* c = job.C + ((nint)(job.Row + row) * job.Columns) + job.Column + column;
                if (rows == PanelRows && columns == panel)
                {
                    MultiplyPanels<S, V>(depth, row, rows, right, rightRow, panel, c, job.Columns, accumulate);
                    continue;
                }

                if (accumulate)
                {
                    Copy(c, job.Columns, edge, panel, rows, columns);
                }

                MultiplyPanels<S, V>(depth, row, rows, right, rightRow, panel, edge, panel, accumulate);
                Copy(edge, panel, c, job.Columns, rows, columns);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MultiplyPanels<S, V>(int depth, int row, int rows, T* right, nint rightRow, int panel, T* c, nint stride, bool accumulate)
        where S : struct, ISimdOps<V, T>
    {
        T* left = LeftPanel(row, rows == PanelRows, depth, out nint leftRow, out nint leftColumn, out _);
        if (panel == 2 * S.Count)
        {
            MicroKernel<T, S, V>.Wide(depth, left, leftRow, leftColumn, right, rightRow, c, stride, accumulate);
        }
        else if (panel == S.Count)
        {
            MicroKernel<T, S, V>.Narrow(depth, left, leftRow, leftColumn, right, rightRow, c, stride, accumulate);
        }
        else if (panel == Vector256<T>.Count)
        {
            MicroKernel<T, Simd256<T>, Vector256<T>>.Narrow(depth, left, leftRow, leftColumn, right, rightRow, c, stride, accumulate);
        }
        else
        {
            MicroKernel<T, Simd128<T>, Vector128<T>>.Narrow(depth, left, leftRow, leftColumn, right, rightRow, c, stride, accumulate);
        }
    }

    private void MultiplyNarrowPanels<S, V>(int depth, int row, T* right, nint rightRow, int panel, T* c, nint stride, bool accumulate)
        where S : struct, ISimdOps<V, T>
    {
        T* left = LeftPanel(row, whole: true, depth, out nint leftRow, out nint leftColumn, out nint next);
        if (panel == S.Count)
        {
            MicroKernel<T, S, V>.NarrowTwice(depth, left, next, leftRow, leftColumn, right, rightRow, c, stride, accumulate);
        }
        else if (panel == Vector256<T>.Count)
        {
            MicroKernel<T, Simd256<T>, Vector256<T>>.NarrowTwice(depth, left, next, leftRow, leftColumn, right, rightRow, c, stride,
                accumulate);
        }
        else
        {
            MicroKernel<T, Simd128<T>, Vector128<T>>.NarrowTwice(depth, left, next, leftRow, leftColumn, right, rightRow, c, stride,
                accumulate);
        }
    }

    /// <summary>
    /// The place of a panel of the left operand, the strides from one row and from one k to the next, and the distance to the next panel.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T* LeftPanel(int row, bool whole, int depth, out nint leftRow, out nint leftColumn, out nint next)
    {
        bool inPlace = job.LeftInPlace && whole;
        (leftRow, leftColumn) = inPlace ? (job.ARow, job.AColumn) : (1, PanelRows);
        next = PanelRows * (inPlace ? job.ARow : depth);
        return inPlace ? job.A + ((nint)(job.Row + row) * job.ARow) + ((nint)job.From * job.AColumn) : job.Left + ((nint)row * depth);
    }

    private static void Copy(T* from, nint fromStride, T* to, nint toStride, int rows, int columns)
    {
        for (nint row = 0; row < rows; row++)
        {
            new ReadOnlySpan<T>(from + (row * fromStride), columns).CopyTo(new Span<T>(to + (row * toStride), columns));
        }
    }
}
