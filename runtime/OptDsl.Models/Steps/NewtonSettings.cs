namespace OptDsl.Models;

/// <summary>The settings of <see cref="NewtonStep{T}"/>.</summary>
public sealed record NewtonSettings
{
    /// <summary>
    /// The number added to the Hessian's diagonal (Levenberg 1944), in units of the Hessian; finite and not negative. 0 gives the undamped
    /// Newton step.
    /// </summary>
    public double Damping { get; init; }

    /// <summary>The search for the rate; if null, the rate is 1 and no trial losses are evaluated.</summary>
    public StepSearch? Search { get; init; }

    /// <summary>Conjugate gradients end when the norm of the residual is this share of the gradient's; between 0 and 1.</summary>
    public double Tolerance { get; init; } = 1e-12;

    /// <summary>
    /// The largest number of products with the Hessian per step; at least 1. Conjugate gradients then end with their current solution,
    /// which is a descent direction.
    /// </summary>
    public int MaxProducts { get; init; } = 1000;

    internal void Validate()
    {
        if (!double.IsFinite(Damping) || Damping < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Damping), Damping, "Damping must be finite and not negative.");
        }

        if (!(Tolerance > 0 && Tolerance < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, "Tolerance must be between 0 and 1.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(MaxProducts, 1);
        Search?.Validate();
    }
}
