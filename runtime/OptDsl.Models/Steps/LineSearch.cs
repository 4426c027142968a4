using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// Steps an optimizer at a searched rate. The loss is evaluated along a line, and the optimizer makes one step at the rate that was found.
/// The line follows the member of the rule with <see cref="SearchDirectionAttribute"/>, or the gradient if the rule has none.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
/// <remarks>
/// Losses, rates and slopes are compared in double. It keeps three numbers per parameter besides the optimizer's state. All tensors must be
/// added before it is created. A trial whose loss is not finite counts as too long. Not thread-safe.
/// </remarks>
public sealed class LineSearch<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private readonly SearchedOptimizer<T, TRule> searched;
    private double lastRate = double.NaN;

    /// <summary>Searches the rate of an optimizer's steps.</summary>
    /// <param name="optimizer">The optimizer that makes the steps; it may step all tensors of its buffer, or only some.</param>
    /// <param name="search">The search for the rate.</param>
    /// <param name="withRate">Returns the rule with another rate, such as <c>(rule, rate) => rule with { LearningRate = rate }</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting of <paramref name="search"/> is out of range.</exception>
    /// <exception cref="ArgumentException">The rule needs gradients at other points, which a search does not evaluate.</exception>
    public LineSearch(Optimizer<T, TRule> optimizer, StepSearch search, Func<TRule, double, TRule> withRate)
        => searched = new SearchedOptimizer<T, TRule>(optimizer, search, withRate);

    /// <summary>The search for the rate; may be assigned, for example to follow a schedule.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public StepSearch Search
    {
        get => searched.Search;
        set => searched.Search = value;
    }

    /// <summary>
    /// The last accepted rate; NaN before any. Together with the optimizer's snapshot it is the whole state of the search. Assign it to
    /// resume.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is infinite or not positive.</exception>
    public double Rate
    {
        get => lastRate;
        set => lastRate = double.IsInfinity(value) || value <= 0
            ? throw new ArgumentOutOfRangeException(nameof(value), value, "The rate must be positive and finite, or NaN if none was accepted yet.")
            : value;
    }

    /// <summary>The number of evaluations in all steps, including steps that threw.</summary>
    public EvaluationCounts Total => searched.Walk.Total;

    /// <summary>Evaluates the loss and its gradient, searches a rate, and steps.</summary>
    /// <param name="loss">The loss; it must use the same batch throughout the step.</param>
    /// <param name="cancellation">
    /// Checked before the step and before each trial. On cancellation, parameters and gradients are restored.
    /// </param>
    /// <returns>How the step ended. The optimizer's state changes only if that is <see cref="StepOutcome.Accepted"/>.</returns>
    /// <exception cref="OperationCanceledException">The step was cancelled; parameters and state are unchanged.</exception>
    /// <exception cref="NonFiniteException">The optimizer's step read or computed a value that is not finite.</exception>
    public StepReport Step(ILossModel<T> loss, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Step(() => loss.ComputeGradient(searched.Parameters), () => loss.ComputeLoss(searched.Parameters), cancellation);
    }

    /// <summary>Steps with a loss given by two functions.</summary>
    /// <param name="gradient">Fills the gradients of the buffer at its current parameters, and returns the loss.</param>
    /// <param name="loss">
    /// Returns the loss at the current parameters of the buffer. If a function throws, the parameters are restored and the exception passes
    /// through.
    /// </param>
    /// <param name="cancellation">
    /// Checked before the step and before each trial. On cancellation, parameters and gradients are restored.
    /// </param>
    /// <inheritdoc cref="Step(ILossModel{T}, CancellationToken)"/>
    public StepReport Step(Func<double> gradient, Func<double> loss, CancellationToken cancellation = default)
    {
        double bound = double.IsNaN(lastRate) ? Math.Min(Search.InitialRate, Search.MaxRate) : Search.Grown(lastRate);
        StepReport report = searched.Step(gradient, loss, bound, unit: null, searched.AssignRate, cancellation);
        lastRate = report.Accepted ? report.Rate : lastRate;
        return report;
    }
}
