using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OptDsl.Linear;

/// <summary>Four elements in the first lanes of a vector. For float, the content of the other four lanes does not matter.</summary>
internal static class FourLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<T> Create<T>(T a, T b, T c, T d)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float)
            ? Vector128.Create((float)(object)a, (float)(object)b, (float)(object)c, (float)(object)d).ToVector256Unsafe().As<float, T>()
            : Vector256.Create((double)(object)a, (double)(object)b, (double)(object)c, (double)(object)d).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<T> Load<T>(ref T at)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float) ? Vector128.LoadUnsafe(ref at).ToVector256Unsafe() : Vector256.LoadUnsafe(ref at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<T>(Vector256<T> lanes, ref T to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            lanes.GetLower().StoreUnsafe(ref to);
        }
        else
        {
            lanes.StoreUnsafe(ref to);
        }
    }

    /// <summary>
    /// Transposes a 4 x 4 block: the first vector then holds the first element of each row. For processors with <see cref="Avx"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Transpose<T>(ref Vector256<T> a, ref Vector256<T> b, ref Vector256<T> c, ref Vector256<T> d)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<float> p = a.AsSingle().GetLower(), q = b.AsSingle().GetLower(), r = c.AsSingle().GetLower(),
                s = d.AsSingle().GetLower();
            Vector128<float> low = Sse.UnpackLow(p, q), high = Sse.UnpackHigh(p, q), nextLow = Sse.UnpackLow(r, s),
                nextHigh = Sse.UnpackHigh(r, s);
            a = Sse.MoveLowToHigh(low, nextLow).ToVector256Unsafe().As<float, T>();
            b = Sse.MoveHighToLow(nextLow, low).ToVector256Unsafe().As<float, T>();
            c = Sse.MoveLowToHigh(high, nextHigh).ToVector256Unsafe().As<float, T>();
            d = Sse.MoveHighToLow(nextHigh, high).ToVector256Unsafe().As<float, T>();
            return;
        }

        Vector256<double> even = Avx.UnpackLow(a.AsDouble(), b.AsDouble()), odd = Avx.UnpackHigh(a.AsDouble(), b.AsDouble());
        Vector256<double> nextEven = Avx.UnpackLow(c.AsDouble(), d.AsDouble()), nextOdd = Avx.UnpackHigh(c.AsDouble(), d.AsDouble());
        a = Avx.Permute2x128(even, nextEven, 0x20).As<double, T>();
        b = Avx.Permute2x128(odd, nextOdd, 0x20).As<double, T>();
        c = Avx.Permute2x128(even, nextEven, 0x31).As<double, T>();
        d = Avx.Permute2x128(odd, nextOdd, 0x31).As<double, T>();
    }

    /// <summary>The four elements in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> Widen<T>(Vector256<T> lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            return lanes.AsDouble();
        }

        Vector128<float> four = lanes.AsSingle().GetLower();
        return Avx.IsSupported ? Avx.ConvertToVector256Double(four)
            : Vector256.Create(Vector128.WidenLower(four), Vector128.WidenUpper(four));
    }

    /// <summary>The sums of all lanes of four vectors. Each sum has the order of <see cref="Sum"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<T> Sums<T>(Vector256<T> a, Vector256<T> b, Vector256<T> c, Vector256<T> d)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!Avx.IsSupported)
        {
            return Create(Sum(a), Sum(b), Sum(c), Sum(d));
        }

        if (typeof(T) == typeof(float))
        {
            Vector256<float> ab = Avx.UnpackLow(a.AsSingle(), b.AsSingle()) + Avx.UnpackHigh(a.AsSingle(), b.AsSingle());
            Vector256<float> cd = Avx.UnpackLow(c.AsSingle(), d.AsSingle()) + Avx.UnpackHigh(c.AsSingle(), d.AsSingle());
            Vector256<float> halves = Avx.Shuffle(ab, cd, 0b01_00_01_00) + Avx.Shuffle(ab, cd, 0b11_10_11_10);
            return (halves.GetLower() + halves.GetUpper()).ToVector256Unsafe().As<float, T>();
        }

        Vector256<double> first = Avx.UnpackLow(a.AsDouble(), b.AsDouble()) + Avx.UnpackHigh(a.AsDouble(), b.AsDouble());
        Vector256<double> second = Avx.UnpackLow(c.AsDouble(), d.AsDouble()) + Avx.UnpackHigh(c.AsDouble(), d.AsDouble());
        return (Avx.Permute2x128(first, second, 0x20) + Avx.Permute2x128(first, second, 0x31)).As<double, T>();
    }

    /// <summary>
    /// The sum of all lanes: first of each half of 128 bits, then of the two halves. Of four lanes, the even ones and the odd ones are
    /// added first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Sum<T>(Vector256<T> lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            return lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
        }

        // One addition computes both halves.
        Vector256<float> halves = lanes.AsSingle();
        halves += Vector256.Shuffle(halves, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5));
        Vector128<float> pairs = halves.GetLower(), others = halves.GetUpper();
        return (T)(object)(pairs[0] + pairs[1] + (others[0] + others[1]));
    }
}
