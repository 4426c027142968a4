namespace OptDsl.Models;

/// <summary>
/// A Langevin step of chains that have each a step size h and an inverse temperature b of their own:
/// p - h b gradient + root(2 h) noise. What <see cref="MetropolisLangevin{T}"/> proposes.
/// </summary>
[Optimizer]
internal sealed partial record LangevinProposal
{
    [Update]
    static double Update(double parameter, double gradient, [PerParameter] double stepSize, [PerParameter] double inverseTemperature, [Gaussian] double noise)
        => parameter - stepSize * inverseTemperature * gradient + Math.Sqrt(Math.Max(2 * stepSize, 0)) * noise;
}
