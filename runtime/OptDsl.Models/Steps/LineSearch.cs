using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// Steps of an optimizer whose rate is searched: the loss is evaluated along a line, and the optimizer steps once, with the rate that was
/// found. The line follows the rule's <see cref="SearchDirectionAttribute"/> member, or the gradient where the rule has none.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
/// <remarks>
/// Losses, rates and slopes are compared in double. It keeps three numbers per parameter beside the optimizer's state; add every tensor
/// before. A trial whose loss is not finite is too long. Not thread-safe.
/// </remarks>
public sealed class LineSearch<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private readonly SearchedOptimizer<T, TRule> searched;
    private double lastRate = double.NaN;

    /// <summary>Searches the rate of an optimizer's steps.</summary>
    /// <param name="optimizer">What steps; of all its buffer's tensors or of some.</param>
    /// <param name="search">How the rate is found.</param>
    /// <param name="withRate">The rule with another rate, such as <c>(rule, rate) => rule with { LearningRate = rate }</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of <paramref name="search"/> is out of its range.</exception>
    /// <exception cref="ArgumentException">The rule takes gradients at other points, which a search does not evaluate.</exception>
    public LineSearch(Optimizer<T, TRule> optimizer, StepSearch search, Func<TRule, double, TRule> withRate)
        => searched = new SearchedOptimizer<T, TRule>(optimizer, search, withRate);

    /// <summary>How the rate is found; assign it to follow a schedule.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public StepSearch Search
    {
        get => searched.Search;
        set => searched.Search = value;
    }

    /// <summary>
    /// The last rate that was accepted, NaN before any. With the optimizer's snapshot it is all there is to save; assign it to continue.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive, or infinite.</exception>
    public double Rate
    {
        get => lastRate;
        set => lastRate = double.IsInfinity(value) || value <= 0
            ? throw new ArgumentOutOfRangeException(nameof(value), value, "The rate must be positive and finite; NaN for none yet.")
            : value;
    }

    /// <summary>Evaluations of all steps, those that threw too.</summary>
    public EvaluationCounts Total => searched.Walk.Total;

    /// <summary>Evaluates the loss and its gradient, searches, and steps.</summary>
    /// <param name="loss">The loss; over one batch throughout the step.</param>
    /// <param name="cancellation">
    /// Observed before the step and before each trial; when cancelled, parameters and gradients are put back.
    /// </param>
    /// <returns>How it ended; the optimizer's state has changed only where that is <see cref="StepOutcome.Accepted"/>.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; parameters and states are as before.</exception>
    /// <exception cref="NonFiniteException">The optimizer's step met or made a value that is not finite.</exception>
    public StepReport Step(ILossModel<T> loss, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Step(() => loss.ComputeGradient(searched.Parameters), () => loss.ComputeLoss(searched.Parameters), cancellation);
    }

    /// <summary>The same for a loss that is no model.</summary>
    /// <param name="gradient">Fills the gradients of the buffer at its parameters, and returns the loss.</param>
    /// <param name="loss">
    /// Returns the loss at the parameters of the buffer. What these throw passes through; the parameters are put back.
    /// </param>
    /// <param name="cancellation">
    /// Observed before the step and before each trial; when cancelled, parameters and gradients are put back.
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
