namespace OptDsl;

/// <summary>
/// Lets a member be watched: where <see cref="Optimizer{T, TRule}.Observing"/> is set, a step records norm, least, greatest and mean
/// value and the fraction that is not zero, in the same pass; of the update, those of the change it makes. Costs nothing else.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ObserveAttribute : Attribute;
