using OptDsl.Rules;

namespace OptDsl.Models;

/// <summary>
/// The hyperparameters of a rule for a batch, from those for a batch of one: what the rate is per example, and over how many examples an
/// average runs. With them the number of examples seen, not the batch or the window, decides where training stands (McAllester's slides,
/// "batch size scaling"; the rate's conjugacy with momentum).
/// </summary>
/// <remarks>
/// N = max(1, N' / B) steps of B examples hold the N' examples of an average, and not fewer than one step; the slides' min is a slip, since
/// a window below one step is no average. A step's rate is B times that of one example, divided by the window where the velocity sums
/// gradients rather than averaging them.
/// </remarks>
public static class BatchScaling
{
    /// <summary>The window in steps that holds a window in examples.</summary>
    /// <param name="window">N', in examples; finite, at least 1.</param>
    /// <param name="batch">B, examples a step; at least 1.</param>
    /// <returns>max(1, N' / B).</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static double Window(double window, int batch)
    {
        if (!(window >= 1) || !double.IsFinite(window))
        {
            throw new ArgumentOutOfRangeException(nameof(window), window, "window must be a finite number of at least 1.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        return Math.Max(1, window / batch);
    }

    /// <summary>The rate of a step of B examples where the rule averages gradients: B times that of one example.</summary>
    /// <param name="rate">The rate for a batch of one; finite, at least 0.</param>
    /// <param name="batch">B, examples a step; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static double Rate(double rate, int batch)
    {
        if (!(rate >= 0) || !double.IsFinite(rate))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "rate must be a finite number of at least 0.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        return batch * rate;
    }

    /// <summary>SGD: p &lt;- p - B rate g.</summary>
    /// <inheritdoc cref="Rate"/>
    public static Sgd Sgd(double rate, int batch) => new(Rate(rate, batch));

    /// <summary>Momentum in PyTorch's dialect, v &lt;- (1 - 1/N) v + g and p &lt;- p - (B rate / N) v.</summary>
    /// <param name="rate">The rate for a batch of one, of an average of gradients; finite, at least 0.</param>
    /// <param name="window">N', in examples; finite, at least 1.</param>
    /// <param name="batch">B, examples a step; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static Momentum Momentum(double rate, double window, int batch)
    {
        double steps = Window(window, batch);
        return new(Rate(rate, batch) / steps, 1 - (1 / steps));
    }

    /// <summary>Momentum with the rate in the velocity, v &lt;- (1 - 1/N) v + (B rate / N) g and p &lt;- p - v.</summary>
    /// <inheritdoc cref="Momentum"/>
    public static VelocityMomentum VelocityMomentum(double rate, double window, int batch)
    {
        double steps = Window(window, batch);
        return new(Rate(rate, batch) / steps, steps);
    }

    /// <summary>
    /// Momentum as an average, mu &lt;- (1 - 1/N) mu + g/N and p &lt;- p - B rate mu; <see cref="Rules.MeanMomentum"/> itself multiplies by
    /// N.
    /// </summary>
    /// <inheritdoc cref="Momentum"/>
    public static MeanMomentum MeanMomentum(double rate, double window, int batch)
    {
        double steps = Window(window, batch);
        return new(Rate(rate, batch) / steps, steps);
    }

    /// <summary>Adam, its two averages over so many examples each.</summary>
    /// <param name="rate">The rate for a batch of one; finite, at least 0.</param>
    /// <param name="gradientWindow">N_g', in examples, of the average of gradients; finite, at least 1.</param>
    /// <param name="squareWindow">N_s', in examples, of the average of squares; finite, at least 1.</param>
    /// <param name="batch">B, examples a step; at least 1.</param>
    /// <remarks>
    /// The squares averaged are those of the batch's mean gradient, mean^2 + variance / B, which shrink as the batch grows: the rate keeps
    /// its meaning only where means outweigh noise. <see cref="Rules.BatchAwareRmsProp"/> averages single examples' squares instead.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static Adam Adam(double rate, double gradientWindow, double squareWindow, int batch)
        => new(Rate(rate, batch), 1 - (1 / Window(gradientWindow, batch)), 1 - (1 / Window(squareWindow, batch)));

    /// <summary>RMSProp of single examples' squares, averaged over so many examples.</summary>
    /// <inheritdoc cref="Momentum"/>
    public static BatchAwareRmsProp BatchAwareRmsProp(double rate, double window, int batch)
        => new(Rate(rate, batch), (int)Math.Min(int.MaxValue, Math.Round(Window(window, batch))));
}
