using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OptDsl.Simd;

namespace OptDsl.Contract;

/// <summary>Constants of the layout that a <see cref="UniformFrame{T}"/> and a kernel agree on.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class UniformFrame
{
    /// <summary>Bytes one uniform takes: it is repeated to fill the widest vector, so that every width loads it as it is.</summary>
    public const int Stride = 64;

    /// <summary>Elements of <typeparamref name="T"/> between one uniform and the next.</summary>
    public static int Lanes<T>()
        where T : unmanaged
        => Stride / Unsafe.SizeOf<T>();
}

/// <summary>
/// What a rule's uniform computation reads and fills, once per step and group: the step, the values carried from the last
/// step, and the uniforms of the element body.
/// </summary>
/// <typeparam name="T">The element of the buffer.</typeparam>
/// <remarks>One lives as long as its group, so that a step passes a reference and copies nothing.</remarks>
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

    /// <param name="schema">The rule's.</param>
    /// <param name="seed">The optimizer's.</param>
    /// <param name="place">The place in the buffer of the group's first parameter.</param>
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

    /// <summary>The step about to be made, from 1.</summary>
    public int Step { get; internal set; }

    /// <summary>The loss the step was given.</summary>
    public double Loss { get; internal set; }

    /// <summary>The results of reductions over the group or over all tensors, by number.</summary>
    public Span<double> Reductions => reductions;

    /// <summary>
    /// The uniform values of the last step, in the order of the schema; at step 1 only those with an initial member are meaningful.
    /// </summary>
    public Span<double> Carried => carried;

    /// <summary>The uniform values to carry to the next step.</summary>
    public Span<double> NextCarried => nextCarried;

    /// <summary>One value per state buffer: its content before the first step. Read at step 1 only.</summary>
    public Span<T> Initials => initials;

    internal UniformOverflow? Overflow { get; set; }

    internal T* Uniforms => uniforms.Pointer;

    /// <summary>The uniforms before they are rounded to the element; null where no reduction reads them.</summary>
    internal double* WideUniforms => wide.Length == 0 ? null : wide.Pointer;

    /// <summary>A draw of one per group, or of one in all, in the element of the declaration.</summary>
    public TElement Draw<TElement>(int input)
        where TElement : unmanaged, IBinaryFloatingPointIeee754<TElement>
        => seed.Draw<TElement>(schema.Inputs[input], schema.Inputs[input].Scope == Scope.Global ? 0 : place);

    /// <summary>Sets a uniform, rounded once to the element.</summary>
    public void Set(int index, double value) => Fill(index, T.CreateTruncating(value), value);

    /// <summary>Sets a uniform that depends on what was reduced, and notices where it is infinite in the element only.</summary>
    public void Set(int index, double value, string name)
    {
        Set(index, value);
        Overflow = UniformOverflow.Of<T>(Overflow, name, ValueKind.Group, 0, value);
    }

    /// <summary>Sets a uniform.</summary>
    public void Set(int index, float value) => Fill(index, T.CreateTruncating(value), value);

    /// <summary>Sets a uniform condition.</summary>
    public void Set(int index, bool value) => Fill(index, LaneMask.Of<T>(value), LaneMask.Of<double>(value));

    /// <summary>Makes the next step's carried values the last step's, and its loss the last one.</summary>
    internal void Commit(double loss)
    {
        Loss = loss;
        if (carried.Length != 0)
        {
            (carried, nextCarried) = (nextCarried, carried);
        }
    }

    /// <summary>Puts back the values carried from an earlier step.</summary>
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
