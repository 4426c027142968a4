#pragma warning disable OPT3005 // NaN is what these rules are about.
#pragma warning disable OPT1009 // States nobody reads are what the tests look at.
namespace OptDsl.Runtime.Tests.Passes;

/// <summary>
/// Patterns of switch expressions over a number per tensor: NaN matches itself, both zeros match each other, guards are asked in order.
/// </summary>
[Optimizer]
internal sealed partial record Patterns(double Limit = 2)
{
    private const double Bad = double.NaN;

    [State]
    internal static double BadFirst([PerTensor] double x) => x switch { double.NaN => 1, _ => 2 };

    [State]
    internal static double BadLast(double x) => x switch { < 0 => 1, >= 0 => 2, double.NaN => 3 };

    [State]
    internal static double BadNamed(double x) => x switch { > 0 => 1, Bad => 2, _ => 3 };

    [State]
    internal static double Zero(double x) => x switch { 1 => 3, 0 => 1, _ => 2 };

    [State]
    internal static double NegativeZero(double x) => x switch { -0.0 => 1, _ => 2 };

    [State]
    internal static double Infinite(double x)
    => x switch { double.PositiveInfinity => 1, double.NegativeInfinity => 2, > 1e300 => 3, <= -1 => 4, _ => 5 };

    [State]
    internal double Guarded(double x)
    => x switch
    {
        double.NaN when Limit > 5 => 1,
        > 0 when x > Limit => 2,
        > 0 when x < 1 => 3,
        _ when x > 1 => 4,
        double.NaN => 5,
        _ =>
        6
    };

    [State]
    internal static double Computed(double x) => (0 / (x - x)) switch { double.NaN => 0.0, _ => 1.0 };

    [State]
    internal static double Single(double x) => ((float)x) switch { float.NaN => 1, 0.1f => 2, _ => 3 };

    [State]
    internal static double Whole(double x, int step) => (step * (x > 0 ? 2 : -3)) switch { 2 => 1, -3 => 2, > 2 => 3, _ => 4 };

    [State]
    internal static double Truth(double x) => (x > 1) switch { true => 1, false => 2 };

    [State]
    internal static double Itself(double x) => x + 1 != x + 1 ? 1 : 2 * x == 2 * x ? 2 : 3;

    [Derived]
    internal static double Chosen(double gradient, double badFirst) => gradient > 0 ? badFirst : 3;

    [Update]
    static double Update(double parameter, double chosen) => parameter - chosen;
}
