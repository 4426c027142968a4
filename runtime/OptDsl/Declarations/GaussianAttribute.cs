namespace OptDsl;

/// <summary>
/// Declares an input that is a draw from the standard normal distribution. Inputs with the same name share one draw; different names give
/// independent draws. A draw depends only on <see cref="OptimizerOptions.Seed"/>, the attempt, the name and the place in the buffer. It
/// does not depend on the vector width, on threads or on how tensors are divided among optimizers.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class GaussianAttribute : Attribute
{
    /// <summary>What shares one draw. By default every parameter has its own draw.</summary>
    public Scope Scope { get; set; }
}
