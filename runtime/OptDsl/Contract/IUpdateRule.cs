using System.ComponentModel;
using System.Numerics;
using OptDsl.Contract;
using OptDsl.Simd;

namespace OptDsl;

/// <summary>
/// An update rule that can step buffers of <typeparamref name="T"/>. The generator implements it for every type marked
/// <see cref="OptimizerAttribute"/>. Do not implement it or call it by hand.
/// </summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public interface IUpdateRule<T> : IRuleValues
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The rule's states, inputs and other properties.</summary>
    static abstract RuleSchema Schema { get; }

    /// <summary>Checks the hyperparameters.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter is out of its range; the exception names it.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    void Validate();

    /// <summary>Computes the values per group that are needed before a pass.</summary>
    /// <param name="phase">The number of the phase in the schema.</param>
    /// <param name="frame">The frame to read and fill.</param>
    /// <exception cref="ArgumentException">
    /// A condition of the rule on uniform values, such as the order of a clamp's bounds, does not hold.
    /// </exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    void Prepare(int phase, UniformFrame<T> frame);

    /// <summary>Computes the values per tensor, row or column that are needed before a pass.</summary>
    /// <param name="phase">The number of the phase in the schema.</param>
    /// <param name="frame">The group's frame.</param>
    /// <param name="tensor">The tensor's frame, to read and fill.</param>
    /// <exception cref="ArgumentException">A condition of the rule, such as the order of a clamp's bounds, does not hold.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    void PrepareTensor(int phase, UniformFrame<T> frame, TensorFrame<T> tensor)
    {
    }

    /// <summary>
    /// Runs a pass: advances every parameter of the block once. The block's length is a multiple of the vector's length, and of 32 if the
    /// pass reduces.
    /// </summary>
    /// <param name="pass">The number of the pass in the schema.</param>
    /// <param name="block">The block to sweep.</param>
    /// <returns>Whether a value that was read or computed may not be finite; always false if the check is off.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static abstract bool Sweep<TSimd, TVector, TWide, TWideVector, TCheck>(int pass, ref readonly KernelBlock<T> block)
        where TSimd : struct, ISimdOps<TVector, T>, IWidening<TVector, TWideVector>
        where TWide : struct, ISimdOps<TWideVector, double>
        where TCheck : struct, IFaultCheck;

    /// <summary>Runs the declaration: the author's own method for one member, over all of one tensor.</summary>
    /// <param name="member">
    /// The member's number in the schema. The number after the last member computes the values that are kept for the next step.
    /// </param>
    /// <param name="frame">The frame to read and fill.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    void Reference(int member, ReferenceFrame frame);
}
