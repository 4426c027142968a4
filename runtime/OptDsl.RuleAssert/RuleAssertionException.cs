using System.Globalization;

namespace OptDsl;

/// <summary>A rule does not keep a promise. The message says which promise, and where.</summary>
public sealed class RuleAssertionException : Exception
{
    /// <param name="message">The message.</param>
    /// <param name="rule">The rule's name.</param>
    /// <param name="element">The element type of the buffer, <c>float</c> or <c>double</c>.</param>
    /// <param name="member">What differs: <c>parameter</c>, or a state's name.</param>
    /// <param name="length">The number of parameters stepped.</param>
    /// <param name="step">The step after which it differs, from 1; 0 before the first step.</param>
    /// <param name="index">The index of the value; -1 if it has none.</param>
    /// <param name="expected">The expected value.</param>
    /// <param name="actual">The actual value.</param>
    internal RuleAssertionException(string message, string rule, string element, string member, int length, int step, int index,
        double expected, double actual)
        : base(message)
    {
        Rule = rule;
        Element = element;
        Member = member;
        Length = length;
        Step = step;
        Index = index;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>The rule's name.</summary>
    public string Rule { get; }

    /// <summary>The element type of the buffer, <c>float</c> or <c>double</c>.</summary>
    public string Element { get; }

    /// <summary>What differs: <c>parameter</c>, or a state's name.</summary>
    public string Member { get; }

    /// <summary>The number of parameters stepped.</summary>
    public int Length { get; }

    /// <summary>The step after which it differs, from 1; 0 before the first step.</summary>
    public int Step { get; }

    /// <summary>The index of the value among the parameters; -1 if it has none.</summary>
    public int Index { get; }

    /// <summary>The expected value.</summary>
    public double Expected { get; }

    /// <summary>The actual value.</summary>
    public double Actual { get; }

    internal static RuleAssertionException Create(string what, string rule, string element, string how, string member, int length, int step,
        int index, double expected, double actual)
    {
        string place = index < 0 ? member : $"{member} {index}";
        string message = string.Create(CultureInfo.InvariantCulture,
            $"{rule} in {element}: {what}. {how}, {length} parameters, after step {step}: {place} should be {expected:R} and is {actual:R}.");
        return new(message, rule, element, member, length, step, index, expected, actual);
    }
}
