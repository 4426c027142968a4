using System.Numerics;
using System.Runtime.Intrinsics;
using OptDsl.Linear;
using OptDsl.Threads;

namespace OptDsl.Models;

/// <summary>
/// The loss of a <see cref="CpFactorization{T}"/> against a tensor whose entries are all, or largely, observed. It is the mean over the
/// observed entries of a <see cref="PointLoss"/> of the difference. This class computes every entry, by matrix products;
/// <see cref="CpCompletionLoss{T}"/> computes only the observed ones.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// <para>
/// The gradient of a factor is the unfolded residual times the Khatri-Rao product of the other factors (Kolda and Bader 2009, section 3.4).
/// The modes are split into two halves with Khatri-Rao products K_1 and K_2, so the tensor is K_1 K_2^T. All gradients need only E K_2 and
/// E^T K_1, where E is the residual. The gradients of a half's factors follow from these without the tensor (Phan, Tichavsky and Cichocki
/// 2013). The computation runs block by block, so neither E nor the longer of K_1 and K_2 is ever stored as a whole.
/// </para>
/// <para>
/// With R components, a gradient takes 6 R operations per entry at any order, and a loss takes 2 R. Both also take some 7 R per row of K_1
/// and K_2. A float tensor reads 4 bytes per entry, or 8 if some entries are hidden. The shorter of K_1 and K_2 is stored; its number of
/// rows is at most the square root of the number of entries. Each of up to eight parts stores the gradient of that half, the gradients of
/// the factors, a block of 256 x 256 entries, and three blocks of 256 rows.
/// </para>
/// <para>
/// On one thread, <see cref="CpCompletionLoss{T}"/> is faster if few entries are observed. The limit is a tenth of them at sides of 10
/// and order 4 or 5, a fifth at sides of 30 and 100 and order 3, and a third for a matrix of side 300. If all entries are observed,
/// it takes 2 to 6 times as long as this class.
/// </para>
/// <para>
/// The parts depend on the shapes alone, and their gradients are added in order. So the bits depend neither on the number of threads nor on
/// the vector width. Nothing is allocated after construction. Not thread-safe.
/// </para>
/// </remarks>
public sealed unsafe class CpFactorizationLoss<T> : ILossModel<T>, ITiledWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A part with fewer multiplications than this is done before a second thread is awake.
    private const long PartWork = 1 << 21;
    private const int MostParts = 8, EntriesPerRow = 16;

    // A block's residual, the rows of both sides and their gradients fit together in a second-level cache.
    private const int Block = 256;

    private readonly CpFactorization<T> factorization;
    private readonly PointLoss loss;
    private readonly T[] targets;

    // 1 for an observed entry, 0 for a hidden one, whose target is also 0; null if all entries are observed.
    private readonly T[]? weights;
    private readonly T scale;

    // The half with fewer rows is stored; the other is computed block by block. The last modes are the columns.
    private readonly int columns, stride, blocks;
    private readonly bool keepsLeft;
    private readonly KhatriRaoProduct<T> kept;
    private readonly T[] keptRows;
    private readonly Part[] parts;
    private readonly TileTeam team;
    private bool wantGradient;

    /// <summary>The loss of full factorization: every entry is observed.</summary>
    /// <param name="factorization">The factorization; its sides are the tensor's.</param>
    /// <param name="tensor">All entries, finite, the last mode varying fastest.</param>
    /// <param name="loss">The loss of a single difference.</param>
    /// <param name="threads">Threads to use at most; 0 for one per processor.</param>
    /// <exception cref="ArgumentException">The span has another length than the tensor, or an entry is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="threads"/> is not in 0..1024, or the working memory is larger than an array.
    /// </exception>
    public CpFactorizationLoss(CpFactorization<T> factorization, ReadOnlySpan<T> tensor, PointLoss loss = default, int threads = 0)
        : this(factorization, tensor, [], all: true, loss, threads)
    {
    }

    private CpFactorizationLoss(CpFactorization<T> factorization, ReadOnlySpan<T> tensor, ReadOnlySpan<bool> observed, bool all,
        PointLoss loss, int threads)
    {
        ArgumentNullException.ThrowIfNull(factorization);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        TensorChecks.Length(factorization.Sides, tensor.Length, nameof(tensor));
        if (!all)
        {
            TensorChecks.Length(factorization.Sides, observed.Length, nameof(observed));
        }

        this.factorization = factorization;
        this.loss = loss;
        stride = factorization.Stride;
        targets = new T[tensor.Length];
        weights = all ? null : new T[tensor.Length];
        for (int i = 0; i < tensor.Length; i++)
        {
            if (!all && !observed[i])
            {
                continue;
            }

            TensorChecks.Finite(tensor[i], i, nameof(tensor));
            targets[i] = tensor[i];
            ObservedCount++;
            if (!all)
            {
                weights![i] = T.One;
            }
        }

        CompletionChecks.SomethingObserved(ObservedCount);
        scale = T.CreateTruncating(1.0 / ObservedCount);
        int split = Split(factorization.Sides, out columns);
        int rows = targets.Length / columns;
        keepsLeft = rows < columns;
        kept = Half(keepsLeft, split);
        blocks = (kept.Count + Block - 1) / Block;
        int streamed = targets.Length / kept.Count;
        parts = new Part[PartCount(streamed)];
        for (int part = 0; part < parts.Length; part++)
        {
            parts[part] = new Part(Half(!keepsLeft, split), kept.Count, stride, factorization.RowsLength, Cut(streamed, parts.Length, part),
                Cut(streamed, parts.Length, part + 1));
        }

        keptRows = PackedBlocks.Allocate<T>((long)kept.Count * stride);
        team = new TileTeam(threads == 0 ? Environment.ProcessorCount : threads);
    }

    /// <summary>The number of observed entries.</summary>
    public int ObservedCount { get; }

    /// <summary>
    /// The loss over the observed entries of a tensor. Hidden entries are computed too, so use it if a good share of the entries is
    /// observed.
    /// </summary>
    /// <param name="factorization">The factorization; its sides are the tensor's.</param>
    /// <param name="tensor">All entries, the last mode varying fastest. Observed entries are finite; hidden ones may hold anything.</param>
    /// <param name="observed">Which entries are observed; at least one.</param>
    /// <param name="loss">The loss of a single difference.</param>
    /// <param name="threads">Threads to use at most; 0 for one per processor.</param>
    /// <exception cref="ArgumentException">
    /// A span has another length than the tensor, nothing is observed, or an observed entry is not finite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="threads"/> is not in 0..1024, or the working memory is larger than an array.
    /// </exception>
    public static CpFactorizationLoss<T> Observed(CpFactorization<T> factorization, ReadOnlySpan<T> tensor, ReadOnlySpan<bool> observed,
        PointLoss loss = default, int threads = 0)
        => new(factorization, tensor, observed, all: false, loss, threads);

    /// <inheritdoc/>
    public double ComputeLoss(ParameterBuffer<T> parameters) => Evaluate(parameters, gradient: false);

    /// <inheritdoc/>
    public double ComputeGradient(ParameterBuffer<T> parameters)
    {
        double value = Evaluate(parameters, gradient: true);
        if (parameters.Count != factorization.ParameterCount)
        {
            parameters.Gradients.Clear();
        }

        T* keptGradient = parts[0].KeptGradient;
        for (int part = 1; part < parts.Length; part++)
        {
            Add(parts[part].KeptGradient, keptGradient, kept.Count);
        }

        kept.Spread(0, kept.Count, keptGradient, parts[0].Gradient);
        for (int part = 0; part < parts.Length; part++)
        {
            factorization.Store(parts[part].Gradient, add: part > 0);
        }

        return value;
    }

    /// <inheritdoc/>
    void ITiledWork.Run(int tile)
    {
        Part part = parts[tile];
        double sum = 0;
        if (wantGradient)
        {
            new Span<T>(part.Gradient, factorization.RowsLength).Clear();
        }

        for (int block = 0; block < part.Blocks; block++)
        {
            int first = part.Begin + Cut(part.End - part.Begin, part.Blocks, block),
                end = part.Begin + Cut(part.End - part.Begin, part.Blocks, block + 1);
            part.Streamed.Fill(first, end - first, part.Rows);
            for (int other = 0; other < blocks; other++)
            {
                int keptFirst = Cut(kept.Count, blocks, other);
                nint keptAt = (nint)keptFirst * stride;
                var streamedSide = new Side(part.Rows, part.RowsGradient, first, end - first, other == 0);
                var keptSide = new Side(PackedBlocks.Align(keptRows) + keptAt, part.KeptGradient + keptAt, keptFirst,
                    Cut(kept.Count, blocks, other + 1) - keptFirst, block == 0);
                sum += keepsLeft ? Compare(part, keptSide, streamedSide) : Compare(part, streamedSide, keptSide);
            }

            if (wantGradient)
            {
                part.Streamed.Spread(first, end - first, part.RowsGradient, part.Gradient);
            }
        }

        part.Sum = sum;
    }

    /// <summary>
    /// Splits the modes so that the Khatri-Rao products of the two halves have the fewest rows in total. Among equal splits it takes the
    /// last, which has the fewest columns.
    /// </summary>
    private static int Split(ReadOnlySpan<int> sides, out int columns)
    {
        // With a single mode, the left half is empty.
        int split = 0, entries = (int)TensorChecks.Entries(sides), left = 1;
        columns = entries;
        for (int mode = 1; mode < sides.Length; mode++)
        {
            left *= sides[mode - 1];
            if (split == 0 || (long)left + (entries / left) <= (long)columns + (entries / columns))
            {
                (split, columns) = (mode, entries / left);
            }
        }

        return split;
    }

    private int PartCount(int streamed)
    {
        // Each part clears, stores and adds the gradients of all factors. With fewer entries per row this would take longer than the
        // products.
        long byWork = targets.Length * 3L * stride / PartWork,
            byRows = (long)targets.Length * stride / factorization.RowsLength / EntriesPerRow;
        return (int)Math.Clamp(Math.Min(byWork, byRows), 1, Math.Min(MostParts, streamed));
    }

    /// <summary>Where one of several equal parts begins.</summary>
    private static int Cut(int count, int parts, int part) => (int)((long)count * part / parts);

    private KhatriRaoProduct<T> Half(bool left, int split) => left ? new(factorization, 0, split)
        : new(factorization, split, factorization.Order - split);

    private double Evaluate(ParameterBuffer<T> parameters, bool gradient)
    {
        factorization.Load(parameters);
        kept.Fill(0, kept.Count, PackedBlocks.Align(keptRows));
        wantGradient = gradient;
        team.Run(this, parts.Length);
        double sum = 0;
        foreach (Part part in parts)
        {
            sum += part.Sum;
        }

        return sum / ObservedCount;
    }

    /// <summary>Returns the loss of a block's residuals, and adds the block to the gradients of both sides.</summary>
    private double Compare(Part part, in Side left, in Side right)
    {
        Span<T> residual = new(part.Residual, left.Count * right.Count);
        part.Products.Multiply(View(left), View(right).Transposed, residual);
        double sum = 0;
        nint at = ((nint)left.First * columns) + right.First;
        fixed (T* target = targets, weight = weights)
        {
            // Rows that are whole lie in memory one after the other.
            bool whole = right.Count == columns;
            int lines = whole ? 1 : left.Count, length = whole ? residual.Length : right.Count;
            for (int line = 0; line < lines; line++, at += columns)
            {
                sum += DenseResiduals<T>.Compare(part.Residual + ((nint)line * length), target + at, weight == null ? null : weight + at,
                    length, loss, scale);
            }
        }

        if (wantGradient)
        {
            MatrixView<T> slopes = new(residual, left.Count, right.Count);
            Accumulate(part, slopes, right, left);
            Accumulate(part, slopes.Transposed, left, right);
        }

        return sum;
    }

    /// <summary>Adds the slopes times one side's rows to the gradients of the other side.</summary>
    private void Accumulate(Part part, MatrixView<T> slopes, in Side from, in Side to)
    {
        T* product = to.Fresh ? to.Gradient : part.Product;
        part.Products.Multiply(slopes, View(from), new Span<T>(product, to.Count * stride));
        if (!to.Fresh)
        {
            Add(product, to.Gradient, to.Count);
        }
    }

    private void Add(T* from, T* to, int count)
    {
        nint length = (nint)count * stride;
        for (nint i = 0; i < length; i += Vector256<T>.Count)
        {
            (Vector256.Load(to + i) + Vector256.Load(from + i)).Store(to + i);
        }
    }

    private MatrixView<T> View(in Side side) => new(new ReadOnlySpan<T>(side.Rows, side.Count * stride), side.Count, stride);

    /// <summary>
    /// The rows of one half's Khatri-Rao product in a block, and their gradients. Fresh means that the gradients have no value yet.
    /// </summary>
    private readonly struct Side(T* rows, T* gradient, int first, int count, bool fresh)
    {
        internal T* Rows { get; } = rows;

        internal T* Gradient { get; } = gradient;

        internal int First { get; } = first;

        internal int Count { get; } = count;

        internal bool Fresh { get; } = fresh;
    }

    /// <summary>Some rows of the half that is not stored, and the memory that a thread needs to compute them.</summary>
    private sealed class Part
    {
        private readonly T[] memory;
        private readonly nint keptAt, rowsAt, rowsGradientAt, productAt, residualAt;

        internal Part(KhatriRaoProduct<T> streamed, int kept, int stride, int rowsLength, int begin, int end)
        {
            Streamed = streamed;
            (Begin, End) = (begin, end);
            Blocks = (end - begin + Block - 1) / Block;
            int rows = Math.Min(Block, end - begin), columns = Math.Min(Block, kept), longest = Math.Max(rows, columns);
            keptAt = rowsLength;
            rowsAt = keptAt + ((nint)kept * stride);
            rowsGradientAt = rowsAt + ((nint)rows * stride);
            productAt = rowsGradientAt + ((nint)rows * stride);
            residualAt = productAt + ((nint)longest * stride);
            long length = residualAt + ((nint)rows * columns);
            if (PackedBlocks.Length<T>(length) > Array.MaxLength)
            {
                throw new ArgumentOutOfRangeException("factorization",
                    $"A gradient needs {length} elements of working memory, but an array holds at most {Array.MaxLength}. Half of the modes have {kept} combinations of indices, each of {stride} elements.");
            }

            memory = PackedBlocks.Allocate<T>(length);
            Products.Reserve(longest, Math.Max(stride, longest), Math.Max(stride, longest));
        }

        internal KhatriRaoProduct<T> Streamed { get; }

        internal MatrixProduct<T> Products { get; } = new(threads: 1);

        internal int Begin { get; }

        internal int End { get; }

        internal int Blocks { get; }

        internal double Sum { get; set; }

        internal T* Gradient => PackedBlocks.Align(memory);

        internal T* KeptGradient => Gradient + keptAt;

        internal T* Rows => Gradient + rowsAt;

        internal T* RowsGradient => Gradient + rowsGradientAt;

        internal T* Product => Gradient + productAt;

        internal T* Residual => Gradient + residualAt;
    }
}
