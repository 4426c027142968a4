using System.Numerics;
using OptDsl.Kernels;

namespace OptDsl;

/// <summary>
/// An update rule that can step buffers of <typeparamref name="T"/>. Implemented by the generator for every type marked
/// <see cref="OptimizerAttribute"/>; not meant to be implemented, or called, by hand.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public interface IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What the rule keeps and needs.</summary>
    static abstract RuleSchema Schema { get; }

    /// <summary>Checks the hyperparameters.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range; the exception names it.</exception>
    void Validate();

    /// <summary>Computes the uniforms of a step.</summary>
    /// <exception cref="ArgumentException">A uniform condition of the rule, such as the order of a clamp's bounds, does not hold.</exception>
    void Prepare(UniformFrame<T> frame);

    /// <summary>
    /// The fused pass: advances every parameter of the block once. The block's length is a multiple of the vector's.
    /// </summary>
    /// <returns>Whether a value met or made may not be finite; always false where the check is off.</returns>
    static abstract bool Sweep<TSimd, TVector, TCheck>(ref readonly KernelBlock<T> block)
        where TSimd : struct, ISimdOps<TVector, T>
        where TCheck : struct, IFaultCheck;

    /// <summary>The declaration, run one element at a time through the author's own methods.</summary>
    void SweepReference(UniformFrame<T> frame, KernelBlock<T> block);
}
