using OptDsl.Generator.Language;

namespace OptDsl.Generator.Analysis.Report;

/// <summary>
/// A unit as a product of powers: of P, the parameter's unit, of L, the loss's, and of unknown units that are still to be
/// solved for.
/// </summary>
internal sealed class Unit
{
    private static readonly Dictionary<int, double> NoUnknowns = [];

    internal static readonly Unit Number = new(0, 0, NoUnknowns);
    internal static readonly Unit OfParameter = new(1, 0, NoUnknowns);
    internal static readonly Unit OfLoss = new(0, 1, NoUnknowns);
    internal static readonly Unit OfGradient = new(-1, 1, NoUnknowns);

    private Unit(double parameter, double loss, Dictionary<int, double> unknowns)
    {
        Parameter = parameter;
        Loss = loss;
        Unknowns = unknowns;
    }

    /// <summary>The exponent of P.</summary>
    internal double Parameter { get; }

    /// <summary>The exponent of L.</summary>
    internal double Loss { get; }

    /// <summary>The exponents of the unknown units, none of them zero.</summary>
    internal Dictionary<int, double> Unknowns { get; }

    internal bool IsKnown => Unknowns.Count == 0;

    internal bool IsNumber => IsKnown && Exponents.IsZero(Parameter) && Exponents.IsZero(Loss);

    internal bool IsTooLarge => Exponents.IsTooLarge(Parameter) || Exponents.IsTooLarge(Loss) || Unknowns.Values.Any(Exponents.IsTooLarge);

    internal static Unit Of(int unknown) => new(0, 0, new Dictionary<int, double> { [unknown] = 1 });

    /// <summary>This times a power of another.</summary>
    internal Unit Times(Unit other, double power = 1)
    {
        var unknowns = new Dictionary<int, double>(Unknowns);
        foreach (KeyValuePair<int, double> factor in other.Unknowns)
        {
            double exponent = (unknowns.TryGetValue(factor.Key, out double own) ? own : 0) + (factor.Value * power);
            if (Exponents.IsZero(exponent))
            {
                unknowns.Remove(factor.Key);
            }
            else
            {
                unknowns[factor.Key] = exponent;
            }
        }

        return new(Parameter + (other.Parameter * power), Loss + (other.Loss * power), unknowns);
    }

    internal Unit Power(double power) => Number.Times(this, power);

    /// <summary>This with an unknown replaced by what it was solved as.</summary>
    internal Unit With(int unknown, Unit solution)
        => Unknowns.TryGetValue(unknown, out double exponent) ? Times(Of(unknown), -exponent).Times(solution, exponent) : this;

    /// <summary>Such as <c>P^2/L</c>; of a pure number, <c>1</c>.</summary>
    internal string Print(Func<int, string> nameOfUnknown)
    {
        List<(string Name, double Exponent)> factors =
        [
            .. Unknowns.OrderBy(factor => factor.Key).Select(factor => (nameOfUnknown(factor.Key), factor.Value)),
            ("L", Loss),
            ("P", Parameter),
        ];
        string above = string.Join(" ",
            factors.Where(factor => factor.Exponent > 0 && !Exponents.IsZero(factor.Exponent))
                .Select(factor => Print(factor.Name, factor.Exponent)));
        string[] below = [.. factors.Where(factor => factor.Exponent < 0 && !Exponents.IsZero(factor.Exponent))
            .Select(factor => Print(factor.Name, -factor.Exponent))];
        return (above.Length == 0 ? "1" : above)
            + (below.Length == 0 ? "" : below.Length == 1 ? "/" + below[0] : $"/({string.Join(" ", below)})");
    }

    private static string Print(string name, double exponent)
        => Exponents.AreSame(exponent, 1) ? name
        : Exponents.Print(exponent) is var text && text.Contains('/') ? $"{name}^({text})" : $"{name}^{text}";
}
