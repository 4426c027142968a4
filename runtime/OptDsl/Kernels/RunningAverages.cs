namespace OptDsl.Kernels;

/// <summary>The uniform factors of running averages, shared by a kernel and its reference so that the two cannot differ.</summary>
public static class RunningAverages
{
    /// <summary>
    /// 1 / (1 - decay^step), the published bias correction (Kingma and Ba 2015, algorithm 1), with the power carried in
    /// twice the working precision so that every machine gets the same, accurate value at any step.
    /// </summary>
    /// <param name="decay">In [0, 1).</param>
    /// <param name="step">From 1.</param>
    public static double Correction(double decay, int step)
    {
        // decay^step = high + low by binary powering of an unevaluated sum (Dekker's product with a fused remainder).
        double high = 1, low = 0, squareHigh = decay, squareLow = 0;
        for (int rest = step; rest > 0; rest >>= 1)
        {
            if ((rest & 1) != 0)
            {
                (high, low) = Multiply(high, low, squareHigh, squareLow);
            }

            (squareHigh, squareLow) = Multiply(squareHigh, squareLow, squareHigh, squareLow);
        }

        return 1 / (1 - high - low);
    }

    /// <summary>w = 1 / min(window, step): the weight of the newest sample of a windowed average.</summary>
    /// <param name="window">At least 1.</param>
    /// <param name="step">From 1.</param>
    public static double Weight(double window, int step) => 1 / Math.Min(window, step);

    private static (double High, double Low) Multiply(double aHigh, double aLow, double bHigh, double bLow)
    {
        double product = aHigh * bHigh;
        double rest = Math.FusedMultiplyAdd(aHigh, bHigh, -product) + ((aHigh * bLow) + (aLow * bHigh));
        double high = product + rest;
        return (high, rest - (high - product));
    }
}
