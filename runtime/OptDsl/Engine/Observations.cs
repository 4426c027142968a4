using System.Numerics;
using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>
/// The statistics of the last observed step. They are copied from the reductions, which the next step overwrites even if it is refused.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
/// <param name="units">The optimizer's tensors.</param>
internal sealed class Observations<T, TRule>(TensorUnit<T, TRule>[] units)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private bool hasAny;

    /// <summary>Keeps the statistics that the current step has reduced.</summary>
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
