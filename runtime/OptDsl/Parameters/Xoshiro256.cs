namespace OptDsl;

/// <summary>
/// A generator of random numbers with the same bits on every machine: xoshiro256++ (Blackman and Vigna 2019), seeded through SplitMix64.
/// Use it for initial values, splits and masks, not for secrets.
/// </summary>
/// <remarks>
/// Not thread-safe: give every thread its own stream of the same seed. A checkpoint can hold its state beside the optimizer
/// (docs/checkpoints.md).
/// </remarks>
public sealed class Xoshiro256 : ICheckpointed
{
    private ulong s0, s1, s2, s3;
    private double spare;
    private bool hasSpare;

    /// <summary>Starts a sequence of random numbers.</summary>
    /// <param name="seed">Any number. Each seed gives another sequence.</param>
    /// <param name="stream">Any number. Each stream of the same seed gives another sequence.</param>
    public Xoshiro256(ulong seed, ulong stream = 0)
    {
        ulong state = seed;
        state = SplitMix(ref state) ^ stream;
        s0 = SplitMix(ref state);
        s1 = SplitMix(ref state);
        s2 = SplitMix(ref state);
        s3 = SplitMix(ref state);
    }

    /// <summary>Continues from a state of the published generator.</summary>
    /// <param name="s0">First word of the state. At least one of the four words must not be zero.</param>
    /// <param name="s1">Second word.</param>
    /// <param name="s2">Third word.</param>
    /// <param name="s3">Fourth word.</param>
    /// <exception cref="ArgumentException">All words are zero; from there the generator would return only zeros.</exception>
    public Xoshiro256(ulong s0, ulong s1, ulong s2, ulong s3)
    {
        if ((s0 | s1 | s2 | s3) == 0)
        {
            throw new ArgumentException("All four words of the state are zero; at least one must not be zero.", nameof(s0));
        }

        this.s0 = s0;
        this.s1 = s1;
        this.s2 = s2;
        this.s3 = s3;
    }

    /// <inheritdoc/>
    int ICheckpointed.StateLength => 10;

    /// <inheritdoc/>
    void ICheckpointed.GetState(Span<double> state)
    {
        // A half of a word is a whole number that a double holds exactly.
        ReadOnlySpan<ulong> words = [s0, s1, s2, s3];
        for (int i = 0; i < words.Length; i++)
        {
            (state[2 * i], state[(2 * i) + 1]) = (words[i] >> 32, words[i] & uint.MaxValue);
        }

        (state[8], state[9]) = (hasSpare ? 1 : 0, hasSpare ? spare : 0);
    }

    /// <inheritdoc/>
    void ICheckpointed.SetState(ReadOnlySpan<double> state)
    {
        bool isState = state.Length == 10 && state[8] is 0 or 1 && double.IsFinite(state[9]) && state[..8].ContainsAnyExcept(0.0);
        Span<ulong> words = stackalloc ulong[4];
        for (int i = 0; isState && i < 8; i++)
        {
            isState = state[i] >= 0 && state[i] <= uint.MaxValue && state[i] == Math.Floor(state[i]);
            words[i / 2] = isState ? (words[i / 2] << 32) | (ulong)state[i] : 0;
        }

        if (!isState)
        {
            throw new ArgumentException(
                "The numbers are not the state of a Xoshiro256. A state is eight halves of words, not all 0, then 1 or 0 for whether a normal number is stored, then that number.", nameof(state));
        }

        (s0, s1, s2, s3) = (words[0], words[1], words[2], words[3]);
        (hasSpare, spare) = (state[8] == 1, state[9]);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = ulong.RotateLeft(s0 + s3, 23) + s0;
        ulong t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = ulong.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A number in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>An integer in [0, <paramref name="bound"/>), each equally likely (Lemire 2019).</summary>
    /// <param name="bound">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        ulong range = (ulong)bound;
        ulong high = Math.BigMul(NextUInt64(), range, out ulong low);
        if (low < range)
        {
            ulong reject = (0 - range) % range;
            while (low < reject)
            {
                high = Math.BigMul(NextUInt64(), range, out low);
            }
        }

        return (int)high;
    }

    /// <summary>A standard normal number (Marsaglia's polar method).</summary>
    public double NextGaussian()
    {
        if (hasSpare)
        {
            hasSpare = false;
            return spare;
        }

        double x, y, square;
        do
        {
            x = (2 * NextDouble()) - 1;
            y = (2 * NextDouble()) - 1;
            square = (x * x) + (y * y);
        }
        while (square >= 1 || square == 0);

        double factor = Math.Sqrt(-2 * Log(square) / square);
        spare = y * factor;
        hasSpare = true;
        return x * factor;
    }

    /// <summary>
    /// The natural logarithm of a positive normal number. It uses only +, * and /, so it does not depend on the platform's library. The
    /// error is at most 2 ulps.
    /// </summary>
    private static double Log(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> 52) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | (1023L << 52));
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        // ln m = 2 artanh((m - 1) / (m + 1)). The argument is below 0.1716, so after twelve terms the error is below 1e-19.
        double f = (mantissa - 1) / (mantissa + 1), square = f * f, sum = 0;
        for (int i = 23; i >= 3; i -= 2)
        {
            sum = (sum + (1.0 / i)) * square;
        }

        return (exponent * 0.6931471805599453) + (2 * (f + (f * sum)));
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
