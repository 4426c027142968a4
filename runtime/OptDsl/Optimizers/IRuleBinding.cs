namespace OptDsl;

/// <summary>An optimizer of a rule whose element is not known: how its rule values are set.</summary>
/// <typeparam name="TRule">The rule.</typeparam>
internal interface IRuleBinding<TRule>
    where TRule : class
{
    /// <summary>Gives a group a rule value of its own; null returns to that of the optimizer.</summary>
    void SetRule(string group, TRule? rule);
}
