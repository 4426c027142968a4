using System.Numerics;
using System.Runtime.Intrinsics;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// The vectors of a hierarchical factorization's nodes for given entries. The table of a node has one row per distinct partial index at
/// that node. So what entries share is computed once, and by products of whole matrices.
/// </summary>
internal sealed unsafe class HierarchicalTables<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly HierarchicalFactorization<T> factorization;
    private readonly MatrixProduct<T> product;
    private readonly Table[] tables;
    private readonly int root, stride;

    // The entries in ascending order of their rows in the left table of the root. A fibre is a run of entries with the same row.
    private readonly int[] places, fibreEntries, fibreRows, rightRows;
    private readonly T[] weights, scaled, scaledGradient, work;

    internal HierarchicalTables(HierarchicalFactorization<T> factorization, ReadOnlySpan<int> indices, int count, int threads)
    {
        this.factorization = factorization;
        product = new MatrixProduct<T>(threads);
        root = factorization.Nodes.Length - 1;
        tables = new Table[root];
        int[][] rowOfEntry = new int[root][];
        for (int node = 0; node < root; node++)
        {
            (tables[node], rowOfEntry[node]) = Create(node, indices, count, rowOfEntry);
        }

        HierarchicalNode top = factorization.Nodes[root];
        stride = PaddedRows<T>.Stride(top.Width);
        int[] left = rowOfEntry[top.Left], right = rowOfEntry[top.Right];
        places = [.. Enumerable.Range(0, count)];
        Array.Sort(places, (a, b) => (left[a], right[a], a).CompareTo((left[b], right[b], b)));
        rightRows = Array.ConvertAll(places, place => right[place] * stride);
        int[] starts = [.. Enumerable.Range(0, count).Where(i => i == 0 || left[places[i]] != left[places[i - 1]])];
        fibreRows = Array.ConvertAll(starts, start => left[places[start]]);
        fibreEntries = [.. starts, count];
        int longest = Enumerable.Range(0, starts.Length).Max(fibre => fibreEntries[fibre + 1] - fibreEntries[fibre]);
        weights = Zeroed(2L * stride);
        scaled = Zeroed((long)tables[top.Left].Count * stride);
        scaledGradient = Zeroed((long)tables[top.Left].Count * stride);
        work = Zeroed(longest);
    }

    /// <summary>Puts the values into the order in which the entries are visited.</summary>
    internal T[] Arrange(ReadOnlySpan<T> values)
    {
        T[] arranged = new T[places.Length];
        for (int i = 0; i < arranged.Length; i++)
        {
            arranged[i] = values[places[i]];
        }

        return arranged;
    }

    /// <summary>Computes every entry, in the order of the given indices.</summary>
    internal void Predict(Span<T> values)
    {
        Up();
        T* predictions = PackedBlocks.Align(work);
        for (int fibre = 0; fibre < fibreRows.Length; fibre++)
        {
            ReadOnlySpan<int> rows = Fibre(fibre, out int first);
            PaddedRows<T>.Dots(Scaled(fibre), Right.Rows, stride, rows, predictions);
            for (int j = 0; j < rows.Length; j++)
            {
                values[places[first + j]] = predictions[j];
            }
        }
    }

    /// <summary>
    /// Returns the sum of the point losses of the differences from the arranged targets. If wanted, computes the gradient of
    /// <paramref name="scale"/> times that sum.
    /// </summary>
    internal double Compare(T[] targets, PointLoss loss, T scale, bool gradient)
    {
        Up();
        T* slopes = PackedBlocks.Align(work);
        double sum = 0;
        if (gradient)
        {
            Right.ClearGradient();
            Clear(scaledGradient, (long)Left.Count * stride);
        }

        for (int fibre = 0; fibre < fibreRows.Length; fibre++)
        {
            ReadOnlySpan<int> rows = Fibre(fibre, out int first);
            PaddedRows<T>.Dots(Scaled(fibre), Right.Rows, stride, rows, slopes);
            sum += PaddedRows<T>.Compare(slopes, targets.AsSpan(first, rows.Length), loss, scale);
            if (gradient)
            {
                T* down = PackedBlocks.Align(scaledGradient) + ((nint)fibreRows[fibre] * stride);
                PaddedRows<T>.Spread(Scaled(fibre), Right.Rows, down, Right.Gradient, stride, rows, slopes);
            }
        }

        if (gradient)
        {
            Down();
        }

        return sum;
    }

    private Table Left => tables[factorization.Nodes[root].Left];

    private Table Right => tables[factorization.Nodes[root].Right];

    private static T[] Zeroed(long length)
    {
        T[] memory = PackedBlocks.Allocate<T>(length);
        Array.Clear(memory);
        return memory;
    }

    private static void Clear(T[] memory, long length) => new Span<T>(PackedBlocks.Align(memory), (int)length).Clear();

    private ReadOnlySpan<int> Fibre(int fibre, out int first)
    {
        first = fibreEntries[fibre];
        return rightRows.AsSpan(first, fibreEntries[fibre + 1] - first);
    }

    private T* Scaled(int fibre) => PackedBlocks.Align(scaled) + ((nint)fibreRows[fibre] * stride);

    /// <summary>A node's table, and the row of each entry in it.</summary>
    private (Table Table, int[] RowOfEntry) Create(int node, ReadOnlySpan<int> indices, int count, int[][] rowOfEntry)
    {
        HierarchicalNode shape = factorization.Nodes[node];
        int up = PaddedRows<T>.Stride(shape.Up);
        int[] rows = new int[count];
        if (shape.Mode >= 0)
        {
            for (int i = 0; i < count; i++)
            {
                rows[i] = indices[(i * factorization.Order) + shape.Mode];
            }

            return (new Table(factorization.Rows(node), up, 0, [], []), rows);
        }

        int[] left = rowOfEntry[shape.Left], right = rowOfEntry[shape.Right];
        long radix = tables[shape.Right].Count;
        long[] pairs = [.. Enumerable.Range(0, count).Select(i => (left[i] * radix) + right[i]).Distinct().Order()];
        for (int i = 0; i < count; i++)
        {
            rows[i] = Array.BinarySearch(pairs, (left[i] * radix) + right[i]);
        }

        int inner = PaddedRows<T>.Stride(shape.Width);
        var table = new Table(pairs.Length, up, inner, Array.ConvertAll(pairs, pair => (int)(pair / radix) * inner),
            Array.ConvertAll(pairs, pair => (int)(pair % radix) * inner));
        product.Reserve(pairs.Length, inner, up);
        product.Reserve(pairs.Length, up, inner);
        product.Reserve(inner, pairs.Length, up);
        return (table, rows);
    }

    /// <summary>Computes all tables, children before their parent.</summary>
    private void Up()
    {
        for (int node = 0; node < root; node++)
        {
            HierarchicalNode shape = factorization.Nodes[node];
            Table table = tables[node];
            ReadOnlySpan<T> factor = factorization.Factor(node).ReadOnlyValues;
            if (shape.Mode >= 0)
            {
                PaddedRows<T>.Pad(factor, shape.Up, table.Rows);
                continue;
            }

            PaddedRows<T>.Pad(factor, shape.Up, table.Factor);
            T* left = tables[shape.Left].Rows, right = tables[shape.Right].Rows;
            for (int row = 0; row < table.Count; row++)
            {
                T* a = left + table.LeftPlaces[row], b = right + table.RightPlaces[row], to = table.Joined + ((nint)row * table.Inner);
                for (int i = 0; i < table.Inner; i += Vector256<T>.Count)
                {
                    (Vector256.Load(a + i) * Vector256.Load(b + i)).Store(to + i);
                }
            }

            product.Multiply(table.JoinedView, table.FactorView, table.RowSpan);
        }

        T* weight = PackedBlocks.Align(weights), scaledRows = PackedBlocks.Align(scaled);
        factorization.Factor(root).ReadOnlyValues.CopyTo(new Span<T>(weight, stride));
        for (nint at = 0; at < (nint)Left.Count * stride; at += stride)
        {
            for (int i = 0; i < stride; i += Vector256<T>.Count)
            {
                (Vector256.Load(Left.Rows + at + i) * Vector256.Load(weight + i)).Store(scaledRows + at + i);
            }
        }
    }

    /// <summary>Propagates the gradients of the root's tables to all factors.</summary>
    private void Down()
    {
        DownFromRoot();
        for (int node = root - 1; node >= 0; node--)
        {
            HierarchicalNode shape = factorization.Nodes[node];
            Table table = tables[node];
            Span<T> gradients = factorization.Factor(node).Gradients;
            if (shape.Mode >= 0)
            {
                PaddedRows<T>.Unpad(table.Gradient, shape.Up, gradients, add: false);
                continue;
            }

            product.Multiply(table.JoinedView.Transposed, table.GradientView, table.FactorGradient);
            fixed (T* from = table.FactorGradient)
            {
                PaddedRows<T>.Unpad(from, shape.Up, gradients, add: false);
            }

            // The joined rows are no longer needed, so their memory takes their gradient.
            product.Multiply(table.GradientView, table.FactorView.Transposed, table.JoinedSpan);
            Table left = tables[shape.Left], right = tables[shape.Right];
            left.ClearGradient();
            right.ClearGradient();
            for (int row = 0; row < table.Count; row++)
            {
                T* outer = table.Joined + ((nint)row * table.Inner);
                MultiplyAdd(outer, right.Rows + table.RightPlaces[row], left.Gradient + table.LeftPlaces[row], table.Inner);
                MultiplyAdd(outer, left.Rows + table.LeftPlaces[row], right.Gradient + table.RightPlaces[row], table.Inner);
            }
        }
    }

    private void DownFromRoot()
    {
        T* weight = PackedBlocks.Align(weights), weightGradient = weight + stride, outer = PackedBlocks.Align(scaledGradient);
        new Span<T>(weightGradient, stride).Clear();
        Left.ClearGradient();
        for (nint at = 0; at < (nint)Left.Count * stride; at += stride)
        {
            MultiplyAdd(outer + at, Left.Rows + at, weightGradient, stride);
            MultiplyAdd(outer + at, weight, Left.Gradient + at, stride);
        }

        Span<T> gradients = factorization.Factor(root).Gradients;
        new ReadOnlySpan<T>(weightGradient, gradients.Length).CopyTo(gradients);
    }

    private static void MultiplyAdd(T* a, T* b, T* sum, int length)
    {
        for (int i = 0; i < length; i += Vector256<T>.Count)
        {
            (Vector256.Load(sum + i) + (Vector256.Load(a + i) * Vector256.Load(b + i))).Store(sum + i);
        }
    }

    /// <summary>
    /// The table of one node. Each distinct partial index has one row of <see cref="Rows"/>, which is the row of <see cref="Joined"/> times
    /// the factor.
    /// </summary>
    private sealed class Table
    {
        private readonly T[] rows, gradient, joined, factor;
        private readonly int up;

        internal Table(int count, int up, int inner, int[] leftPlaces, int[] rightPlaces)
        {
            Count = count;
            this.up = up;
            Inner = inner;
            LeftPlaces = leftPlaces;
            RightPlaces = rightPlaces;
            rows = Zeroed((long)count * up);
            gradient = Zeroed((long)count * up);
            joined = Zeroed((long)count * inner);
            factor = Zeroed((long)inner * up);
            FactorGradient = new T[inner * up];
        }

        internal int Count { get; }

        internal int Inner { get; }

        internal int[] LeftPlaces { get; }

        internal int[] RightPlaces { get; }

        internal T[] FactorGradient { get; }

        internal T* Rows => PackedBlocks.Align(rows);

        internal T* Gradient => PackedBlocks.Align(gradient);

        internal T* Joined => PackedBlocks.Align(joined);

        internal T* Factor => PackedBlocks.Align(factor);

        internal Span<T> RowSpan => new(Rows, Count * up);

        internal Span<T> JoinedSpan => new(Joined, Count * Inner);

        internal MatrixView<T> JoinedView => new(JoinedSpan, Count, Inner);

        internal MatrixView<T> FactorView => new(new ReadOnlySpan<T>(Factor, Inner * up), Inner, up);

        internal MatrixView<T> GradientView => new(new ReadOnlySpan<T>(Gradient, Count * up), Count, up);

        internal void ClearGradient() => new Span<T>(Gradient, Count * up).Clear();
    }
}
