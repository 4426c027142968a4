namespace OptDsl.Models;

/// <summary>
/// A Langevin step of chains that have each a step size h and an inverse temperature b of their own:
/// p - h b gradient + root(2 h) noise. <c>drift</c> is h b and <c>spread</c> root(2 h), both given per parameter, because a root for
/// every parameter and step would take as long as its noise.
/// </summary>
[Optimizer]
internal sealed partial record LangevinProposal
{
    /// <summary>Where it was proposed from, kept in the pass that leaves it.</summary>
    [State]
    static double Origin(double parameter) => parameter;

    [Update]
    static double Update(double origin, double gradient, [PerParameter] double drift, [PerParameter] double spread, [Gaussian] double noise)
        => origin - drift * gradient + spread * noise;
}
