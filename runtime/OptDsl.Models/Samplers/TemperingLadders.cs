using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>
/// Ladders of inverse temperatures, one per ensemble, adapted so that all pairs of neighbours reject equally many swaps. The levels divide
/// the communication barrier, which is the sum of the rejections, into equal parts (Syed, Bouchard-Côté, Deligiannidis and Doucet 2022).
/// </summary>
/// <remarks>The barrier between two levels is assumed to grow linearly in log b, as it does for normal densities.</remarks>
internal sealed class TemperingLadders
{
    // Rounds with fewer transitions are too noisy. A rejection rate below the least one counts as the least.
    private const int ShortestRound = 32;
    private const double LeastRejection = 1e-3;

    private readonly int levels;
    private readonly double[] inverseTemperatures, rejections, barrier, relaid;
    private readonly long[] swaps;

    internal TemperingLadders(int ensembles, int levels, double least)
    {
        this.levels = levels;
        (inverseTemperatures, rejections, swaps) = (new double[ensembles * levels], new double[ensembles * levels],
            new long[ensembles * levels]);
        (barrier, relaid) = (new double[levels], new double[levels]);
        for (int place = 0; place < inverseTemperatures.Length; place++)
        {
            inverseTemperatures[place] = Math.Pow(least, 1 - (place % levels / (levels - 1.0)));
        }
    }

    /// <summary>An ensemble's ladder, increasing to 1.</summary>
    internal ReadOnlySpan<double> this[int ensemble] => inverseTemperatures.AsSpan(ensemble * levels, levels);

    /// <summary>Records the swap probability between a level and the next.</summary>
    internal void Learn(int ensemble, int level, double acceptance)
    {
        rejections[(ensemble * levels) + level] += 1 - acceptance;
        swaps[(ensemble * levels) + level]++;
    }

    /// <summary>Whether a round ends at a transition of the warm-up. Each round is about as long as all previous ones together.</summary>
    internal static bool EndsRound(int transition, int warmUp)
    {
        int end = warmUp;
        while (end > transition)
        {
            end >>= 1;
        }

        return end == transition && end >= ShortestRound;
    }

    /// <summary>
    /// The mean rejection between a level and the next since the last <see cref="Forget"/>; NaN if there was no possible swap.
    /// </summary>
    internal double Rejection(int ensemble, int level) => rejections[(ensemble * levels) + level] / swaps[(ensemble * levels) + level];

    /// <summary>Restarts the counts.</summary>
    internal void Forget()
    {
        Array.Clear(rejections);
        Array.Clear(swaps);
    }

    /// <summary>Adapts every ladder to the counted rejections.</summary>
    internal void Lay()
    {
        for (int ensemble = 0; ensemble < inverseTemperatures.Length / levels; ensemble++)
        {
            Lay(ensemble);
        }
    }

    internal void AddTo(CheckpointCompanion companion)
    {
        companion.Add("sampler/ladders", inverseTemperatures, inverseTemperatures.Length / levels, levels);
        companion.Add("sampler/rejections", rejections, inverseTemperatures.Length / levels, levels);
        companion.AddWhole("sampler/possible_swaps", swaps, inverseTemperatures.Length / levels, levels);
    }

    private void Lay(int ensemble)
    {
        Span<double> ladder = inverseTemperatures.AsSpan(ensemble * levels, levels);
        for (int level = 1; level < levels; level++)
        {
            barrier[level] = barrier[level - 1] + Math.Max(LeastRejection, Rejection(ensemble, level - 1));
        }

        int below = 0;
        for (int level = 1; level < levels - 1; level++)
        {
            double goal = barrier[^1] * level / (levels - 1);
            while (barrier[below + 1] < goal)
            {
                below++;
            }

            double part = (goal - barrier[below]) / (barrier[below + 1] - barrier[below]);
            relaid[level] = ladder[below] * Math.Pow(ladder[below + 1] / ladder[below], part);
        }

        relaid.AsSpan(1, levels - 2).CopyTo(ladder[1..]);
    }
}
