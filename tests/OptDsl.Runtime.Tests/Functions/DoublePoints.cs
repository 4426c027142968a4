namespace OptDsl.Runtime.Tests.Functions;

/// <summary>Where a function of double is tried: its whole range by the logarithm, its boundaries, and where it is hard.</summary>
internal static class DoublePoints
{
    internal static IEnumerable<(double X, double Y)> Of(string name, int samples)
    {
        var random = new Random(11);
        double Any() => BitConverter.Int64BitsToDouble(random.NextInt64(1, 0x7FF0_0000_0000_0000));
        double Near(double low, double high) => low + ((high - low) * random.NextDouble());
        double Sign() => random.Next(2) == 0 ? -1 : 1;
        double About(double centre) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(centre) + random.Next(-1000, 1000));
        for (int i = 0; i < samples; i++)
        {
            switch (name)
            {
                case "Exp":
                    yield return (Near(-745.2, 709.8), 0);
                    yield return (Near(-1, 1), 0);
                    yield return (Sign() * Math.Pow(2, Near(-60, 9)), 0);
                    yield return (About((random.Next(-1070, 1020) + .5) * Math.Log(2)), 0);
                    break;
                case "Log" or "Log2":
                    yield return (Any(), 0);
                    yield return (Near(.5, 2), 0);
                    yield return (1 + (Sign() * Math.Pow(2, Near(-53, -1))), 0);
                    yield return (About(Math.Sqrt(.5)), 0);
                    yield return (BitConverter.Int64BitsToDouble(random.NextInt64(1, 0x0010_0000_0000_0000) >> random.Next(52))
                        + double.Epsilon, 0);
                    break;
                case "Sin" or "Cos":
                    yield return (Sign() * Any(), 0);
                    yield return (Near(-10, 10), 0);
                    yield return (Sign() * Math.Pow(2, Near(-30, 20)), 0);
                    yield return (About(random.Next(1, 600_000) * (Math.PI / 2)), 0);
                    yield return (About(1e6), 0);
                    yield return (random.Next(1, int.MaxValue) * (Math.PI / 2), 0);
                    break;
                case "Tanh":
                    yield return (Sign() * Any(), 0);
                    yield return (Near(-22, 22), 0);
                    yield return (Near(-1, 1), 0);
                    yield return (Sign() * Math.Pow(2, Near(-40, 5)), 0);
                    break;
                case "Cbrt":
                    yield return (Sign() * Any(), 0);
                    yield return (Near(.5, 9), 0);
                    yield return (BitConverter.Int64BitsToDouble(random.NextInt64(1, 0x0010_0000_0000_0000) >> random.Next(52))
                        + double.Epsilon, 0);
                    break;
                case "Atan":
                    yield return (Sign() * Any(), 0);
                    yield return (Near(-3, 3), 0);
                    yield return (Sign() * Math.Pow(2, Near(-40, 40)), 0);
                    yield return (Sign() * About(random.Next(3) switch { 0 => .5, 1 => 1, _ => 2 }), 0);
                    break;
                case "Atan2":
                    foreach ((double a, double b) in PlanePoints.Some(random))
                    {
                        yield return (a, b);
                    }

                    break;
                case "Hypot":
                    double size = Math.Min(Any(), 1e308);
                    yield return (Sign() * size, Math.Min(size * Math.Pow(2, Near(-30, 30)), 1e308));
                    yield return (Near(-2, 2), Near(-2, 2));
                    yield return (Any() * 1e-300, Any() * 1e-300);
                    break;
                default:
                    double root = Any();
                    yield return (root, Near(-1.05, 1.05) * 1024 / Math.Abs(Math.Log2(root)));
                    double close = 1 + (Sign() * Math.Pow(2, Near(-52, -1)));
                    yield return (close, Near(-1.05, 1.05) * 1024 / Math.Abs(Math.Log2(close)));
                    yield return (Near(0, 3), Near(-20, 20));
                    break;
            }
        }

        if (name is "Sin" or "Cos")
        {
            // Among all doubles the one next to a multiple of pi / 2, and the largest.
            yield return (Math.ScaleB(6381956970095103, 797), 0);
            yield return (double.MaxValue, 0);
        }
    }
}
