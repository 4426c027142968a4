using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OptDsl.Simd;

namespace OptDsl.Contract;

/// <summary>Constants of the memory layout shared by a <see cref="UniformFrame{T}"/> and a kernel.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class UniformFrame
{
    /// <summary>
    /// The number of bytes of one uniform. It is repeated to fill the widest vector, so that every width can load it directly.
    /// </summary>
    public const int Stride = 64;

    /// <summary>Elements of <typeparamref name="T"/> between one uniform and the next.</summary>
    public static int Lanes<T>()
        where T : unmanaged
        => Stride / Unsafe.SizeOf<T>();
}

/// <summary>
/// What a rule's uniform computation reads and fills, once per step and group: the step, the values carried from the last step, and the
/// uniforms of the per-parameter body.
/// </summary>
/// <typeparam name="T">The element type of the buffer.</typeparam>
/// <remarks>It lives as long as its group, so a step passes a reference and copies nothing.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class UniformFrame<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedMemory<T> uniforms;
    private readonly AlignedMemory<double> wide;
    private readonly RuleSchema schema;
    private readonly OptimizerSeed seed;
    private readonly int place;
    private readonly double[] reductions;
    private readonly T[] initials;
    private readonly int count;
    private double[] carried, nextCarried;

    /// <param name="schema">The rule's schema.</param>
    /// <param name="seed">The optimizer's seed.</param>
    /// <param name="place">The place of the group's first parameter in the buffer.</param>
    internal UniformFrame(RuleSchema schema, OptimizerSeed seed, int place)
    {
        this.schema = schema;
        this.seed = seed;
        this.place = place;
        reductions = new double[schema.Reductions.Length];
        count = schema.UniformCount;
        uniforms = AlignedMemory<T>.Allocate(count * UniformFrame.Lanes<T>());
        wide = AlignedMemory<double>.Allocate(schema.Reductions.Length == 0 ? 0 : count);
        initials = new T[schema.BufferCount];
        carried = new double[schema.CarriedCount];
        nextCarried = new double[schema.CarriedCount];
    }

    /// <summary>The number of the step about to be made, from 1.</summary>
    public int Step { get; internal set; }

    /// <summary>The loss given to the step.</summary>
    public double Loss { get; internal set; }

    /// <summary>The results of reductions over the group or over all tensors, by number.</summary>
    public Span<double> Reductions => reductions;

    /// <summary>
    /// The uniform values carried from the last step, in the order of the schema. At step 1 only those with an initial member have a
    /// meaning.
    /// </summary>
    public Span<double> Carried => carried;

    /// <summary>The uniform values to carry to the next step.</summary>
    public Span<double> NextCarried => nextCarried;

    /// <summary>The content before the first step, one value per state buffer. Read at step 1 only.</summary>
    public Span<T> Initials => initials;

    internal UniformOverflow? Overflow { get; set; }

    internal T* Uniforms => uniforms.Pointer;

    /// <summary>The uniforms before they are rounded to the element type; null if no reduction reads them.</summary>
    internal double* WideUniforms => wide.Length == 0 ? null : wide.Pointer;

    /// <summary>A draw per group or for all tensors together, in the element type of the declaration.</summary>
    public TElement Draw<TElement>(int input)
        where TElement : unmanaged, IBinaryFloatingPointIeee754<TElement>
        => seed.Draw<TElement>(schema.Inputs[input], schema.Inputs[input].Scope == Scope.Global ? 0 : place);

    /// <summary>Sets a uniform, rounded once to the element type.</summary>
    public void Set(int index, double value) => Fill(index, T.CreateTruncating(value), value);

    /// <summary>Sets a uniform that depends on a reduction, and records it if it is infinite only in the element type.</summary>
    public void Set(int index, double value, string name)
    {
        Set(index, value);
        Overflow = UniformOverflow.Of<T>(Overflow, name, ValueKind.Group, 0, value);
    }

    /// <summary>Sets a uniform.</summary>
    public void Set(int index, float value) => Fill(index, T.CreateTruncating(value), value);

    /// <summary>Sets a uniform condition.</summary>
    public void Set(int index, bool value) => Fill(index, LaneMask.Of<T>(value), LaneMask.Of<double>(value));

    /// <summary>Makes the carried values for the next step the current ones, and stores the loss.</summary>
    internal void Commit(double loss)
    {
        Loss = loss;
        if (carried.Length != 0)
        {
            (carried, nextCarried) = (nextCarried, carried);
        }
    }

    /// <summary>Restores the values carried from an earlier step.</summary>
    internal void Restore(ReadOnlySpan<double> values) => values.CopyTo(carried);

    private void Fill(int index, T value, double wideValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count, nameof(index));
        Vector512.Create(value).Store(uniforms.Pointer + (index * UniformFrame.Lanes<T>()));
        if (wide.Length != 0)
        {
            wide.Pointer[index] = wideValue;
        }
    }
}
