using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace OptDsl.Contract;

/// <summary>A run of parameters with their gradients, states and uniforms, which one call of a kernel sweeps.</summary>
/// <typeparam name="T">The element type of the buffers.</typeparam>
/// <remarks>
/// Its memory does not move and outlives the step. So it holds addresses and can lie in an array that is created once. A kernel takes it by
/// reference, because a copy per call would slow down small steps.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe struct KernelBlock<T>
    where T : unmanaged
{
    private readonly T* parameters, gradients, states, uniforms;
    private readonly nuint stateStride;
    private readonly SweepMemory<T>* memory;
    private readonly nuint column;

    internal KernelBlock(T* parameters, T* gradients, T* states, nuint stateStride, T* uniforms, nuint length)
        : this(parameters, gradients, states, stateStride, uniforms, length, null, 0, 0)
    {
    }

    private KernelBlock(T* parameters, T* gradients, T* states, nuint stateStride, T* uniforms, nuint length, SweepMemory<T>* memory,
        nuint start, nuint column)
    {
        this.parameters = parameters;
        this.gradients = gradients;
        this.states = states;
        this.stateStride = stateStride;
        this.uniforms = uniforms;
        this.memory = memory;
        this.column = column;
        Start = start;
        Length = length;
    }

    /// <summary>The number of parameters in the block.</summary>
    public nuint Length { get; }

    /// <summary>The place of the first parameter in its tensor, or in its run of tensors.</summary>
    public nuint Start { get; }

    /// <summary>The first parameter.</summary>
    public ref T Parameters => ref Unsafe.AsRef<T>(parameters);

    /// <summary>The gradient of the first parameter.</summary>
    public ref readonly T Gradients => ref Unsafe.AsRef<T>(gradients);

    /// <summary>The uniforms. Each is repeated over <see cref="UniformFrame.Stride"/> bytes.</summary>
    public ref readonly T Uniforms => ref Unsafe.AsRef<T>(uniforms);

    /// <summary>The accumulators of reductions, 32 lanes per reduction.</summary>
    public ref double Sums => ref Unsafe.AsRef<double>(memory->Sums);

    /// <summary>Where a read or a search direction is written.</summary>
    public ref T Output => ref Unsafe.AsRef<T>(memory->Output + Start);

    /// <summary>
    /// The first value of a state buffer, in the order of the schema. Scratch buffers and the caller's inputs follow the states.
    /// </summary>
    public ref T State(int index) => ref Unsafe.AsRef<T>(states + ((nuint)index * stateStride));

    /// <summary>A uniform before it is rounded to the element type.</summary>
    public double Wide(int index) => memory->Wide[index];

    /// <summary>The first of a pass's values per column.</summary>
    public ref readonly T Column(int index) => ref Unsafe.AsRef<T>(memory->Columns + ((nuint)index * memory->ColumnStride) + column);

    /// <summary>The first accumulator of a reduction over columns.</summary>
    public ref double ColumnSums(int index)
        => ref Unsafe.AsRef<double>(memory->ColumnSums + ((nuint)index * memory->ColumnStride) + column);

    /// <summary>The first draw of a pass's noise.</summary>
    public ref readonly T Noise(int index)
        => ref Unsafe.AsRef<T>(memory->Noise + ((nuint)index * SweepMemory<T>.NoiseLength) + (Start - memory->NoiseStart));

    internal KernelBlock<T> Slice(nuint start, nuint length)
        => new(parameters + start, gradients + start, states + start, stateStride, uniforms, length, memory, Start + start, column + start);

    /// <summary>The same block for a pass with other memory and other uniforms.</summary>
    internal KernelBlock<T> With(SweepMemory<T>* pass, T* passUniforms)
        => new(parameters, gradients, states, stateStride, passUniforms, Length, pass, Start, column);

    /// <summary>The same block for a pass whose uniforms begin at a later place.</summary>
    internal KernelBlock<T> Shift(int elements)
        => new(parameters, gradients, states, stateStride, uniforms + elements, Length, memory, Start, column);

    /// <summary>A part of a row.</summary>
    internal KernelBlock<T> SliceRow(nuint start, nuint length, nuint inRow)
        => new(parameters + start, gradients + start, states + start, stateStride, uniforms, length, memory, Start + start, inRow);
}

/// <summary>
/// What a pass reads and writes in addition to the parameters and the buffers laid out like them. It lies on the stack of the thread that
/// sweeps.
/// </summary>
internal unsafe struct SweepMemory<T>
    where T : unmanaged
{
    /// <summary>The number of draws made at a time. They stay in the first-level cache until the sweep reads them.</summary>
    internal const int NoiseLength = 1024;

    internal double* Wide, Sums, ColumnSums;
    internal T* Columns, Noise, Output;
    internal nuint ColumnStride, NoiseStart;
}
