namespace OptDsl;

/// <summary>
/// Declares in which interval a hyperparameter must lie. A value outside is refused with an <see cref="ArgumentOutOfRangeException"/>
/// when the rule is bound or assigned, before any buffer is touched, and a default outside is a warning of the compiler (OPT1012).
/// </summary>
/// <example><c>[Domain("[0, inf)")] double LearningRate = 1e-3</c></example>
/// <param name="interval">
/// The interval as it is written in mathematics: a bracket includes an end, a parenthesis excludes it. An end is a number as in C#, or
/// <c>inf</c> or <c>-inf</c>. <c>[0, inf)</c> is every finite number that is not negative, <c>(0, inf]</c> allows infinity but not zero.
/// </param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.Field)]
public sealed class DomainAttribute(string interval) : Attribute
{
    /// <summary>The interval, as written.</summary>
    public string Interval { get; } = interval;
}
