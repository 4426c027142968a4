using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace OptDsl.Experiments;

/// <summary>Options that take a number, with a message a user can act on.</summary>
internal static class Numbers
{
    internal static Option<T?> Option<T>(string name, string kind, string helpName, string description)
        where T : struct, ISpanParsable<T>
        => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => Parse<T>(result, name, kind),
        };

    private static T? Parse<T>(ArgumentResult result, string name, string kind)
        where T : struct, ISpanParsable<T>
    {
        string text = result.Tokens[0].Value;
        if (T.TryParse(text, CultureInfo.InvariantCulture, out T value))
        {
            return value;
        }

        result.AddError($"{name} is '{text}'; it must be {kind}.");
        return null;
    }
}
