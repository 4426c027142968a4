using System.Runtime.CompilerServices;
using OptDsl.Contract;

namespace OptDsl.Conformance.Tests.Assertions;

/// <summary>How a rule breaks its promise.</summary>
public enum Fault
{
    None,

    /// <summary>The kernel at 256 bits is off by one unit in the last place, in the sixth parameter.</summary>
    OneBit,

    /// <summary>The kernel stores the largest number for infinity, which only special values show.</summary>
    Saturating,

    /// <summary>The kernel stores one element past its end.</summary>
    PastTheEnd,

    /// <summary>The kernel depends on where its block begins, as a tile of a thread does.</summary>
    Tile,

    /// <summary>The kernel depends on more than its states: on the steps this rule value has made.</summary>
    Hidden,

    /// <summary>The kernel in float is off by a part in a thousand.</summary>
    Coarse,

    /// <summary>The state alone is wrong.</summary>
    State,
}

/// <summary>A place for each fault, so that it is a type: a kernel is static.</summary>
internal interface IFault
{
    static abstract Fault Fault { get; }
}

/// <summary>Momentum by hand, around the generated one, with a fault in its kernel.</summary>
internal sealed class TamperedRule<TFault> : IUpdateRule<double>, IUpdateRule<float>
    where TFault : IFault
{
    private static readonly RuleSchema Tampered = new("Tampered", Arithmetic.Strict, 1, 0,
        [new("Velocity", StateRole.State, StateKind.PerParameter)]);

    private int prepared;

    static RuleSchema IUpdateRule<double>.Schema => Tampered;

    static RuleSchema IUpdateRule<float>.Schema => Tampered;

    void IUpdateRule<double>.Validate()
    {
    }

    void IUpdateRule<float>.Validate()
    {
    }

    void IUpdateRule<double>.Prepare(int phase, UniformFrame<double> frame) => frame.Set(0, Rate());

    void IUpdateRule<float>.Prepare(int phase, UniformFrame<float> frame) => frame.Set(0, Rate());

    static bool IUpdateRule<double>.Sweep<TSimd, TVector, TWide, TWideVector, TCheck>(int pass, ref readonly KernelBlock<double> block)
        => Sweep(block, Unsafe.SizeOf<TVector>() / sizeof(double));

    static bool IUpdateRule<float>.Sweep<TSimd, TVector, TWide, TWideVector, TCheck>(int pass, ref readonly KernelBlock<float> block)
        => Sweep(block, Unsafe.SizeOf<TVector>() / sizeof(float));

    void IUpdateRule<double>.Reference(int member, ReferenceFrame frame) => Walk(frame);

    void IUpdateRule<float>.Reference(int member, ReferenceFrame frame) => Walk(frame);

    private static void Walk(ReferenceFrame frame)
    {
        for (int i = 0; i < frame.Count; i++)
        {
            double velocity = (frame.Buffers(0)[i] * 0.5) + frame.Gradient[i];
            frame.NextBuffers(0)[i] = velocity;
            frame.NextParameter[i] = frame.Parameter[i] - (0.1 * velocity);
        }
    }

    private double Rate() => TFault.Fault == Fault.Hidden ? 0.1 * ++prepared : 0.1;

    private static bool Sweep<T>(KernelBlock<T> block, int lanes)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Walk(block, TFault.Fault, lanes);
        return false;
    }

    private static void Walk<T>(KernelBlock<T> block, Fault fault, int lanes)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        int length = (int)block.Length;
        T rate = block.Uniforms;
        for (int i = 0; i < length; i++)
        {
            ref T parameter = ref Unsafe.Add(ref block.Parameters, i);
            ref T velocity = ref Unsafe.Add(ref block.State(0), i);
            velocity = (velocity * T.CreateTruncating(0.5)) + Unsafe.Add(ref Unsafe.AsRef(in block.Gradients), i);
            parameter -= rate * velocity;
            if (fault == Fault.OneBit && i == 5 && lanes == 4)
            {
                parameter = T.BitIncrement(parameter);
            }
            else if ((fault == Fault.Tile && i == 0 && lanes > 1 && length is > 1 and < 64)
            || (fault == Fault.Coarse && typeof(T) == typeof(float)))
            {
                parameter *= T.CreateTruncating(1.001);
            }
            else if (fault == Fault.Saturating && T.IsPositiveInfinity(parameter))
            {
                parameter = T.BitDecrement(parameter);
            }
            else if (fault == Fault.State && i == length - 1 && lanes > 1)
            {
                velocity = T.BitIncrement(velocity);
            }
        }

        if (fault == Fault.PastTheEnd && length > 0)
        {
            Unsafe.Add(ref block.Parameters, length) = T.One;
        }
    }
}
