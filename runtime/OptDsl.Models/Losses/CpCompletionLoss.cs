using System.Numerics;
using OptDsl.Linear;
using OptDsl.Threads;

namespace OptDsl.Models;

/// <summary>
/// The loss of a <see cref="CpFactorization{T}"/> against a list of entries of a tensor: the mean over the entries of a
/// <see cref="PointLoss"/> of the difference.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// <para>
/// Entries are visited in ascending order, as the leaves of a tree of their indices. The product of the first n rows is computed once for
/// all entries that share those rows. Its gradient is computed once too, on the way back, without a division (Smith, Ravindran,
/// Sidiropoulos and Karypis 2015).
/// </para>
/// <para>
/// Let R be the number of components, N the order, and F_n the number of distinct prefixes of n indices. A gradient takes 6 R operations
/// per entry and 5 R per prefix in each of F_1 .. F_(N-1). That is at most 5 N R per entry, where no entries share a prefix. Per entry it
/// reads R numbers three times and writes them once, in a memory of 2 R numbers times the sum of the sides, which usually fits in the
/// first-level cache. It also reads 4 N bytes per entry.
/// </para>
/// <para>
/// <see cref="CpFactorizationLoss{T}"/> is faster if at least a tenth to a third of all entries are observed.
/// </para>
/// <para>
/// Many entries are split into up to eight parts. Each part has its own gradients, which are added in the order of the parts. The parts
/// depend on the entries alone, so the bits do not depend on the number of threads. Nothing is allocated after construction. Not
/// thread-safe.
/// </para>
/// </remarks>
public sealed unsafe class CpCompletionLoss<T> : ILossModel<T>, ITiledWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A part with fewer multiplications than this is done before a second thread is awake.
    private const long PartWork = 1 << 19;
    private const int MostParts = 8;

    private readonly CpFactorization<T> factorization;
    private readonly PointLoss loss;
    private readonly T[] targets;
    private readonly T scale;

    // A fibre is a run of entries that differ only in the last index. Per fibre: where its entries begin; the first mode in which it
    // differs from the previous fibre; the places of its rows in all modes except the last. Per entry: the place of the last mode's row.
    private readonly int[] fibreEntries, fibreModes, innerPlaces, lastPlaces;
    private readonly int inner, stride;

    private readonly int[] partFibres;
    private readonly double[] partSums;
    private readonly T[] gradients, work;
    private readonly int workLength;
    private readonly TileTeam team;
    private bool wantGradient;

    /// <summary>A loss over a list of entries.</summary>
    /// <param name="factorization">The factorization; its sides are those of the entries.</param>
    /// <param name="entries">The entries and their values.</param>
    /// <param name="loss">The loss of a single difference.</param>
    /// <param name="threads">Threads to use at most; 0 for one per processor.</param>
    /// <exception cref="ArgumentException">The entries belong to a tensor of other sides.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is not in 0..1024.</exception>
    public CpCompletionLoss(CpFactorization<T> factorization, TensorEntries<T> entries, PointLoss loss = default, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(factorization);
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        TensorChecks.SameSides(factorization.Sides, entries.Sides);
        this.factorization = factorization;
        this.loss = loss;
        targets = entries.Values.ToArray();
        scale = T.CreateTruncating(1.0 / targets.Length);
        inner = entries.Order - 1;
        stride = factorization.Stride;
        (fibreEntries, fibreModes) = Fibres(entries);
        innerPlaces = new int[checked(fibreModes.Length * inner)];
        for (int fibre = 0; fibre < fibreModes.Length; fibre++)
        {
            for (int mode = 0; mode < inner; mode++)
            {
                innerPlaces[(fibre * inner) + mode] = factorization.Place(mode,
                    entries.Indices[(fibreEntries[fibre] * entries.Order) + mode]);
            }
        }

        lastPlaces = new int[entries.Count];
        for (int i = 0; i < lastPlaces.Length; i++)
        {
            lastPlaces[i] = factorization.Place(inner, entries.Indices[(i * entries.Order) + inner]);
        }

        partFibres = Parts();
        partSums = new double[partFibres.Length - 1];
        int longest = Enumerable.Range(0, fibreModes.Length).Max(fibre => fibreEntries[fibre + 1] - fibreEntries[fibre]);
        workLength = (2 * (inner + 1) * stride) + PaddedRows<T>.Stride(longest);
        gradients = PackedBlocks.Allocate<T>((long)partSums.Length * factorization.RowsLength);
        work = PackedBlocks.Allocate<T>((long)partSums.Length * workLength);
        team = new TileTeam(threads == 0 ? Environment.ProcessorCount : threads);
    }

    /// <summary>The number of entries.</summary>
    public int ObservedCount => targets.Length;

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

        for (int part = 0; part < partSums.Length; part++)
        {
            factorization.Store(PackedBlocks.Align(gradients) + ((nint)part * factorization.RowsLength), add: part > 0);
        }

        return value;
    }

    /// <inheritdoc/>
    void ITiledWork.Run(int tile)
    {
        T* rows = factorization.Rows, gradient = PackedBlocks.Align(gradients) + ((nint)tile * factorization.RowsLength);
        T* prefix = PackedBlocks.Align(work) + ((nint)tile * workLength), prefixGradient = prefix + ((nint)(inner + 1) * stride);
        T* slopes = prefixGradient + ((nint)(inner + 1) * stride);
        new Span<T>(prefix, stride).Fill(T.One);
        if (wantGradient)
        {
            new Span<T>(gradient, factorization.RowsLength).Clear();
        }

        double sum = 0;
        int begin = partFibres[tile], end = partFibres[tile + 1];
        for (int fibre = begin; fibre < end; fibre++)
        {
            int changed = fibre == begin ? 0 : fibreModes[fibre];
            if (wantGradient && fibre > begin)
            {
                PrefixProducts<T>.Close(Places(fibre - 1), changed, stride, rows, gradient, prefix, prefixGradient);
            }

            PrefixProducts<T>.Open(Places(fibre), changed, stride, rows, prefix, prefixGradient);
            int first = fibreEntries[fibre], count = fibreEntries[fibre + 1] - first;
            ReadOnlySpan<int> places = lastPlaces.AsSpan(first, count);
            PaddedRows<T>.Dots(prefix + ((nint)inner * stride), rows, stride, places, slopes);
            sum += PaddedRows<T>.Compare(slopes, targets.AsSpan(first, count), loss, scale);
            if (wantGradient)
            {
                PaddedRows<T>.Spread(prefix + ((nint)inner * stride), rows, prefixGradient + ((nint)inner * stride), gradient, stride,
                    places, slopes);
            }
        }

        if (wantGradient)
        {
            PrefixProducts<T>.Close(Places(end - 1), 0, stride, rows, gradient, prefix, prefixGradient);
        }

        partSums[tile] = sum;
    }

    /// <summary>The places of a fibre's rows in all modes except the last.</summary>
    private ReadOnlySpan<int> Places(int fibre) => innerPlaces.AsSpan(fibre * inner, inner);

    private static (int[] Entries, int[] Modes) Fibres(TensorEntries<T> entries)
    {
        List<int> starts = [], modes = [];
        int order = entries.Order;
        for (int i = 0; i < entries.Count; i++)
        {
            int changed = i == 0 ? 0
                : entries.Indices.Slice(i * order, order - 1).CommonPrefixLength(entries.Indices.Slice((i - 1) * order, order - 1));
            if (i == 0 || changed < order - 1)
            {
                starts.Add(i);
                modes.Add(changed);
            }
        }

        return ([.. starts, entries.Count], [.. modes]);
    }

    /// <summary>
    /// The first fibre of each part, followed by the number of fibres. All parts have about the same number of multiplications.
    /// </summary>
    private int[] Parts()
    {
        long[] until = new long[fibreModes.Length + 1];
        for (int fibre = 0; fibre < fibreModes.Length; fibre++)
        {
            until[fibre + 1] = until[fibre] + ((fibreEntries[fibre + 1] - fibreEntries[fibre] + inner - fibreModes[fibre]) * 3L * stride);
        }

        int parts = (int)Math.Clamp(until[^1] / PartWork, 1, Math.Min(MostParts, fibreModes.Length));
        List<int> first = [0];
        for (int part = 1; part < parts; part++)
        {
            int fibre = Array.BinarySearch(until, until[^1] / parts * part);
            fibre = fibre < 0 ? ~fibre : fibre;
            if (fibre > first[^1] && fibre < fibreModes.Length)
            {
                first.Add(fibre);
            }
        }

        return [.. first, fibreModes.Length];
    }

    private double Evaluate(ParameterBuffer<T> parameters, bool gradient)
    {
        factorization.Load(parameters);
        wantGradient = gradient;
        team.Run(this, partSums.Length);
        double sum = 0;
        foreach (double part in partSums)
        {
            sum += part;
        }

        return sum / targets.Length;
    }
}
