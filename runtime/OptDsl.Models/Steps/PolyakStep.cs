namespace OptDsl.Models;

/// <summary>
/// The rate (f - f*) / (c &lt;g, d&gt; + epsilon) (Polyak 1987; with batches, Loizou et al. 2021). It is limited to
/// <see cref="StepSearch.MaxRate"/> and, if <see cref="Smooth"/>, to a multiple of the previous rate. It needs no trials and guarantees no
/// decrease. With c below 1/2 it is often unstable.
/// </summary>
public sealed record PolyakStep : StepSearch
{
    /// <summary>f*, the least possible loss of a batch; finite. It is 0 for squared errors that the model can reduce to zero.</summary>
    public double OptimalLoss { get; init; }

    /// <summary>c; positive and finite.</summary>
    public double Scale { get; init; } = 0.5;

    /// <summary>epsilon, added to the denominator, in units of the slope; finite and not negative.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>
    /// Whether the rate is at most gamma^(1/<see cref="StepSearch.StepsPerEpoch"/>) times the previous one, where gamma is
    /// <see cref="StepSearch.Growth"/>. The first rate is then at most <see cref="StepSearch.InitialRate"/>.
    /// </summary>
    public bool Smooth { get; init; } = true;

    internal override int TrialLimit => 0;

    internal override void Validate()
    {
        base.Validate();
        Require(double.IsFinite(Growth), nameof(Growth), Growth, "must be finite");
        Require(double.IsFinite(OptimalLoss), nameof(OptimalLoss), OptimalLoss, "must be finite");
        Require(Scale > 0 && double.IsFinite(Scale), nameof(Scale), Scale, "must be positive and finite");
        Require(Epsilon >= 0 && double.IsFinite(Epsilon), nameof(Epsilon), Epsilon, "must be finite and not negative");
    }

    internal override double First(double bound, double before, double slope)
        => Math.Min(Smooth ? bound : MaxRate, (before - OptimalLoss) / ((Scale * slope) + Epsilon));

    internal override bool Accepts(in Trial trial, ref RateBracket bracket, out double next)
        => throw new InvalidOperationException("A Polyak step has no trials.");
}
