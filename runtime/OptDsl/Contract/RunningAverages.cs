using System.ComponentModel;

namespace OptDsl.Contract;

/// <summary>The uniform factors of running averages. Kernel and declaration share them, so that the two cannot differ.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RunningAverages
{
    // decay^step <= e^-((1 - decay) step), and a power below e^-40 leaves 1 - power = 1.
    private const double Forgotten = 40;

    /// <summary>
    /// 1 / (1 - decay^step), the published bias correction (Kingma and Ba 2015, algorithm 1). The power is carried in twice the working
    /// precision. So every machine gets the same value, correct to the last place at any step.
    /// </summary>
    /// <param name="decay">The decay, in [0, 1).</param>
    /// <param name="step">The step, from 1.</param>
    public static double Correction(double decay, int step)
    {
        if ((1 - decay) * step > Forgotten)
        {
            return 1;
        }

        // One Newton step corrects the quotient, which uses only the first part of the divisor.
        (double part, double rest) = OneLess(decay, step);
        double difference = part + rest, remainder = rest - (difference - part), quotient = 1 / difference;
        return Math.FusedMultiplyAdd(quotient, Math.FusedMultiplyAdd(-difference, quotient, 1) - (remainder * quotient), quotient);
    }

    /// <summary>
    /// 1 - decay^step, the divisor of the published bias correction. It is the sum of the weights of all samples so far in an average that
    /// began at zero. It is correct to the last place at any step, like <see cref="Correction"/>.
    /// </summary>
    /// <param name="decay">The decay, in [0, 1).</param>
    /// <param name="step">The step, from 1.</param>
    public static double Mass(double decay, int step)
    {
        if ((1 - decay) * step > Forgotten)
        {
            return 1;
        }

        (double part, double rest) = OneLess(decay, step);
        return part + rest;
    }

    /// <summary>1 - decay^step, as a sum of two parts.</summary>
    private static (double High, double Low) OneLess(double decay, int step)
    {

        // decay^step by binary powering of an unevaluated sum high + low. The sums are not renormalised, which would put two more
        // additions into the chain of squarings. low stays far below high for every step that an int can count.
        double high = 1, low = 0, squareHigh = decay, squareLow = 0;
        for (int bits = step; ; bits >>= 1)
        {
            if ((bits & 1) != 0)
            {
                double product = high * squareHigh;
                low = Math.FusedMultiplyAdd(low, squareHigh + squareLow,
                    Math.FusedMultiplyAdd(high, squareHigh, -product) + (high * squareLow));
                high = product;
            }

            if (bits == 1)
            {
                break;
            }

            double square = squareHigh * squareHigh;
            squareLow = Math.FusedMultiplyAdd(squareLow, (2 * squareHigh) + squareLow,
                Math.FusedMultiplyAdd(squareHigh, squareHigh, -square));
            squareHigh = square;
        }

        double part = 1 - high;
        return (part, 1 - part - high - low);
    }

    /// <summary>w = 1 / min(window, step): the weight of the newest sample of a windowed average.</summary>
    /// <param name="window">The window, at least 1.</param>
    /// <param name="step">The step, from 1.</param>
    public static double Weight(double window, int step) => 1 / Math.Min(window, step);
}
