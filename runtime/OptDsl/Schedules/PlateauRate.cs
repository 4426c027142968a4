namespace OptDsl.Schedules;

/// <summary>
/// A rate that is cut where the loss no longer falls: after more than Patience observations in a row that are not below the best one by a
/// share Threshold, it is times Factor. It depends on what it has seen, so that it is not an <see cref="ISchedule"/>, and goes into a
/// checkpoint beside the optimizer (docs/checkpoints.md).
/// </summary>
public sealed class PlateauRate : ICheckpointed
{
    private int since, cooling;

    /// <summary>Begins at a rate.</summary>
    /// <param name="rate">Finite, at least 0.</param>
    /// <param name="factor">In (0, 1).</param>
    /// <param name="patience">Observations without progress that are borne; at least 0.</param>
    /// <param name="threshold">The share of the best loss by which another must be below it to count as progress; in [0, 1).</param>
    /// <param name="cooldown">Observations after a cut that are not counted; at least 0.</param>
    /// <param name="least">The rate is not cut below this; finite, at least 0.</param>
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

    /// <summary>The rate in force.</summary>
    public double Rate { get; private set; }

    /// <summary>The lowest loss seen; infinite before the first.</summary>
    public double Best { get; private set; } = double.PositiveInfinity;

    /// <summary>What a cut multiplies the rate by.</summary>
    public double Factor { get; }

    /// <summary>Observations without progress that are borne.</summary>
    public int Patience { get; }

    /// <summary>The share of the best loss that counts as progress.</summary>
    public double Threshold { get; }

    /// <summary>Observations after a cut that are not counted.</summary>
    public int Cooldown { get; }

    /// <summary>The lowest rate.</summary>
    public double Least { get; }

    /// <summary>Takes in a loss, at the end of an epoch as a rule.</summary>
    /// <param name="loss">At least 0. One that is not finite counts as no progress.</param>
    /// <returns>The rate from now on.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The loss is below 0, where a share of the best means nothing.</exception>
    public double Observe(double loss)
    {
        if (loss < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(loss), loss,
                "loss must be at least 0; a share of a best loss below 0 means nothing.");
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
                $"[{string.Join(", ", state.ToArray())}] is no state of a PlateauRate of patience {Patience} and cooldown {Cooldown}: rate, best loss, observations without progress, observations that are not counted.", nameof(state));
        }

        (Rate, Best, since, cooling) = (state[0], state[1], (int)state[2], (int)state[3]);

        static bool IsCount(double value, int most) => value >= 0 && value <= most && value == Math.Floor(value);
    }
}
