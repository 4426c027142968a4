using OptDsl.Rules;

namespace OptDsl.Models;

/// <summary>
/// Computes the hyperparameters of a rule for batches of B examples from those for batches of one example. The learning rate is stated per
/// example, and the window of an average as a number of examples. The course of training then depends on the number of examples seen, not
/// on the batch size or the window (McAllester's slides, "batch size scaling"; the rate's conjugacy with momentum).
/// </summary>
/// <remarks>
/// An average over N' examples spans N = max(1, N' / B) steps of B examples. The slides say min instead of max, which is a slip: an average
/// needs a window of at least one step. The learning rate of a step is B times that of one example. Where the velocity sums gradients
/// instead of averaging them, it is also divided by N.
/// </remarks>
public static class BatchScaling
{
    /// <summary>Converts a window in examples to a window in steps.</summary>
    /// <param name="window">N', in examples; finite, at least 1.</param>
    /// <param name="batch">B, the number of examples per step; at least 1.</param>
    /// <returns>max(1, N' / B).</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static double Window(double window, int batch)
    {
        if (!(window >= 1) || !double.IsFinite(window))
        {
            throw new ArgumentOutOfRangeException(nameof(window), window, "window must be a finite number of at least 1.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        return Math.Max(1, window / batch);
    }

    /// <summary>The learning rate of a step of B examples, for a rule that averages gradients: B times that of one example.</summary>
    /// <param name="rate">The learning rate for a batch of one; finite, at least 0.</param>
    /// <param name="batch">B, the number of examples per step; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
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

    /// <summary>Momentum as PyTorch defines it: v &lt;- (1 - 1/N) v + g and p &lt;- p - (B rate / N) v.</summary>
    /// <param name="rate">The learning rate for a batch of one, for a rule that averages gradients; finite, at least 0.</param>
    /// <param name="window">N', in examples; finite, at least 1.</param>
    /// <param name="batch">B, the number of examples per step; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static Momentum Momentum(double rate, double window, int batch)
    {
        double steps = Window(window, batch);
        return new(Rate(rate, batch) / steps, 1 - (1 / steps));
    }

    /// <summary>Momentum with the learning rate inside the velocity: v &lt;- (1 - 1/N) v + (B rate / N) g and p &lt;- p - v.</summary>
    /// <inheritdoc cref="Momentum"/>
    public static VelocityMomentum VelocityMomentum(double rate, double window, int batch)
    {
        double steps = Window(window, batch);
        return new(Rate(rate, batch) / steps, steps);
    }

    /// <summary>
    /// Momentum as an average: mu &lt;- (1 - 1/N) mu + g/N and p &lt;- p - B rate mu. The rule <see cref="Rules.MeanMomentum"/> multiplies
    /// its learning rate by N, so this method divides it by N.
    /// </summary>
    /// <inheritdoc cref="Momentum"/>
    public static MeanMomentum MeanMomentum(double rate, double window, int batch)
    {
        double steps = Window(window, batch);
        return new(Rate(rate, batch) / steps, steps);
    }

    /// <summary>Adam, whose two averages have windows in examples.</summary>
    /// <param name="rate">The learning rate for a batch of one; finite, at least 0.</param>
    /// <param name="gradientWindow">N_g', the window in examples of the average of gradients; finite, at least 1.</param>
    /// <param name="squareWindow">N_s', the window in examples of the average of squares; finite, at least 1.</param>
    /// <param name="batch">B, the number of examples per step; at least 1.</param>
    /// <remarks>
    /// Adam averages the squares of the batch's mean gradient, mean^2 + variance / B, which shrink as the batch grows. So the learning rate
    /// keeps its meaning only where means outweigh noise. <see cref="Rules.BatchAwareRmsProp"/> averages the squares of single examples
    /// instead.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static Adam Adam(double rate, double gradientWindow, double squareWindow, int batch)
        => new(Rate(rate, batch), 1 - (1 / Window(gradientWindow, batch)), 1 - (1 / Window(squareWindow, batch)));

    /// <summary>RMSProp on the squares of single examples' gradients, averaged over a window in examples.</summary>
    /// <inheritdoc cref="Momentum"/>
    public static BatchAwareRmsProp BatchAwareRmsProp(double rate, double window, int batch)
        => new(Rate(rate, batch), (int)Math.Min(int.MaxValue, Math.Round(Window(window, batch))));
}
