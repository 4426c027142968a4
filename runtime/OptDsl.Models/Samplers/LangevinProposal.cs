namespace OptDsl.Models;

/// <summary>
/// A Langevin step of chains that each have their own step size h and inverse temperature b: p - h b gradient + root(2 h) noise.
/// <c>drift</c> is h b and <c>spread</c> is root(2 h). Both are given per parameter, because computing a root per parameter and step would
/// take as long as drawing the noise.
/// </summary>
[Optimizer]
internal sealed partial record LangevinProposal
{
    /// <summary>The position before the proposal, stored in the same pass.</summary>
    [State]
    static double Origin(double parameter) => parameter;

    [Update]
    static double Update(double origin, double gradient, [PerParameter] double drift, [PerParameter] double spread, [Gaussian] double noise)
        => origin - drift * gradient + spread * noise;
}
