namespace OptDsl.Runtime.Tests.Functions;

/// <summary>Points whose angle is hard: what their quotient, or their sizes, do to an arctangent of two arguments.</summary>
internal static class PlanePoints
{
    /// <summary>One of each kind, in any quadrant and with either size first.</summary>
    internal static IEnumerable<(double Y, double X)> Some(Random random)
    {
        double Any() => BitConverter.Int64BitsToDouble(random.NextInt64(1, 0x7FF0_0000_0000_0000));
        double Near(double low, double high) => low + ((high - low) * random.NextDouble());
        double Power(double low, double high) => Math.Pow(2, Near(low, high));
        double Subnormal()
            => BitConverter.Int64BitsToDouble(random.NextInt64(1, 0x0010_0000_0000_0000) >> random.Next(52)) + double.Epsilon;

        // Of every size, and in the plane's middle.
        yield return Placed(Any(), Any());
        yield return Placed(Near(0, 2), Near(0, 2));

        // Quotients next to 1 and to 1/2, between which the way to compute it changes, and where the error is greatest.
        double size = Power(-300, 300);
        yield return Placed(size, size * (1 + Power(-54, -1)));
        yield return Placed(size, size * Near(1.8, 2.2));
        yield return Placed(size, size * 2 * (1 + ((random.Next(2) - .5) * Power(-54, -10))));

        // Tiny quotients: the last digits that the cube still reaches, and those that are all.
        yield return Placed(size, size * Power(20, 40));
        yield return Placed(size, size * Power(40, 700));

        // Quotients that underflow, to a subnormal number and to zero, or overflow where the other size is first.
        double tiny = Power(-1060, -500);
        yield return Placed(tiny, Math.Min(tiny * Power(1010, 1023) * Power(0, 60), double.MaxValue));
        yield return Placed(Subnormal(), Power(900, 1023.9));

        // Both subnormal, one of them, and both as large as can be.
        yield return Placed(Subnormal(), Subnormal());
        yield return Placed(Subnormal(), Power(-1030, -1000));
        yield return Placed(double.MaxValue * Near(.3, 1), double.MaxValue * Near(.3, 1));
        yield return Placed(Power(900, 1023.9), Power(900, 1023.9));

        // Where sizes begin to be scaled.
        yield return Placed(Power(-902, -898), Power(-902, -898));
        yield return Placed(Power(998, 1002), Power(998, 1002));
        yield return Placed(Power(-940, -890), Power(-902, -898));

        (double, double) Placed(double a, double b)
        {
            double first = random.Next(2) == 0 ? -a : a, second = random.Next(2) == 0 ? -b : b;
            return random.Next(2) == 0 ? (first, second) : (second, first);
        }
    }

    /// <summary>The other number of a float, so that their quotient is hard.</summary>
    internal static float Beside(float y, Random random)
    {
        double sign = random.Next(2) == 0 ? -1 : 1;
        double quotient = random.Next(6) switch
        {
            0 => 1 + ((random.NextDouble() - .5) * Math.Pow(2, -random.Next(24))),
            1 => Math.Pow(2, random.Next(2) == 0 ? -1 : 1) * (1 + ((random.NextDouble() - .5) * Math.Pow(2, -random.Next(24)))),
            2 => random.NextDouble() * 2,
            3 => 1 / (random.NextDouble() * 2),
            4 => Math.Pow(2, (random.NextDouble() * 60) - 30),
            _ => BitConverter.Int32BitsToSingle(random.Next(1, 0x7F80_0000)) / y,
        };
        float beside = (float)(sign * y * quotient);
        return float.IsFinite(beside) && beside != 0 ? beside : (float)sign * random.NextSingle();
    }
}
