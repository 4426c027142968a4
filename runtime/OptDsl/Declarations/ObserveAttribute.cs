namespace OptDsl;

/// <summary>
/// Records statistics of a member while <see cref="Optimizer{T, TRule}.Observing"/> is set: norm, minimum, maximum, mean and fraction of
/// non-zero values. For the update, they describe the change of the parameters. A step computes them in its own passes. While Observing is
/// off they cost nothing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ObserveAttribute : Attribute;
