using System.Runtime.CompilerServices;

namespace OptDsl.Kernels;

/// <summary>A run of parameters with their gradients, states and uniforms: what one call of a kernel sweeps over.</summary>
/// <typeparam name="T">The element of the buffers.</typeparam>
public readonly ref struct KernelBlock<T>
    where T : unmanaged
{
    private readonly ref T parameters;
    private readonly ref readonly T gradients;
    private readonly ref T states;
    private readonly ref readonly T uniforms;
    private readonly nuint stateStride;

    internal KernelBlock(
        ref T parameters, ref readonly T gradients, ref T states, nuint stateStride, ref readonly T uniforms, nuint length)
    {
        this.parameters = ref parameters;
        this.gradients = ref gradients;
        this.states = ref states;
        this.stateStride = stateStride;
        this.uniforms = ref uniforms;
        Length = length;
    }

    /// <summary>Parameters in the block.</summary>
    public nuint Length { get; }

    /// <summary>The first parameter.</summary>
    public ref T Parameters => ref parameters;

    /// <summary>The gradient of the first parameter.</summary>
    public ref readonly T Gradients => ref gradients;

    /// <summary>The uniforms, each repeated over <see cref="UniformFrame.Stride"/> bytes.</summary>
    public ref readonly T Uniforms => ref uniforms;

    /// <summary>The first value of a state buffer, in the order of the schema.</summary>
    public ref T State(int index) => ref Unsafe.Add(ref states, (nuint)index * stateStride);

    internal KernelBlock<T> Slice(nuint start, nuint length) => new(
        ref Unsafe.Add(ref parameters, start),
        ref Unsafe.Add(ref Unsafe.AsRef(in gradients), start),
        ref Unsafe.Add(ref states, start),
        stateStride,
        in uniforms,
        length);
}
