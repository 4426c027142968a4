using System.Runtime.CompilerServices;

namespace OptDsl;

/// <summary>
/// Total forms of scalar functions that throw, or that lose a sign, in <see cref="Math"/>: what a rule calls where every
/// lane of a vector must have a value.
/// </summary>
public static partial class RuleMath
{
    /// <summary>1 above zero, -1 below; zero keeps its sign and NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sign(double x) => x > 0 ? 1 : x < 0 ? -1 : x;

    /// <inheritdoc cref="Sign(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sign(float x) => x > 0 ? 1 : x < 0 ? -1 : x;

    /// <summary>
    /// <paramref name="min"/> below it, <paramref name="max"/> above it, else <paramref name="x"/>. Never throws: where
    /// the bounds are out of order the lower one wins below it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Clamp(double x, double min, double max) => x < min ? min : x > max ? max : x;

    /// <inheritdoc cref="Clamp(double, double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Clamp(float x, float min, float max) => x < min ? min : x > max ? max : x;
}
