using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Language;

/// <summary>Constants as C# text of the same bits.</summary>
internal static class Literals
{
    internal static string Of(Expression constant) => constant.Type switch
    {
        ScalarType.Float64 => Double(BitConverter.Int64BitsToDouble(constant.Bits)),
        ScalarType.Float32 => Single(BitConverter.ToSingle(BitConverter.GetBytes((int)constant.Bits), 0)),
        ScalarType.Int32 => Int((int)constant.Bits),
        _ => constant.Bits == 1 ? "true" : "false",
    };

    internal static string Of(double value) => Double(value);

    internal static string Of(IntervalSpec interval)
        => $"new global::OptDsl.Interval({End(interval.Low)}, {End(interval.High)}, {(interval.IncludesLow ? "true" : "false")}, {(interval.IncludesHigh ? "true" : "false")})";

    private static string End(double end) => double.IsPositiveInfinity(end) ? "double.PositiveInfinity"
        : double.IsNegativeInfinity(end) ? "double.NegativeInfinity" : Double(end);

    internal static string String(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    private static string Int(int value) => value == int.MinValue ? "int.MinValue"
        : value < 0 ? $"({value.ToString(CultureInfo.InvariantCulture)})" : value.ToString(CultureInfo.InvariantCulture);

    private static string Double(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            return $"global::System.BitConverter.Int64BitsToDouble(unchecked((long)0x{bits:X16}UL))";
        }

        // The shortest text that reads back to the same bits.
        string text = "";
        for (int digits = 15; digits <= 17; digits++)
        {
            text = value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double back)
                && BitConverter.DoubleToInt64Bits(back) == bits)
            {
                break;
            }
        }

        return Sign(bits < 0, text, "D");
    }

    private static string Single(float value)
    {
        int bits = BitConverter.ToInt32(BitConverter.GetBytes(value), 0);
        if (float.IsNaN(value) || float.IsInfinity(value))
        {
            return $"global::System.BitConverter.Int32BitsToSingle(unchecked((int)0x{bits:X8}U))";
        }

        string text = "";
        for (int digits = 6; digits <= 9; digits++)
        {
            text = value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float back)
                && BitConverter.ToInt32(BitConverter.GetBytes(back), 0) == bits)
            {
                break;
            }
        }

        return Sign(bits < 0, text, "F");
    }

    /// <summary>A minus sign that some frameworks drop from zero.</summary>
    private static string Sign(bool negative, string text, string suffix)
        => negative ? $"(-{text.TrimStart('-')}{suffix})" : text + suffix;
}
