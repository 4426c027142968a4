using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <content>The path for ranks at which a row's factors and their gradient fill four registers each: rank 32 for float, 16 for
/// double.</content>
public sealed unsafe partial class BiasedCompletionLoss<T>
{
    private const int Registers = 4;

    /// <summary>
    /// Sums over all entries of a row. The gradients of four entries are added while the next four residuals are computed. A residual ends
    /// a long chain of dependent operations. If the chains ran one after the other, the processor would run out of registers before it
    /// found independent work.
    /// </summary>
    private double InRegisters(in Row at, int entry, int end)
    {
        FourVectors p = new(at.P), g = new(at.GradientP);
        nint rank = Registers * Vector256<T>.Count;

        // The pointers are in locals: the compiler would reload a field of the row after every store, because the store might have changed
        // it.
        T* factors = at.Q, gradients = at.GradientQ, columnBias = at.ColumnBias, columnBiasGradient = at.ColumnBiasGradient;
        T bias = at.Bias, scale = at.Scale;
        bool wantsGradient = at.WantsGradient;
        double squares;
        T biasGradient;
        fixed (int* column = columns)
        fixed (T* target = targets)
        {
            int first = entry;
            Vector256<double> sums = default;
            Vector256<T> scaledSums = default, scaled = default, scales = Vector256.Create(scale), biases = Vector256.Create(bias);
            for (; entry + Together <= end; entry += Together)
            {
                nint c0 = column[entry], c1 = column[entry + 1], c2 = column[entry + 2], c3 = column[entry + 3];
                Vector256<T> dots = FourLanes.Sums(p.Products(factors + (c0 * rank)), p.Products(factors + (c1 * rank)),
                    p.Products(factors + (c2 * rank)), p.Products(factors + (c3 * rank)));
                Vector256<T> residuals = FourLanes.Create(columnBias[c0], columnBias[c1], columnBias[c2], columnBias[c3])
                    - FourLanes.Load(ref target[entry]) + biases + dots;
                Vector256<double> wide = FourLanes.Widen(residuals);
                sums += wide * wide;
                if (!wantsGradient)
                {
                    continue;
                }

                if (entry > first)
                {
                    AddFour(column + entry - Together, scaled, factors, gradients, columnBiasGradient, in p, ref g);
                }

                scaled = residuals * scales;
                scaledSums += scaled;
            }

            if (wantsGradient && entry > first)
            {
                AddFour(column + entry - Together, scaled, factors, gradients, columnBiasGradient, in p, ref g);
            }

            squares = sums[0] + sums[1] + (sums[2] + sums[3]);
            biasGradient = scaledSums[0] + scaledSums[1] + (scaledSums[2] + scaledSums[3]);
            for (; entry < end; entry++)
            {
                nint one = column[entry];
                T residual = columnBias[one] - target[entry] + bias + FourLanes.Sum(p.Products(factors + (one * rank)));
                squares += Square(residual);
                if (wantsGradient)
                {
                    biasGradient += residual * scale;
                    AddOne(one, residual * scale, factors, gradients, columnBiasGradient, in p, ref g);
                }
            }
        }

        if (wantsGradient)
        {
            *at.BiasGradient += biasGradient;
            g.Store(at.GradientP);
        }

        return squares;
    }

    /// <summary>Adds the gradients of four entries, one after the other, because the same column may occur twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFour(int* column, Vector256<T> scaled, T* factors, T* gradients, T* columnBiasGradient, in FourVectors p,
        ref FourVectors g)
    {
        AddOne(column[0], scaled[0], factors, gradients, columnBiasGradient, in p, ref g);
        AddOne(column[1], scaled[1], factors, gradients, columnBiasGradient, in p, ref g);
        AddOne(column[2], scaled[2], factors, gradients, columnBiasGradient, in p, ref g);
        AddOne(column[3], scaled[3], factors, gradients, columnBiasGradient, in p, ref g);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddOne(nint one, T scaled, T* factors, T* gradients, T* columnBiasGradient, in FourVectors p, ref FourVectors g)
    {
        nint place = one * (Registers * Vector256<T>.Count);
        columnBiasGradient[one] += scaled;
        var factor = Vector256.Create(scaled);
        g.Add(factor, factors + place);
        p.AddTo(factor, gradients + place);
    }

    /// <summary>A row of four vectors.</summary>
    private struct FourVectors
    {
        private Vector256<T> v0, v1, v2, v3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal FourVectors(T* at)
        {
            int w = Vector256<T>.Count;
            (v0, v1, v2, v3) = (Vector256.Load(at), Vector256.Load(at + w), Vector256.Load(at + (2 * w)), Vector256.Load(at + (3 * w)));
        }

        /// <summary>The lanes whose sum is the inner product.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal readonly Vector256<T> Products(T* with)
        {
            int w = Vector256<T>.Count;
            return Fused(v0, Vector256.Load(with), v1 * Vector256.Load(with + w))
                + Fused(v2, Vector256.Load(with + (2 * w)), v3 * Vector256.Load(with + (3 * w)));
        }

        /// <summary>Adds a multiple of a row in memory.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal void Add(Vector256<T> factor, T* row)
        {
            int w = Vector256<T>.Count;
            v0 = Fused(factor, Vector256.Load(row), v0);
            v1 = Fused(factor, Vector256.Load(row + w), v1);
            v2 = Fused(factor, Vector256.Load(row + (2 * w)), v2);
            v3 = Fused(factor, Vector256.Load(row + (3 * w)), v3);
        }

        /// <summary>Adds a multiple to a row in memory.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal readonly void AddTo(Vector256<T> factor, T* row)
        {
            int w = Vector256<T>.Count;
            Fused(factor, v0, Vector256.Load(row)).Store(row);
            Fused(factor, v1, Vector256.Load(row + w)).Store(row + w);
            Fused(factor, v2, Vector256.Load(row + (2 * w))).Store(row + (2 * w));
            Fused(factor, v3, Vector256.Load(row + (3 * w))).Store(row + (3 * w));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal readonly void Store(T* to)
        {
            int w = Vector256<T>.Count;
            v0.Store(to);
            v1.Store(to + w);
            v2.Store(to + (2 * w));
            v3.Store(to + (3 * w));
        }

        /// <summary>a b + c, rounded once, on every machine.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<T> Fused(Vector256<T> a, Vector256<T> b, Vector256<T> c)
            => typeof(T) == typeof(float)
                ? Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
                : Vector256.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
    }
}
