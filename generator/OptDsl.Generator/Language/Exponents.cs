using System.Globalization;

namespace OptDsl.Generator.Language;

/// <summary>
/// Exponents of units and degrees: halves, quarters and so on are exact in double, thirds are compared up to rounding.
/// </summary>
internal static class Exponents
{
    private const double Tolerance = 1e-9;

    // Beyond this nobody means it: a value squared again and again.
    private const double Largest = 1e6;

    internal static bool AreSame(double a, double b) => Math.Abs(a - b) <= Tolerance;

    internal static bool IsZero(double a) => Math.Abs(a) <= Tolerance;

    internal static bool IsTooLarge(double a) => !(Math.Abs(a) <= Largest);

    /// <summary>As a fraction where it is one of a small denominator.</summary>
    internal static string Print(double value)
    {
        for (int denominator = 1; denominator <= 64; denominator++)
        {
            double numerator = Math.Round(value * denominator);
            if (AreSame(numerator / denominator, value))
            {
                string text = numerator.ToString("0", CultureInfo.InvariantCulture);
                return denominator == 1 ? text : text + "/" + denominator.ToString(CultureInfo.InvariantCulture);
            }
        }

        return value.ToString("0.####", CultureInfo.InvariantCulture);
    }
}
