namespace OptDsl;

/// <summary>
/// Declares an input that is a draw from the standard normal distribution. Inputs of one name are one draw, those of another name are
/// independent. It depends on
/// <see cref="OptimizerOptions.Seed"/>, the attempt, the name and the place in the buffer alone: not on vector width, threads or on
/// how tensors are divided among optimizers.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class GaussianAttribute : Attribute
{
    /// <summary>What there is one draw of; a parameter unless said otherwise.</summary>
    public Scope Scope { get; set; }
}
