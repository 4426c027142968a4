using System.Runtime.CompilerServices;

namespace OptDsl.Simd;

/// <summary>Conditions as the lanes of a vector.</summary>
internal static class LaneMask
{
    /// <summary>All bits set for true, none for false.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Of<T>(bool value)
        where T : unmanaged
        => Unsafe.SizeOf<T>() == sizeof(float)
            ? Unsafe.BitCast<uint, T>(value ? uint.MaxValue : 0)
            : Unsafe.BitCast<ulong, T>(value ? ulong.MaxValue : 0);
}
