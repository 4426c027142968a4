using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// Steps of an optimizer whose parameter groups have a rate each, searched one group a step, in turn, while the others' rates are as they
/// were, grown (PLASLS, Kenneweg et al. 2023). Every step moves all groups.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <typeparam name="TRule">The rule; each group's own value carries its rate.</typeparam>
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
    /// <param name="optimizer">What steps; of all its buffer's tensors or of some.</param>
    /// <param name="search">How a rate is found.</param>
    /// <param name="withRate">The rule with another rate, such as <c>(rule, rate) => rule with { LearningRate = rate }</c>.</param>
    /// <param name="jointSteps">Searches at the beginning that move all groups at one rate; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number of <paramref name="search"/> is out of its range, or <paramref name="jointSteps"/> is negative.
    /// </exception>
    /// <exception cref="ArgumentException">The rule takes gradients at other points, which a search does not evaluate.</exception>
    public UnitLineSearch(Optimizer<T, TRule> optimizer, StepSearch search, Func<TRule, double, TRule> withRate, int jointSteps = 6)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(jointSteps);
        searched = new SearchedOptimizer<T, TRule>(optimizer, search, withRate);
        units = [.. optimizer.Tensors.Select(tensor => tensor.Group).Distinct()];
        rates = new double[units.Length];
        Array.Fill(rates, double.NaN);
        this.jointSteps = jointSteps;
    }

    /// <summary>The groups in the order they are searched: that of their first tensors.</summary>
    public IReadOnlyList<string> Units => units;

    /// <summary>How a rate is found; assign it to follow a schedule.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public StepSearch Search
    {
        get => searched.Search;
        set => searched.Search = value;
    }

    /// <summary>The groups' rates in the last accepted step, in the order of <see cref="Units"/>; NaN before any.</summary>
    public ReadOnlySpan<double> Rates => rates;

    /// <summary>Searches made: it says whose turn is next.</summary>
    public long SearchCount { get; private set; }

    /// <summary>Evaluations of all steps, those that threw too.</summary>
    public EvaluationCounts Total => searched.Walk.Total;

    /// <summary>Goes on where another search was.</summary>
    /// <param name="lastRates">Its <see cref="Rates"/>: one a group, positive and finite; or NaN where it had accepted none.</param>
    /// <param name="searchCount">Its <see cref="SearchCount"/>; not negative.</param>
    /// <exception cref="ArgumentException">There is another number of rates than of groups; nothing was changed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A rate or the count is out of its range; nothing was changed.</exception>
    public void Resume(ReadOnlySpan<double> lastRates, long searchCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(searchCount);
        if (lastRates.Length != units.Length)
        {
            throw new ArgumentException($"There are {lastRates.Length} rates for {units.Length} groups; each group has one.",
                nameof(lastRates));
        }

        foreach (double rate in lastRates)
        {
            if (double.IsInfinity(rate) || rate <= 0)
            {
                throw new ArgumentOutOfRangeException(nameof(lastRates), rate, "A rate must be positive and finite; NaN for none yet.");
            }
        }

        lastRates.CopyTo(rates);
        SearchCount = searchCount;
    }

    /// <summary>Evaluates the loss and its gradient, searches one group's rate, and steps all.</summary>
    /// <inheritdoc cref="LineSearch{T, TRule}.Step(ILossModel{T}, CancellationToken)"/>
    public StepReport Step(ILossModel<T> loss, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Step(() => loss.ComputeGradient(searched.Parameters), () => loss.ComputeLoss(searched.Parameters), cancellation);
    }

    /// <summary>The same for a loss that is no model.</summary>
    /// <inheritdoc cref="LineSearch{T, TRule}.Step(Func{double}, Func{double}, CancellationToken)"/>
    public StepReport Step(Func<double> gradient, Func<double> loss, CancellationToken cancellation = default)
    {
        StepSearch search = searched.Search;
        double[] grown = Array.ConvertAll(rates,
            rate => double.IsNaN(rate) ? Math.Min(search.InitialRate, search.MaxRate) : search.Grown(rate));
        bool joint = SearchCount < jointSteps;
        int unit = joint ? 0 : (int)((SearchCount - jointSteps) % units.Length);
        StepReport report = searched.Step(gradient, loss, grown[unit], joint ? null : units[unit], Assign, cancellation);

        // A group whose search fails is left until its turn comes again; so a bad one does not hold up the others.
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
