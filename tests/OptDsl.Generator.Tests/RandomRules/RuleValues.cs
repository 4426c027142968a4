using System.Numerics;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>Gradients and parameters, drawn.</summary>
internal static class RuleValues
{
    internal static void Fill<T>(Span<T> values, Values kind, Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < values.Length; i++)
        {
            // Quarters between others, so that values meet each other and the constants of rules.
            values[i] = kind == Values.Special && random.Next(3) == 0 ? Special<T>(random)
                : random.Next(4) == 0 ? T.CreateTruncating((random.Next(25) - 12) * 0.25)
                : T.CreateTruncating((6 * random.NextDouble()) - 3);
        }
    }

    /// <summary>Makes one value of one of the two runs not finite, or so large that its square is not.</summary>
    internal static void Spoil<T>(Span<T> gradients, Span<T> parameters, Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> spoilt = random.Next(2) == 0 ? gradients : parameters;
        if (spoilt.Length > 0)
        {
            spoilt[random.Next(spoilt.Length)] = random.Next(4) switch
            {
                0 => T.NaN,
                1 => T.PositiveInfinity,
                2 => T.NegativeInfinity,
                _ => T.BitDecrement(T.PositiveInfinity),
            };
        }
    }

    /// <summary>Puts the greatest finite value in the place of what is not finite.</summary>
    internal static void Tame<T>(Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ref T value in values)
        {
            value = T.IsFinite(value) ? value : T.BitDecrement(T.PositiveInfinity);
        }
    }

    /// <summary>NaN equals NaN, whatever its sign and payload; everything else bit for bit.</summary>
    internal static bool Same<T>(T a, T b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => T.IsNaN(a) ? T.IsNaN(b) : a == b && T.IsNegative(a) == T.IsNegative(b);

    internal static bool AllFinite<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (T value in values)
        {
            if (!T.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    private static T Special<T>(Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T half = T.CreateTruncating(0.5), huge = T.BitDecrement(T.PositiveInfinity);
        T value = random.Next(12) switch
        {
            0 => T.NaN,
            1 => T.PositiveInfinity,
            2 => T.Epsilon,
            3 => T.Zero,
            4 => huge,
            5 => half,
            6 => T.One + half,
            7 => T.One,
            8 => T.Sqrt(huge),
            9 => T.One / huge,
            10 => T.BitDecrement(half),
            _ => T.CreateTruncating(2.5),
        };
        return random.Next(2) == 0 ? value : -value;
    }
}
