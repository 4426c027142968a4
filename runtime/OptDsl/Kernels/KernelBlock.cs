using System.Runtime.CompilerServices;

namespace OptDsl.Kernels;

/// <summary>A run of parameters with their gradients, states and uniforms: what one call of a kernel sweeps over.</summary>
/// <typeparam name="T">The element of the buffers.</typeparam>
/// <remarks>
/// Its memory does not move and outlives the step, so it holds addresses and can lie in an array, made once; a kernel takes
/// it by reference, for copying it for each call shows in a small step.
/// </remarks>
public readonly unsafe struct KernelBlock<T>
    where T : unmanaged
{
    private readonly T* parameters, gradients, states, uniforms;
    private readonly nuint stateStride;

    internal KernelBlock(T* parameters, T* gradients, T* states, nuint stateStride, T* uniforms, nuint length)
    {
        this.parameters = parameters;
        this.gradients = gradients;
        this.states = states;
        this.stateStride = stateStride;
        this.uniforms = uniforms;
        Length = length;
    }

    /// <summary>Parameters in the block.</summary>
    public nuint Length { get; }

    /// <summary>The first parameter.</summary>
    public ref T Parameters => ref Unsafe.AsRef<T>(parameters);

    /// <summary>The gradient of the first parameter.</summary>
    public ref readonly T Gradients => ref Unsafe.AsRef<T>(gradients);

    /// <summary>The uniforms, each repeated over <see cref="UniformFrame.Stride"/> bytes.</summary>
    public ref readonly T Uniforms => ref Unsafe.AsRef<T>(uniforms);

    /// <summary>The first value of a state buffer, in the order of the schema.</summary>
    public ref T State(int index) => ref Unsafe.AsRef<T>(states + ((nuint)index * stateStride));

    internal KernelBlock<T> Slice(nuint start, nuint length)
        => new(parameters + start, gradients + start, states + start, stateStride, uniforms, length);
}
