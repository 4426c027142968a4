using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptDsl.Models;

/// <content>The entries of a row where its factors and their gradient fill four registers each: rank 32 of floats, 16 of doubles.</content>
public sealed unsafe partial class BiasedCompletionLoss<T>
{
    private const int Registers = 4;

    /// <summary>All entries of a row: only a column's factors are loaded, and its gradient is loaded and stored.</summary>
    private double InRegisters(in Row at, int entry, int end)
    {
        int length = Vector256<T>.Count;
        nint rank = Registers * length;
        Vector256<T> p0 = Vector256.Load(at.P), p1 = Vector256.Load(at.P + length), p2 = Vector256.Load(at.P + (2 * length)), p3 = Vector256.Load(at.P + (3 * length));
        Vector256<T> g0 = default, g1 = default, g2 = default, g3 = default;

        // In locals: a field of the row would be loaded again after every store, which might have changed it.
        T* factors = at.Q, gradients = at.GradientQ, columnBias = at.ColumnBias, columnBiasGradient = at.ColumnBiasGradient;
        T bias = at.Bias, scale = at.Scale, biasGradient = default;
        bool wantsGradient = at.WantsGradient;
        double squares = 0;
        fixed (int* column = columns)
        fixed (T* target = targets)
        {
            for (; entry < end; entry++)
            {
                int one = column[entry];
                nint place = one * rank;
                T* q = factors + place;
                Vector256<T> q0 = Vector256.Load(q), q1 = Vector256.Load(q + length), q2 = Vector256.Load(q + (2 * length)), q3 = Vector256.Load(q + (3 * length));
                T residual = bias + columnBias[one] + Sum(Fused(p0, q0, p1 * q1) + Fused(p2, q2, p3 * q3)) - target[entry];
                squares += Square(residual);
                if (!wantsGradient)
                {
                    continue;
                }

                T scaled = residual * scale;
                biasGradient += scaled;
                columnBiasGradient[one] += scaled;
                var factor = Vector256.Create(scaled);
                g0 = Fused(factor, q0, g0);
                g1 = Fused(factor, q1, g1);
                g2 = Fused(factor, q2, g2);
                g3 = Fused(factor, q3, g3);
                T* to = gradients + place;
                Fused(factor, p0, Vector256.Load(to)).Store(to);
                Fused(factor, p1, Vector256.Load(to + length)).Store(to + length);
                Fused(factor, p2, Vector256.Load(to + (2 * length))).Store(to + (2 * length));
                Fused(factor, p3, Vector256.Load(to + (3 * length))).Store(to + (3 * length));
            }
        }

        if (wantsGradient)
        {
            *at.BiasGradient = biasGradient;
            g0.Store(at.GradientP);
            g1.Store(at.GradientP + length);
            g2.Store(at.GradientP + (2 * length));
            g3.Store(at.GradientP + (3 * length));
        }

        return squares;
    }

    /// <summary>a b + c, rounded once on every machine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Fused(Vector256<T> a, Vector256<T> b, Vector256<T> c)
        => typeof(T) == typeof(float)
            ? Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector256.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
}
