namespace OptDsl;

/// <summary>
/// Declares the interval in which a hyperparameter must lie. A value outside it throws an <see cref="ArgumentOutOfRangeException"/> when
/// the rule is bound or assigned, before any buffer is written. A default outside it is a compiler warning (OPT1012).
/// </summary>
/// <example><c>[Domain("[0, inf)")] double LearningRate = 1e-3</c></example>
/// <param name="interval">
/// The interval in mathematical notation: a bracket includes an end, a parenthesis excludes it. An end is a C# number, <c>inf</c> or
/// <c>-inf</c>. <c>[0, inf)</c> is every finite number that is not negative; <c>(0, inf]</c> allows infinity but not zero.
/// </param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.Field)]
public sealed class DomainAttribute(string interval) : Attribute
{
    /// <summary>The interval, as written.</summary>
    public string Interval { get; } = interval;
}
