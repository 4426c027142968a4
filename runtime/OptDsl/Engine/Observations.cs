using System.Numerics;
using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>
/// What the last observed step recorded, apart from the reductions: those the next step overwrites even where it is not made.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
/// <param name="units">The optimizer's.</param>
internal sealed class Observations<T, TRule>(TensorUnit<T, TRule>[] units)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private bool hasAny;

    /// <summary>Keeps what the step under way has reduced.</summary>
    internal void Keep()
    {
        hasAny = true;
        foreach (TensorUnit<T, TRule> unit in units)
        {
            int place = 0;
            foreach (ObservedSchema observed in TRule.Schema.Observed)
            {
                foreach (int id in observed.Statistics)
                {
                    unit.Observed[place++] = unit.Frame.Reductions[id];
                }
            }
        }
    }

    /// <summary>The statistics of an observed member in a tensor.</summary>
    /// <exception cref="InvalidOperationException">No step has been observed.</exception>
    internal double[] Of(ObservedSchema observed, TensorUnit<T, TRule> unit)
    {
        if (!hasAny)
        {
            throw new InvalidOperationException("No step has been observed; set Observing before the step.");
        }

        int first = TRule.Schema.Observed.TakeWhile(other => other != observed).Sum(other => other.Statistics.Length);
        return unit.Observed[first..(first + observed.Statistics.Length)];
    }
}
