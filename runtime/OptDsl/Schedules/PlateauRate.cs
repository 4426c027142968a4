namespace OptDsl.Schedules;

/// <summary>
/// A learning rate that is reduced when the loss no longer falls. An observation makes progress if it is below the best loss by more than
/// the fraction Threshold of it. After more than Patience observations in a row without progress, the rate is multiplied by Factor. The
/// rate depends on the losses it has observed. Therefore it is not an <see cref="ISchedule"/>, and its state goes into a checkpoint beside
/// the optimizer (docs/checkpoints.md).
/// </summary>
public sealed class PlateauRate : ICheckpointed
{
    private int since, cooling;

    /// <summary>Starts with a rate.</summary>
    /// <param name="rate">The initial rate; finite, at least 0.</param>
    /// <param name="factor">The factor of a reduction; in (0, 1).</param>
    /// <param name="patience">The number of observations without progress that do not reduce the rate yet; at least 0.</param>
    /// <param name="threshold">A loss must be below the best one by more than this fraction to count as progress; in [0, 1).</param>
    /// <param name="cooldown">The number of observations after a reduction that are not counted; at least 0.</param>
    /// <param name="least">The lowest rate that a reduction can give; finite, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public PlateauRate(double rate, double factor = 0.1, int patience = 10, double threshold = 1e-4, int cooldown = 0, double least = 0)
    {
        Rate = ScheduleChecks.Rate(rate);
        Factor = ScheduleChecks.Inside(factor, 1);
        Patience = ScheduleChecks.Count(patience, 0);
        Threshold = threshold < 1 ? ScheduleChecks.Share(threshold)
            : throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "threshold must lie in [0, 1).");
        Cooldown = ScheduleChecks.Count(cooldown, 0);
        Least = ScheduleChecks.Rate(least);
    }

    /// <summary>The current rate.</summary>
    public double Rate { get; private set; }

    /// <summary>The lowest loss that counted as progress; infinite before the first.</summary>
    public double Best { get; private set; } = double.PositiveInfinity;

    /// <summary>The factor of a reduction.</summary>
    public double Factor { get; }

    /// <summary>The number of observations without progress that do not reduce the rate yet.</summary>
    public int Patience { get; }

    /// <summary>A loss must be below the best one by more than this fraction to count as progress.</summary>
    public double Threshold { get; }

    /// <summary>The number of observations after a reduction that are not counted.</summary>
    public int Cooldown { get; }

    /// <summary>The lowest rate that a reduction can give.</summary>
    public double Least { get; }

    /// <summary>Takes a loss, usually at the end of an epoch.</summary>
    /// <param name="loss">The loss; at least 0. A loss that is not finite is no progress.</param>
    /// <returns>The rate to use from now on.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The loss is below 0, where a fraction of the best loss has no meaning.</exception>
    public double Observe(double loss)
    {
        if (loss < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(loss), loss,
                "loss must be at least 0; a fraction of a best loss below 0 has no meaning.");
        }

        if (loss < Best * (1 - Threshold))
        {
            Best = loss;
            since = 0;
        }
        else
        {
            since++;
        }

        if (cooling > 0)
        {
            cooling--;
            since = 0;
        }

        if (since > Patience)
        {
            Rate = Math.Max(Rate * Factor, Math.Min(Rate, Least));
            cooling = Cooldown;
            since = 0;
        }

        return Rate;
    }

    /// <inheritdoc/>
    int ICheckpointed.StateLength => 4;

    /// <inheritdoc/>
    void ICheckpointed.GetState(Span<double> state) => (state[0], state[1], state[2], state[3]) = (Rate, Best, since, cooling);

    /// <inheritdoc/>
    void ICheckpointed.SetState(ReadOnlySpan<double> state)
    {
        if (state.Length != 4 || !(state[0] >= 0 && double.IsFinite(state[0])) || !(state[1] >= 0) || !IsCount(state[2], Patience)
            || !IsCount(state[3], Cooldown))
        {
            throw new ArgumentException(
                $"[{string.Join(", ", state.ToArray())}] is not the state of a PlateauRate with patience {Patience} and cooldown {Cooldown}. A state is the rate, the best loss, the number of observations without progress and the number of observations left that are not counted.", nameof(state));
        }

        (Rate, Best, since, cooling) = (state[0], state[1], (int)state[2], (int)state[3]);

        static bool IsCount(double value, int most) => value >= 0 && value <= most && value == Math.Floor(value);
    }
}
