using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OptDsl.Simd;

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
internal sealed unsafe class FunctionContest<F, T> : Contest
    where F : struct, IFunction<T>
    where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
{
    private const int Length = 4096;

    // Apart by more than their length: a processor takes a load for one of what was just stored if their low 12 bits agree.
    private const int Apart = Length + 272;

    private readonly T[] memory = GC.AllocateArray<T>((4 * Apart) + 16, pinned: true);
    private readonly int first;

    internal FunctionContest(double from, double to)
    {
        var random = new Random(1);
        first = (int)(-(nint)Unsafe.AsPointer(ref memory[0]) & 63) / sizeof(T);
        for (int i = 0; i < Length; i++)
        {
            X[i] = T.CreateTruncating(from + ((to - from) * random.NextDouble()));
            Y[i] = T.CreateTruncating(5 * random.NextDouble());
        }
    }

    private Span<T> X => memory.AsSpan(first, Length);

    private Span<T> Y => memory.AsSpan(first + Apart, Length);

    private Span<T> Ours => memory.AsSpan(first + (2 * Apart), Length);

    private Span<T> Theirs => memory.AsSpan(first + (3 * Apart), Length);

    internal override (Work Rival, Work Ours) Works(int repetitions) => (
        () =>
        {
            for (int i = 0; i < repetitions; i++)
            {
                Platform(X, Y, Theirs);
            }
        },
        () =>
        {
            for (int i = 0; i < repetitions; i++)
            {
                if (Vector512.IsHardwareAccelerated)
                {
                    Vectors<Simd512<T>, Vector512<T>>(X, Y, Ours);
                }
                else
                {
                    Vectors<Simd256<T>, Vector256<T>>(X, Y, Ours);
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
            if (T.Abs(Ours[i] - Theirs[i]) > T.Abs(Theirs[i]) * T.CreateTruncating(typeof(T) == typeof(float) ? 1e-6 : 1e-14))
            {
                throw new InvalidOperationException($"{typeof(F).Name} of {X[i]}, {Y[i]}: ours {Ours[i]}, the platform's {Theirs[i]}.");
            }
        }
    }

    public override void Dispose()
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Platform(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> results)
    {
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = F.Platform(x[i], y[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Vectors<S, V>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> results)
        where S : struct, ISimdOps<V, T>
    {
        for (nuint i = 0; i < (nuint)results.Length; i += (nuint)S.Count)
        {
            S.Store(F.Ours<S, V>(S.Load(in x[0], i), S.Load(in y[0], i)), ref results[0], i);
        }
    }
}
