namespace OptDsl.Models;

/// <summary>
/// Step sizes that reach a probability of acceptance: Nesterov's dual averaging of the logarithm (Hoffman and Gelman 2014, section 3.2),
/// for each chain on its own.
/// </summary>
internal sealed class DualAveraging
{
    // Their gamma, t0 and kappa; their mu is log(10 first step).
    private const double Shrinkage = 0.05, Delay = 10, Forgetting = 0.75, Ahead = 10;

    private readonly double goal, centre, least, largest;

    // Of each chain: the step size in use, the logarithm's average, and the mean shortfall of the acceptance. Arrays, because checkpoints
    // take them.
    private readonly double[] stepSizes, averages, shortfalls;

    /// <param name="chains">Step sizes.</param>
    /// <param name="first">What they begin with.</param>
    /// <param name="goal">The acceptance to reach.</param>
    /// <param name="least">No step is smaller: chains that refuse everything would else shrink it to zero, which never moves again.</param>
    /// <param name="largest">No step is larger: chains that accept everything, as on a plateau, would else have an infinite one.</param>
    internal DualAveraging(int chains, double first, double goal, double least, double largest)
    {
        (this.goal, centre, this.least, this.largest) = (goal, Math.Log(Ahead * first), Math.Log(least), Math.Log(largest));
        (stepSizes, averages, shortfalls) = (new double[chains], new double[chains], new double[chains]);
        Array.Fill(stepSizes, first);
        Array.Fill(averages, Math.Log(first));
    }

    /// <summary>The step size of each chain.</summary>
    internal double[] StepSizes => stepSizes;

    internal double[] Averages => averages;

    internal double[] Shortfalls => shortfalls;

    /// <summary>Learns from a transition.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="iteration">Transitions learnt from, this one included.</param>
    /// <param name="acceptance">Its probability of acceptance.</param>
    internal void Learn(int chain, int iteration, double acceptance)
    {
        double weight = 1 / (iteration + Delay);
        shortfalls[chain] = ((1 - weight) * shortfalls[chain]) + (weight * (goal - acceptance));
        double logarithm = Math.Clamp(centre - (Math.Sqrt(iteration) / Shrinkage * shortfalls[chain]), least, largest),
            share = Math.Pow(iteration, -Forgetting);
        averages[chain] = (share * logarithm) + ((1 - share) * averages[chain]);
        stepSizes[chain] = Math.Exp(logarithm);
    }

    /// <summary>From here on the step sizes are the averages, and stay.</summary>
    internal void Freeze()
    {
        for (int chain = 0; chain < stepSizes.Length; chain++)
        {
            stepSizes[chain] = Math.Exp(averages[chain]);
        }
    }
}
