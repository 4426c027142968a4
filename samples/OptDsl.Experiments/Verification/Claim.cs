using System.Globalization;

namespace OptDsl.Experiments;

/// <summary>How a measured number is held against a claim.</summary>
internal enum ClaimKind
{
    /// <summary>Within a distance of the expected value.</summary>
    Abs,

    /// <summary>Within a share of the expected value.</summary>
    Rel,

    /// <summary>Not above a bound.</summary>
    AtMost,

    /// <summary>Not below a bound.</summary>
    AtLeast,

    /// <summary>Within two bounds.</summary>
    Between,
}

/// <summary>What a system is claimed to show. The bounds follow from the kind; a missing one is infinite.</summary>
internal sealed record Claim(string System, string Id, string Text, ClaimKind Kind, double Low, double High)
{
    internal static Claim Abs(string system, string id, string text, double expected, double tolerance)
        => new(system, id, text, ClaimKind.Abs, expected - tolerance, expected + tolerance);

    internal static Claim Rel(string system, string id, string text, double expected, double tolerance)
        => new(system, id, text, ClaimKind.Rel, expected - (Math.Abs(expected) * tolerance), expected + (Math.Abs(expected) * tolerance));

    internal static Claim AtMost(string system, string id, string text, double high)
        => new(system, id, text, ClaimKind.AtMost, double.NegativeInfinity, high);

    internal static Claim AtLeast(string system, string id, string text, double low)
        => new(system, id, text, ClaimKind.AtLeast, low, double.PositiveInfinity);

    internal static Claim Between(string system, string id, string text, double low, double high)
        => new(system, id, text, ClaimKind.Between, low, high);

    /// <summary>The bounds in words.</summary>
    internal string Expected => Kind switch
    {
        ClaimKind.AtMost => string.Create(CultureInfo.InvariantCulture, $"<= {High:G6}"),
        ClaimKind.AtLeast => string.Create(CultureInfo.InvariantCulture, $">= {Low:G6}"),
        _ => Low == High ? Low.ToString("G6", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{Low:G6} .. {High:G6}"),
    };

    /// <summary>Whether the number is within the bounds; NaN never is.</summary>
    internal bool Holds(double measured) => measured >= Low && measured <= High;
}
