namespace OptDsl.Models;

/// <summary>
/// The rate (f - f*) / (c &lt;g, d&gt; + epsilon) (Polyak 1987; with batches, Loizou et al. 2021), not above the largest allowed one and,
/// smoothed, not above the last one grown. It needs no trial, and promises no decrease: with c below 1/2 it is often unstable.
/// </summary>
public sealed record PolyakStep : StepSearch
{
    /// <summary>f*, the least loss the batch can have: 0 for squared errors that the model can bring to nothing. Finite.</summary>
    public double OptimalLoss { get; init; }

    /// <summary>c, positive.</summary>
    public double Scale { get; init; } = 0.5;

    /// <summary>Added below the line, in units of the slope; not negative, finite.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Whether the rate is held below the last one times gamma^(1/<see cref="StepSearch.StepsPerEpoch"/>).</summary>
    public bool Smooth { get; init; } = true;

    internal override int TrialLimit => 0;

    internal override void Validate()
    {
        base.Validate();
        Require(double.IsFinite(Growth), nameof(Growth), Growth, "must be finite");
        Require(double.IsFinite(OptimalLoss), nameof(OptimalLoss), OptimalLoss, "must be finite");
        Require(Scale > 0 && double.IsFinite(Scale), nameof(Scale), Scale, "must be positive and finite");
        Require(Epsilon >= 0 && double.IsFinite(Epsilon), nameof(Epsilon), Epsilon, "must not be negative, and finite");
    }

    internal override double First(double bound, double before, double slope)
        => Math.Min(Smooth ? bound : MaxRate, (before - OptimalLoss) / ((Scale * slope) + Epsilon));

    internal override bool Accepts(in Trial trial, ref RateBracket bracket, out double next)
        => throw new InvalidOperationException("A Polyak step has no trials.");
}
