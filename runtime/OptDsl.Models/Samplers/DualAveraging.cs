namespace OptDsl.Models;

/// <summary>
/// Adapts step sizes until they reach a given acceptance probability: Nesterov's dual averaging of the logarithm (Hoffman and Gelman 2014,
/// section 3.2), separately for each chain.
/// </summary>
internal sealed class DualAveraging
{
    // The paper's gamma, t0 and kappa; its mu is log(10 x first step size).
    private const double Shrinkage = 0.05, Delay = 10, Forgetting = 0.75, Ahead = 10;

    private readonly double goal, centre, least, largest;

    // Per chain: the current step size, the average of its logarithm, and the mean shortfall of the acceptance probability. These are
    // arrays because checkpoints store them.
    private readonly double[] stepSizes, averages, shortfalls;

    /// <param name="chains">The number of step sizes.</param>
    /// <param name="first">The initial step size.</param>
    /// <param name="goal">The acceptance probability to reach.</param>
    /// <param name="least">
    /// The smallest step size. Without it, chains that refuse every proposal would shrink it to zero and never move again.
    /// </param>
    /// <param name="largest">
    /// The largest step size. Without it, chains that accept every proposal, as on a plateau, would make it infinite.
    /// </param>
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

    /// <summary>Adapts a chain's step size after a transition.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="iteration">The number of transitions used so far, including this one.</param>
    /// <param name="acceptance">The acceptance probability of the transition.</param>
    internal void Learn(int chain, int iteration, double acceptance)
    {
        double weight = 1 / (iteration + Delay);
        shortfalls[chain] = ((1 - weight) * shortfalls[chain]) + (weight * (goal - acceptance));
        double logarithm = Math.Clamp(centre - (Math.Sqrt(iteration) / Shrinkage * shortfalls[chain]), least, largest),
            share = Math.Pow(iteration, -Forgetting);
        averages[chain] = (share * logarithm) + ((1 - share) * averages[chain]);
        stepSizes[chain] = Math.Exp(logarithm);
    }

    /// <summary>Fixes the step sizes at their averages.</summary>
    internal void Freeze()
    {
        for (int chain = 0; chain < stepSizes.Length; chain++)
        {
            stepSizes[chain] = Math.Exp(averages[chain]);
        }
    }
}
