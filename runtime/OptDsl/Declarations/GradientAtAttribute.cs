namespace OptDsl;

/// <summary>
/// Declares an input that is the gradient at another point than the parameters (sharpness-aware minimisation, Foret et al. 2021). It is a
/// barrier: the point is computed for all parameters first. The rule needs
/// <see cref="Optimizer{T, TRule}.Step(Func{double}, CancellationToken)"/>.
/// </summary>
/// <param name="member"><c>nameof</c> of the derived member that computes the point.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class GradientAtAttribute(string member) : Attribute
{
    /// <summary>The member that computes the point.</summary>
    public string Member => member;
}
