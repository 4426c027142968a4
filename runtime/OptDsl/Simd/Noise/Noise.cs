using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OptDsl.Simd;

namespace OptDsl;

/// <summary>
/// Random draws that are functions of key and element alone. They have the same bits for every start, length, vector width and division
/// among threads.
/// </summary>
/// <remarks>
/// The generator is Philox4x32-10 with the seed as its key. Words 0 and 1 of the counter hold the 48-bit number of the counter and, above
/// it, the upper 16 bits of the attempt. Word 2 holds the stream. Word 3 holds the lower 32 bits of the attempt. So every stream, attempt
/// and number has its own counter. With elements below 2^49 and attempts below 2^48, no field overflows. Sixteen neighbouring counters give
/// 64 draws of float or 32 of double, in an order that lets vectors of every width fill whole vectors. For signs, which take one bit each,
/// they give 2048 draws. All kinds and element types use the same counters, so independent draws need different streams.
/// </remarks>
public static class Noise
{
    internal const ulong Elements = 1UL << 49;

    private const ulong Attempts = 1UL << 48;

    // Bytes of the numbers from sixteen counters.
    private const int BlockBytes = 4 * sizeof(uint) * Philox.Lanes;

    /// <summary>
    /// Sets <paramref name="destination"/>[i] to the draw of element <paramref name="start"/> + i. <typeparamref name="T"/> is
    /// float or double.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An element is not below 2^49, or the attempt not below 2^48.</exception>
    public static void Fill<T>(NoiseKind kind, in NoiseKey key, ulong start, Span<T> destination, SimdWidth width = SimdWidth.Widest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new NotSupportedException($"The element type of noise must be float or double, not {typeof(T).Name}.");
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)kind, (uint)NoiseKind.Rademacher, nameof(kind));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Elements - (ulong)destination.Length, nameof(start));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(key.Attempt, Attempts, nameof(key));
        switch (width)
        {
            case SimdWidth.Bits512:
            case SimdWidth.Widest when Vector512.IsHardwareAccelerated:
                Fill<Simd512<T>, Vector512<T>, Words512, Vector512<ulong>, T>(kind, in key, start, destination);
                break;
            case SimdWidth.Bits256:
            case SimdWidth.Widest when Vector256.IsHardwareAccelerated:
                Fill<Simd256<T>, Vector256<T>, Words256, Vector256<ulong>, T>(kind, in key, start, destination);
                break;
            case SimdWidth.Bits128:
            case SimdWidth.Widest when Vector128.IsHardwareAccelerated:
                Fill<Simd128<T>, Vector128<T>, Words128, Vector128<ulong>, T>(kind, in key, start, destination);
                break;
            case SimdWidth.Scalar:
            case SimdWidth.Widest:
                Fill<Simd1<T>, T, Words1, ulong, T>(kind, in key, start, destination);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(width), width, "Width must be Widest, Scalar, Bits128, Bits256 or Bits512.");
        }
    }

    /// <summary>The draw of one element, equal to what <c>Fill</c> writes for it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The element is not below 2^49, or the attempt not below 2^48.</exception>
    public static T At<T>(NoiseKind kind, in NoiseKey key, ulong element)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T draw = default;
        Fill(kind, in key, element, new Span<T>(ref draw));
        return draw;
    }

    /// <summary>
    /// Whole blocks are written in place. A block that is needed only in part is made separately as a whole, by the same code.
    /// </summary>
    [SkipLocalsInit]
    private static void Fill<S, V, B, W, T>(NoiseKind kind, in NoiseKey key, ulong start, Span<T> destination)
        where S : struct, ISimdOps<V, T>
        where B : struct, IWordOps<W>
        where T : unmanaged
    {
        Span<ulong> numbers = stackalloc ulong[BlockBytes / sizeof(ulong)], part = stackalloc ulong[BlockBytes / sizeof(ulong)];
        ref T number = ref Unsafe.As<ulong, T>(ref numbers[0]);
        int size = BlockBytes / Unsafe.SizeOf<T>();

        // The number of blocks of draws that one block of numbers gives.
        ulong shared = kind == NoiseKind.Rademacher ? (ulong)Draws<S, V, T>.Bits : 1;
        ulong made = ulong.MaxValue;
        ulong second = key.Stream | key.Attempt << 32, high = key.Attempt >> 32 << 48;
        while (!destination.IsEmpty)
        {
            (ulong block, ulong skipped) = Math.DivRem(start, (ulong)size);
            (ulong source, ulong place) = Math.DivRem(block, shared);
            if (source != made)
            {
                Philox.Fill<W, B>(key.Seed, (source * Philox.Lanes) | high, second, wide: Unsafe.SizeOf<T>() == sizeof(double),
                    ref numbers[0]);
                made = source;
            }

            int count = Math.Min(size - (int)skipped, destination.Length);
            bool isWhole = count == size;
            ref T target = ref isWhole ? ref MemoryMarshal.GetReference(destination) : ref Unsafe.As<ulong, T>(ref part[0]);
            switch (kind)
            {
                case NoiseKind.Gaussian:
                    Draws<S, V, T>.Gaussian(in number, ref target, size);
                    break;
                case NoiseKind.Uniform:
                    Draws<S, V, T>.Uniform(in number, ref target, size);
                    break;
                default:
                    Draws<S, V, T>.Rademacher(in number, ref target, size, (int)place);
                    break;
            }

            if (!isWhole)
            {
                MemoryMarshal.Cast<ulong, T>(part).Slice((int)skipped, count).CopyTo(destination);
            }

            destination = destination[count..];
            start += (ulong)count;
        }
    }
}
