using System.ComponentModel;
using System.Numerics;
using OptDsl.Contract;
using OptDsl.Simd;

namespace OptDsl;

/// <summary>
/// An update rule that can step buffers of <typeparamref name="T"/>. Implemented by the generator for every type marked
/// <see cref="OptimizerAttribute"/>; not meant to be implemented, or called, by hand.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public interface IUpdateRule<T> : IRuleValues
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What the rule keeps and needs.</summary>
    static abstract RuleSchema Schema { get; }

    /// <summary>Checks the hyperparameters.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range; the exception names it.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    void Validate();

    /// <summary>Computes what is uniform in a group and known before a pass.</summary>
    /// <param name="phase">Which, by the schema.</param>
    /// <param name="frame">What it reads and fills.</param>
    /// <exception cref="ArgumentException">
    /// A uniform condition of the rule, such as the order of a clamp's bounds, does not hold.
    /// </exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    void Prepare(int phase, UniformFrame<T> frame);

    /// <summary>Computes what is one per tensor, row or column and known before a pass.</summary>
    /// <param name="phase">Which, by the schema.</param>
    /// <param name="frame">The group's.</param>
    /// <param name="tensor">The tensor's: what it reads and fills.</param>
    /// <exception cref="ArgumentException">A condition of the rule, such as the order of a clamp's bounds, does not hold.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    void PrepareTensor(int phase, UniformFrame<T> frame, TensorFrame<T> tensor)
    {
    }

    /// <summary>
    /// A pass: advances every parameter of the block once. The block's length is a multiple of the vector's, and where the pass
    /// reduces, of 32.
    /// </summary>
    /// <param name="pass">Which, by the schema.</param>
    /// <param name="block">What it sweeps over.</param>
    /// <returns>Whether a value met or made may not be finite; always false where the check is off.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static abstract bool Sweep<TSimd, TVector, TWide, TWideVector, TCheck>(int pass, ref readonly KernelBlock<T> block)
        where TSimd : struct, ISimdOps<TVector, T>, IWidening<TVector, TWideVector>
        where TWide : struct, ISimdOps<TWideVector, double>
        where TCheck : struct, IFaultCheck;

    /// <summary>The declaration: one member through the author's own method, over all of one tensor.</summary>
    /// <param name="member">Its number in the schema; one more than the last for what is kept for the next step.</param>
    /// <param name="frame">What it reads and fills.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    void Reference(int member, ReferenceFrame frame);
}
