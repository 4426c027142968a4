using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OptDsl.Kernels;

namespace OptDsl.Benchmarks;

/// <summary>An approximate function: the library's for a vector, and the platform's for a number.</summary>
internal interface IFunction<T>
    where T : unmanaged
{
    static abstract V Ours<S, V>(V x, V y)
        where S : struct, ISimdOps<V, T>;

    static abstract T Platform(T x, T y);
}

/// <summary>A function over an array, a vector at a time, against a loop that calls <see cref="Math"/> or <see cref="MathF"/>.</summary>
internal sealed class FunctionContest<F, T> : Contest
    where F : struct, IFunction<T>
    where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
{
    private const int Length = 4096;

    private readonly T[] x, y, ours = new T[Length], theirs = new T[Length];

    internal FunctionContest(double from, double to)
    {
        var random = new Random(1);
        x = [.. Enumerable.Range(0, Length).Select(_ => T.CreateTruncating(from + ((to - from) * random.NextDouble())))];
        y = [.. Enumerable.Range(0, Length).Select(_ => T.CreateTruncating(5 * random.NextDouble()))];
    }

    internal override (Work Rival, Work Ours) Works(int repetitions) => (
        () =>
        {
            for (int i = 0; i < repetitions; i++)
            {
                Platform(x, y, theirs);
            }
        },
        () =>
        {
            for (int i = 0; i < repetitions; i++)
            {
                if (Vector512.IsHardwareAccelerated)
                {
                    Vectors<Simd512<T>, Vector512<T>>(x, y, ours);
                }
                else
                {
                    Vectors<Simd256<T>, Vector256<T>>(x, y, ours);
                }
            }
        }
    );

    internal override void Verify()
    {
        (Work rival, Work own) = Works(1);
        rival();
        own();
        for (int i = 0; i < Length; i++)
        {
            if (T.Abs(ours[i] - theirs[i]) > T.Abs(theirs[i]) * T.CreateTruncating(typeof(T) == typeof(float) ? 1e-6 : 1e-14))
            {
                throw new InvalidOperationException($"{typeof(F).Name} of {x[i]}, {y[i]}: ours {ours[i]}, the platform's {theirs[i]}.");
            }
        }
    }

    public override void Dispose()
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Platform(T[] x, T[] y, T[] results)
    {
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = F.Platform(x[i], y[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Vectors<S, V>(T[] x, T[] y, T[] results)
        where S : struct, ISimdOps<V, T>
    {
        for (nuint i = 0; i < (nuint)results.Length; i += (nuint)S.Count)
        {
            S.Store(F.Ours<S, V>(S.Load(in x[0], i), S.Load(in y[0], i)), ref results[0], i);
        }
    }
}
