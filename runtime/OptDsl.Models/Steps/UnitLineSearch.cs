using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// Steps an optimizer with one searched rate per parameter group. Each step searches the rate of one group, in turn; the rates of the other
/// groups are their previous ones times the growth (PLASLS, Kenneweg et al. 2023). Every step moves all groups.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <typeparam name="TRule">The rule; the rule value of each group carries its rate.</typeparam>
/// <remarks><inheritdoc cref="LineSearch{T, TRule}" path="/remarks"/></remarks>
public sealed class UnitLineSearch<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private readonly SearchedOptimizer<T, TRule> searched;
    private readonly string[] units;
    private readonly double[] rates;
    private readonly int jointSteps;

    /// <summary>Searches the rates of an optimizer's groups.</summary>
    /// <param name="optimizer">The optimizer that makes the steps; it may step all tensors of its buffer, or only some.</param>
    /// <param name="search">The search for a rate.</param>
    /// <param name="withRate">Returns the rule with another rate, such as <c>(rule, rate) => rule with { LearningRate = rate }</c>.</param>
    /// <param name="jointSteps">The number of initial searches that move all groups at one rate; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A setting of <paramref name="search"/> is out of range, or <paramref name="jointSteps"/> is negative.
    /// </exception>
    /// <exception cref="ArgumentException">The rule needs gradients at other points, which a search does not evaluate.</exception>
    public UnitLineSearch(Optimizer<T, TRule> optimizer, StepSearch search, Func<TRule, double, TRule> withRate, int jointSteps = 6)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(jointSteps);
        searched = new SearchedOptimizer<T, TRule>(optimizer, search, withRate);
        units = [.. optimizer.Tensors.Select(tensor => tensor.Group).Distinct()];
        rates = new double[units.Length];
        Array.Fill(rates, double.NaN);
        this.jointSteps = jointSteps;
    }

    /// <summary>The groups in the order in which they are searched, which is the order of their first tensors.</summary>
    public IReadOnlyList<string> Units => units;

    /// <summary>The search for a rate; may be assigned, for example to follow a schedule.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public StepSearch Search
    {
        get => searched.Search;
        set => searched.Search = value;
    }

    /// <summary>The rates of the groups in the last accepted step, in the order of <see cref="Units"/>; NaN before any.</summary>
    public ReadOnlySpan<double> Rates => rates;

    /// <summary>The number of searches so far. It determines which group is searched next.</summary>
    public long SearchCount { get; private set; }

    /// <summary>The number of evaluations in all steps, including steps that threw.</summary>
    public EvaluationCounts Total => searched.Walk.Total;

    /// <summary>Resumes another search.</summary>
    /// <param name="lastRates">
    /// The other search's <see cref="Rates"/>: one per group, positive and finite, or NaN if it had accepted none.
    /// </param>
    /// <param name="searchCount">The other search's <see cref="SearchCount"/>; not negative.</param>
    /// <exception cref="ArgumentException">The number of rates differs from the number of groups; nothing was changed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A rate or the count is out of range; nothing was changed.</exception>
    public void Resume(ReadOnlySpan<double> lastRates, long searchCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(searchCount);
        if (lastRates.Length != units.Length)
        {
            throw new ArgumentException($"There are {lastRates.Length} rates for {units.Length} groups; each group needs one.",
                nameof(lastRates));
        }

        foreach (double rate in lastRates)
        {
            if (double.IsInfinity(rate) || rate <= 0)
            {
                throw new ArgumentOutOfRangeException(nameof(lastRates), rate, "A rate must be positive and finite, or NaN if none was accepted yet.");
            }
        }

        lastRates.CopyTo(rates);
        SearchCount = searchCount;
    }

    /// <summary>Evaluates the loss and its gradient, searches the rate of one group, and steps all groups.</summary>
    /// <inheritdoc cref="LineSearch{T, TRule}.Step(ILossModel{T}, CancellationToken)"/>
    public StepReport Step(ILossModel<T> loss, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Step(() => loss.ComputeGradient(searched.Parameters), () => loss.ComputeLoss(searched.Parameters), cancellation);
    }

    /// <summary>Steps with a loss given by two functions.</summary>
    /// <inheritdoc cref="LineSearch{T, TRule}.Step(Func{double}, Func{double}, CancellationToken)"/>
    public StepReport Step(Func<double> gradient, Func<double> loss, CancellationToken cancellation = default)
    {
        StepSearch search = searched.Search;
        double[] grown = Array.ConvertAll(rates,
            rate => double.IsNaN(rate) ? Math.Min(search.InitialRate, search.MaxRate) : search.Grown(rate));
        bool joint = SearchCount < jointSteps;
        int unit = joint ? 0 : (int)((SearchCount - jointSteps) % units.Length);
        StepReport report = searched.Step(gradient, loss, grown[unit], joint ? null : units[unit], Assign, cancellation);

        // If the search of a group fails, the group waits for its next turn, so it does not hold up the others.
        SearchCount++;
        if (report.Accepted)
        {
            grown.CopyTo(rates, 0);
        }

        return report;

        void Assign(double rate)
        {
            grown.AsSpan(joint ? 0 : unit, joint ? units.Length : 1).Fill(rate);
            searched.AssignRates(group => grown[Array.IndexOf(units, group)]);
        }
    }
}
