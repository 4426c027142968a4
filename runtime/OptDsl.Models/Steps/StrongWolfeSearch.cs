namespace OptDsl.Models;

/// <summary>A point of a line: its rate, the loss, the derivative of the loss by the rate, and the gradient.</summary>
internal readonly record struct LinePoint(double Rate, double Loss, double Slope, double[] Gradient);

/// <summary>
/// Finds a rate with f(t) &lt;= f(0) + c1 t f'(0) and |f'(t)| &lt;= c2 |f'(0)|. It steps outward until it finds such a rate, or an interval
/// that must contain one. Then it narrows the interval. Both phases use cubic interpolation (Nocedal and Wright 2006, algorithms 3.5 and
/// 3.6, equation 3.59).
/// </summary>
/// <param name="settings">The settings that hold the constants.</param>
/// <param name="evaluate">Evaluates the point at a rate. A loss that is not finite counts as infinite.</param>
internal sealed class StrongWolfeSearch(LbfgsSettings settings, Func<double, LinePoint> evaluate)
{
    private LinePoint start;
    private int tries;

    /// <summary>The number of evaluations.</summary>
    internal int Evaluations { get; private set; }

    /// <summary>Runs the search.</summary>
    /// <param name="origin">The point at rate 0, with a negative slope.</param>
    /// <param name="rate">The first rate to try.</param>
    /// <param name="size">The largest change of a parameter per unit of rate.</param>
    /// <returns>The point that was found. If the tries run out, it is the best end of the interval, which may be the origin.</returns>
    internal LinePoint Find(LinePoint origin, double rate, double size)
    {
        (start, tries) = (origin, 0);
        (LinePoint low, LinePoint high, bool done) = Outward(rate);
        return done ? low : Narrow(low, high, size);
    }

    private (LinePoint Low, LinePoint High, bool Done) Outward(double rate)
    {
        LinePoint last = start, here = At(rate);
        while (true)
        {
            if (!Falls(here) || (tries > 1 && here.Loss >= last.Loss))
            {
                return (last, here, false);
            }

            if (IsFlat(here))
            {
                return (here, here, true);
            }

            if (here.Slope >= 0)
            {
                return (last, here, false);
            }

            if (tries == settings.SearchTries)
            {
                return (start, here, false);
            }

            // The next rate is at least a hundredth of the last step beyond this one, and at most ten times this one.
            double next = Cubic(last, here, here.Rate + (0.01 * (here.Rate - last.Rate)), 10 * here.Rate);
            last = here;
            here = At(next);
            tries++;
        }
    }

    private LinePoint Narrow(LinePoint low, LinePoint high, double size)
    {
        // The two ends stay in the order in which they were found, because the rounding of the interpolation depends on it.
        LinePoint[] sides = [low, high];
        int best = sides[0].Loss <= sides[1].Loss ? 0 : 1;
        bool nearEdge = false;
        while (tries < settings.SearchTries && Math.Abs(sides[1].Rate - sides[0].Rate) * size >= settings.ChangeTolerance)
        {
            double least = Math.Min(sides[0].Rate, sides[1].Rate), most = Math.Max(sides[0].Rate, sides[1].Rate),
                margin = 0.1 * (most - least);
            double rate = Cubic(sides[0], sides[1], least, most);
            if (Math.Min(most - rate, rate - least) < margin)
            {
                // A second point in a row near an end is no progress. Then the rate moves a tenth of the interval away from that end.
                bool again = nearEdge || rate >= most || rate <= least;
                rate = !again ? rate : Math.Abs(rate - most) < Math.Abs(rate - least) ? most - margin : least + margin;
                nearEdge = !again;
            }
            else
            {
                nearEdge = false;
            }

            LinePoint here = At(rate);
            tries++;
            if (!Falls(here) || here.Loss >= sides[best].Loss)
            {
                sides[1 - best] = here;
                best = sides[0].Loss <= sides[1].Loss ? 0 : 1;
                continue;
            }

            if (IsFlat(here))
            {
                return here;
            }

            if (here.Slope * (sides[1 - best].Rate - sides[best].Rate) >= 0)
            {
                sides[1 - best] = sides[best];
            }

            sides[best] = here;
        }

        return sides[best];
    }

    private LinePoint At(double rate)
    {
        Evaluations++;
        LinePoint point = evaluate(rate);
        return double.IsFinite(point.Loss) && double.IsFinite(point.Slope) ? point : point with { Loss = double.PositiveInfinity };
    }

    private bool Falls(LinePoint point) => point.Loss <= start.Loss + (settings.Decrease * point.Rate * start.Slope);

    private bool IsFlat(LinePoint point) => Math.Abs(point.Slope) <= -settings.Curvature * start.Slope;

    /// <summary>The minimum of the cubic through two points and their slopes, within bounds; the midpoint if there is no minimum.</summary>
    private static double Cubic(LinePoint a, LinePoint b, double least, double most)
    {
        double mean = a.Slope + b.Slope - (3 * (a.Loss - b.Loss) / (a.Rate - b.Rate)), square = (mean * mean) - (a.Slope * b.Slope);
        int exponent = 0;
        if (!ScaledNorm.IsNormal(square))
        {
            exponent = ScaledNorm.Exponent<double>([mean, a.Slope, b.Slope]);
            double scaled = Math.ScaleB(mean, -exponent);
            square = (scaled * scaled) - (Math.ScaleB(a.Slope, -exponent) * Math.ScaleB(b.Slope, -exponent));
        }

        if (!(square >= 0))
        {
            return (least + most) / 2;
        }

        double root = Math.ScaleB(Math.Sqrt(square), exponent);
        double minimum = a.Rate <= b.Rate
            ? b.Rate - ((b.Rate - a.Rate) * ((b.Slope + root - mean) / (b.Slope - a.Slope + (2 * root))))
            : a.Rate - ((a.Rate - b.Rate) * ((a.Slope + root - mean) / (a.Slope - b.Slope + (2 * root))));
        return double.IsNaN(minimum) ? (least + most) / 2 : Math.Clamp(minimum, least, most);
    }
}
