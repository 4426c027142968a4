using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace OptDsl.Experiments;

/// <summary>Options that take a number, with a message a user can act on.</summary>
internal static class Numbers
{
    internal static Option<T?> Option<T>(string name, string kind, string helpName, string description)
        where T : struct, INumber<T>
        => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => Parse<T>(result, name, kind),
        };

    private static T? Parse<T>(ArgumentResult result, string name, string kind)
        where T : struct, INumber<T>
    {
        string text = result.Tokens[0].Value;

        // Without a style a comma in a number counts as a thousands separator, and 0,003 is 3.
        bool fraction = typeof(T) == typeof(double);
        NumberStyles style = fraction ? NumberStyles.Float : NumberStyles.Integer;
        if (T.TryParse(text, style, CultureInfo.InvariantCulture, out T value))
        {
            return value;
        }

        result.AddError(fraction && TableLayout.HasDecimalComma(text)
            ? $"{name} is '{text}', with a decimal comma; write it with a point."
            : $"{name} is '{text}'; it must be {kind}.");
        return null;
    }
}
