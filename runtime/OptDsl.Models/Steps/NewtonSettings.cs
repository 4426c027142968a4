namespace OptDsl.Models;

/// <summary>How Newton's steps are made.</summary>
public sealed record NewtonSettings
{
    /// <summary>
    /// Added to the Hessian's diagonal (Levenberg 1944), in units of the Hessian; not negative, finite. 0 for Newton's own step.
    /// </summary>
    public double Damping { get; init; }

    /// <summary>How the rate is found; null for a rate of 1, at which no loss is evaluated.</summary>
    public StepSearch? Search { get; init; }

    /// <summary>Conjugate gradients end when the residual is this share of the gradient; between 0 and 1.</summary>
    public double Tolerance { get; init; } = 1e-12;

    /// <summary>Products with the Hessian after which conjugate gradients end with what they have, which descends; at least 1.</summary>
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
