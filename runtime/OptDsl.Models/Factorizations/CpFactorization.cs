using System.Numerics;
using System.Runtime.Intrinsics;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// A tensor of any order written as a sum of R products (the CP decomposition; Razin, Maman and Cohen 2021): T[i_1 .. i_N] is the sum over
/// r of A_1[i_1, r] ... A_N[i_N, r].
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// It holds shapes and working memory, not parameters. <see cref="AddTo"/> adds the tensors to a buffer. The methods that read parameters
/// take a buffer with these tensors. Nothing is allocated after construction. Not thread-safe.
/// </remarks>
public sealed unsafe class CpFactorization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] sides, firstRows, lastPlaces;
    private readonly string[] names;
    private readonly NamedTensors<T> tensors;
    private readonly T[] rows, prefixes;
    private readonly double[] squares;

    /// <summary>A factorization of a tensor with the given sides.</summary>
    /// <param name="sides">The length of each mode, at least 1; at least one mode.</param>
    /// <param name="components">R, the number of products; at least 1.</param>
    /// <param name="name">The prefix of the tensors' names: <c>A</c> gives A1, A2, ...</param>
    /// <exception cref="ArgumentException">No side is given, or the name is blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A side or <paramref name="components"/> is below 1, or the factors together are larger than half an array.
    /// </exception>
    public CpFactorization(ReadOnlySpan<int> sides, int components, string name = "A")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        TensorChecks.Sides(sides);
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        this.sides = sides.ToArray();
        Components = components;
        Stride = PaddedRows<T>.Stride(components);
        long rowCount = 0;
        foreach (int side in sides)
        {
            rowCount += side;
        }

        if (rowCount > Array.MaxLength / 2 / Stride)
        {
            throw new ArgumentOutOfRangeException(nameof(components), components,
                $"The factors would have {rowCount} rows of {components} elements, padded to whole vectors, but at most {Array.MaxLength / 2} elements fit.");
        }

        names = [.. Enumerable.Range(1, sides.Length).Select(mode => FormattableString.Invariant($"{name}{mode}"))];
        tensors = new NamedTensors<T>(names, [.. this.sides.Select(side => (nint[])[side, components])]);
        firstRows = new int[sides.Length + 1];
        for (int mode = 0; mode < sides.Length; mode++)
        {
            firstRows[mode + 1] = firstRows[mode] + (sides[mode] * Stride);
        }

        lastPlaces = [.. Enumerable.Range(0, sides[^1]).Select(index => Place(Order - 1, index))];
        rows = PackedBlocks.Allocate<T>(RowsLength);
        Array.Clear(rows);
        prefixes = PackedBlocks.Allocate<T>((long)Order * Stride);
        squares = new double[components];
    }

    /// <summary>The number of modes, N.</summary>
    public int Order => sides.Length;

    /// <summary>The length of each mode.</summary>
    public ReadOnlySpan<int> Sides => sides;

    /// <summary>R, the number of products.</summary>
    public int Components { get; }

    /// <summary>The number of parameters in all factors: R times the sum of the sides.</summary>
    public long ParameterCount
    {
        get
        {
            long count = 0;
            foreach (int side in sides)
            {
                count += (long)side * Components;
            }

            return count;
        }
    }

    /// <summary>The number of elements from one row of <see cref="Rows"/> to the next.</summary>
    internal int Stride { get; }

    /// <summary>The number of elements of all rows.</summary>
    internal int RowsLength => firstRows[^1];

    /// <summary>The padded rows of the factors, one factor after the other, as <see cref="Load"/> filled them.</summary>
    internal T* Rows => PackedBlocks.Align(rows);

    /// <summary>Adds the tensors of the factors, filled with zeros: A_n is <see cref="Sides"/>[n] x <see cref="Components"/>.</summary>
    /// <param name="parameters">The buffer.</param>
    /// <param name="group">The parameter group of the tensors.</param>
    /// <exception cref="ArgumentException">A tensor of that name exists.</exception>
    /// <exception cref="InvalidOperationException">An optimizer is bound to the buffer.</exception>
    public void AddTo(ParameterBuffer<T> parameters, string group = ParameterGroup.Default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        for (int mode = 0; mode < Order; mode++)
        {
            parameters.Add(names[mode], [sides[mode], Components], group);
        }
    }

    /// <summary>
    /// Fills every factor with independent normal values. A product of hundreds of factors vanishes or overflows unless their values are
    /// close to 1; a mean of 1 and a small standard deviation achieve that.
    /// </summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="seed">The seed; any number.</param>
    /// <param name="scale">The standard deviation; finite and not negative.</param>
    /// <param name="mean">The mean; finite.</param>
    /// <exception cref="ArgumentException">A factor is missing or has another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="scale"/> is negative or not finite, or <paramref name="mean"/> is not finite.
    /// </exception>
    public void Initialize(ParameterBuffer<T> parameters, ulong seed, double scale, double mean = 0)
    {
        tensors.In(parameters);
        foreach (ParameterTensor<T> tensor in tensors.All)
        {
            tensor.FillGaussian(seed, scale, mean);
        }
    }

    /// <summary>Computes the given entries. Each takes N R multiplications.</summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="indices">The indices, from 0: N numbers per entry, entry by entry.</param>
    /// <param name="values">Receives one value per entry.</param>
    /// <exception cref="ArgumentException">A factor is missing or has another shape, or the lengths of the spans do not match.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its mode.</exception>
    public void ComputeValues(ParameterBuffer<T> parameters, ReadOnlySpan<int> indices, Span<T> values)
    {
        TensorChecks.Indices(sides, indices, values.Length, nameof(values));
        Load(parameters);
        fixed (T* to = values)
        {
            for (int i = 0; i < values.Length; i++)
            {
                ReadOnlySpan<int> entry = indices.Slice(i * Order, Order);
                Open(entry, 0);
                PaddedRows<T>.Dots(Prefix(Order - 1), Rows, Stride, lastPlaces.AsSpan(entry[^1], 1), to + i);
            }
        }
    }

    /// <summary>Computes the whole tensor. Each entry takes about 2 R operations.</summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="tensor">Receives all entries, the last mode varying fastest.</param>
    /// <exception cref="ArgumentException">A factor is missing or has another shape, or the span has another length.</exception>
    public void ComputeTensor(ParameterBuffer<T> parameters, Span<T> tensor)
    {
        TensorChecks.Length(sides, tensor.Length, nameof(tensor));
        Load(parameters);
        Span<int> index = Order <= 64 ? stackalloc int[Order] : new int[Order];
        index.Clear();
        fixed (T* to = tensor)
        {
            for (int at = 0, changed = 0; at < tensor.Length; at += sides[^1])
            {
                Open(index, changed);
                PaddedRows<T>.Dots(Prefix(Order - 1), Rows, Stride, lastPlaces, to + at);
                for (changed = Order - 2; changed >= 0 && ++index[changed] == sides[changed]; changed--)
                {
                    index[changed] = 0;
                }

                changed = Math.Max(changed, 0);
            }
        }
    }

    /// <summary>
    /// Computes the norms of the products, |A_1[:, r]| ... |A_N[:, r]| for every r. They show which components make up the tensor (Razin,
    /// Maman and Cohen 2021). It takes two operations per parameter.
    /// </summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="norms">Receives <see cref="Components"/> norms, in the order of r.</param>
    /// <exception cref="ArgumentException">A factor is missing or has another shape, or the span has another length.</exception>
    public void ComputeComponentNorms(ParameterBuffer<T> parameters, Span<double> norms)
    {
        if (norms.Length != Components)
        {
            throw new ArgumentException($"There are {Components} components, but the span has {norms.Length} elements.", nameof(norms));
        }

        tensors.In(parameters);
        norms.Fill(1);
        foreach (ParameterTensor<T> tensor in tensors.All)
        {
            ColumnNorms.Multiply(tensor.ReadOnlyValues, norms, squares);
        }
    }

    /// <summary>Where the row of an index begins in <see cref="Rows"/>.</summary>
    internal int Place(int mode, int index) => firstRows[mode] + (index * Stride);

    /// <summary>Copies the factors into <see cref="Rows"/>.</summary>
    internal void Load(ParameterBuffer<T> parameters)
    {
        tensors.In(parameters);
        for (int mode = 0; mode < Order; mode++)
        {
            PaddedRows<T>.Pad(tensors[mode].ReadOnlyValues, Components, Rows + firstRows[mode]);
        }
    }

    /// <summary>Writes gradients that are laid out like <see cref="Rows"/> to those of the factors, or adds them.</summary>
    internal void Store(T* gradients, bool add)
    {
        for (int mode = 0; mode < Order; mode++)
        {
            PaddedRows<T>.Unpad(gradients + firstRows[mode], Components, tensors[mode].Gradients, add);
        }
    }

    private T* Prefix(int mode) => PackedBlocks.Align(prefixes) + ((nint)mode * Stride);

    /// <summary>Multiplies the rows of an entry's indices, from the first changed mode up to the last mode but one.</summary>
    private void Open(ReadOnlySpan<int> index, int changed)
    {
        new Span<T>(Prefix(0), Stride).Fill(T.One);
        for (int mode = changed; mode < Order - 1; mode++)
        {
            T* from = Prefix(mode), row = Rows + Place(mode, index[mode]), to = Prefix(mode + 1);
            for (int i = 0; i < Stride; i += Vector256<T>.Count)
            {
                (Vector256.Load(from + i) * Vector256.Load(row + i)).Store(to + i);
            }
        }
    }

}
