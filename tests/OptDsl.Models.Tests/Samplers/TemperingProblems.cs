namespace OptDsl.Models.Tests;

/// <summary>Densities of two modes, and what of them is known.</summary>
internal static class TemperingProblems
{
    internal const double RightMass = 0.7;

    private const double Mode = 5;

    private static readonly double[] Inverses = [0.03, 0.08, 0.2, 0.45, 1];

    /// <summary>.3 N(-5, 1) + .7 N(5, 1).</summary>
    internal static ITarget<double> Mixture { get; } = Target.FromPotential<double>(1, static (position, gradient) =>
    {
        double x = position[0], odds = Math.Log(RightMass / (1 - RightMass)) + (2 * Mode * x), right = 1 / (1 + Math.Exp(-odds));
        gradient[0] = x + Mode - (2 * Mode * right);
        return Potential(x);
    });

    /// <summary>Its levels: inverse temperatures, weights by quadrature, a step of .1.</summary>
    internal static SimulatedTemperingSettings Levels { get; } = new()
    {
        InverseTemperatures = Inverses,
        LogWeights = [.. Inverses.Select(inverse => -Math.Log(Integral(x => Math.Exp(-inverse * Potential(x)))))],
    };

    /// <summary>Begins in the right mode.</summary>
    internal static void StartRight(int chain, Span<double> position) => position[0] = Mode;

    /// <summary>Half the sum of the distances of the shares of cells of 1/4 from the mixture's.</summary>
    internal static double TotalVariation(IEnumerable<double> draws)
    {
        const double Width = 0.25, End = 10;
        double[] shares = new double[(int)(2 * End / Width)];
        int count = 0;
        foreach (double draw in draws)
        {
            int cell = (int)Math.Floor((draw + End) / Width);
            shares[Math.Clamp(cell, 0, shares.Length - 1)]++;
            count++;
        }

        return 0.5 * shares.Select((share, cell) =>
            Math.Abs((share / count) - (Width * Math.Exp(-Potential((cell + 0.5) * Width - End)) / Math.Sqrt(2 * Math.PI)))).Sum();
    }

    private static double Potential(double x)
    {
        double left = Math.Log(1 - RightMass) - ((x + Mode) * (x + Mode) / 2), right = Math.Log(RightMass) - ((x - Mode) * (x - Mode) / 2),
            larger = Math.Max(left, right);
        return -larger - Math.Log(Math.Exp(left - larger) + Math.Exp(right - larger));
    }

    private static double Integral(Func<double, double> function)
    {
        const double End = 60, Step = 1e-3;
        return Enumerable.Range(0, (int)(2 * End / Step)).Sum(i => function((i * Step) - End)) * Step;
    }
}
