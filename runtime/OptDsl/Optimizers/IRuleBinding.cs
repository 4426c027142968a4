namespace OptDsl;

/// <summary>Sets the rules of an optimizer for code that does not know its element type.</summary>
/// <typeparam name="TRule">The rule.</typeparam>
internal interface IRuleBinding<TRule>
    where TRule : class
{
    /// <summary>Gives a group its own rule. With null, the group uses the optimizer's rule again.</summary>
    void SetRule(string group, TRule? rule);
}
