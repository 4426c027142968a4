using System.Runtime.CompilerServices;

namespace OptDsl;

/// <summary>
/// Forms of scalar functions that never throw and keep the sign of zero, unlike those of <see cref="Math"/>. Rules call them because every
/// lane of a vector must have a value.
/// </summary>
public static partial class RuleMath
{
    /// <summary>1 above zero and -1 below zero; zero keeps its sign and NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sign(double x) => x > 0 ? 1 : x < 0 ? -1 : x;

    /// <inheritdoc cref="Sign(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sign(float x) => x > 0 ? 1 : x < 0 ? -1 : x;

    /// <summary>
    /// <paramref name="min"/> if x is below <paramref name="min"/>, <paramref name="max"/> if x is above <paramref name="max"/>, else x.
    /// Never throws. If <paramref name="min"/> is above <paramref name="max"/>, every x below <paramref name="min"/> gives
    /// <paramref name="min"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Clamp(double x, double min, double max) => x < min ? min : x > max ? max : x;

    /// <inheritdoc cref="Clamp(double, double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Clamp(float x, float min, float max) => x < min ? min : x > max ? max : x;
}
