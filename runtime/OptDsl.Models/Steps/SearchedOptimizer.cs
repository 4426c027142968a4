using System.Numerics;
using OptDsl.Contract;

namespace OptDsl.Models;

/// <summary>An optimizer together with the line along which its rate is searched.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
internal sealed class SearchedOptimizer<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private readonly Func<TRule, double, TRule> withRate;

    // The direction in the optimizer's layout, if it steps only some of the tensors.
    private readonly T[] ownDirection;
    private StepSearch search;

    internal SearchedOptimizer(Optimizer<T, TRule> optimizer, StepSearch search, Func<TRule, double, TRule> withRate)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(withRate);
        search.Validate();
        if (optimizer.Schema.Inputs.FirstOrDefault(input => input.Source == InputSource.GradientAt) is { } point)
        {
            throw new ArgumentException(
                $"{optimizer.Schema.Name} needs the gradient '{point.Name}' at another point, which a search does not evaluate.",
                    nameof(optimizer));
        }

        Optimizer = optimizer;
        Parameters = optimizer.Parameters;
        this.search = search;
        this.withRate = withRate;
        ownDirection = optimizer.Tensors.Count == Parameters.Tensors.Count ? [] : new T[optimizer.Tensors.Sum(tensor => tensor.Length)];
        Walk = new LineWalk<T>(Parameters);
    }

    internal Optimizer<T, TRule> Optimizer { get; }

    internal ParameterBuffer<T> Parameters { get; }

    internal LineWalk<T> Walk { get; }

    internal StepSearch Search
    {
        get => search;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.Validate();
            search = value;
        }
    }

    internal StepReport Step(Func<double> gradient, Func<double> loss, double bound, string? unit, Action<double> assign,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(loss);
        cancellation.ThrowIfCancellationRequested();
        EvaluationCounts countBefore = Walk.Total;
        double before = Walk.Begin(gradient);
        if (!double.IsFinite(before))
        {
            return new StepReport(StepOutcome.NotFinite, before, double.NaN, 0, double.NaN, Walk.Total - countBefore, unit);
        }

        LayDirection();
        (StepOutcome outcome, double rate, double trialLoss, double slope) = Walk.Search(search, bound, before, unit, loss, cancellation);
        if (outcome == StepOutcome.Accepted)
        {
            // The trial was a forecast. The optimizer makes its own step from the origin, with the gradients taken there.
            Walk.Line.Return();
            assign(rate);
            bool stepped = Optimizer.Schema.ReadsLoss ? Optimizer.Step(before, CancellationToken.None)
                : Optimizer.Step(CancellationToken.None);
            outcome = stepped ? outcome : StepOutcome.NotFinite;
        }

        return new StepReport(outcome, before, trialLoss, rate, slope, Walk.Total - countBefore, unit);
    }

    /// <summary>Assigns one rate to the optimizer's rule, and to the groups that have their own rule value.</summary>
    internal void AssignRate(double rate)
    {
        TRule shared = Optimizer.Rule;
        AssignRates(withRate(shared, rate), group => ReferenceEquals(group.Rule, shared) ? null : withRate(group.Rule, rate));
    }

    /// <summary>Assigns each group a rule value with its own rate.</summary>
    internal void AssignRates(Func<string, double> rateOf)
        => AssignRates(Optimizer.Rule, group => withRate(group.Rule, rateOf(group.Name)));

    /// <summary>All rule values are created and validated before any is assigned.</summary>
    private void AssignRates(TRule shared, Func<OptimizerGroup<T, TRule>, TRule?> ruleOf)
    {
        shared.Validate();
        (OptimizerGroup<T, TRule> Group, TRule? Rule)[] made = [.. Optimizer.Groups.Values.Select(group => (group, ruleOf(group)))];
        foreach ((_, TRule? rule) in made)
        {
            rule?.Validate();
        }

        foreach ((OptimizerGroup<T, TRule> group, TRule? rule) in made)
        {
            group.Rule = rule;
        }

        Optimizer.Rule = shared;
    }

    private void LayDirection()
    {
        Span<T> direction = Walk.Line.Direction;
        if (Optimizer.Schema.SearchDirection is null)
        {
            direction.Clear();
            foreach (ParameterTensor<T> tensor in Optimizer.Tensors)
            {
                tensor.Gradients.CopyTo(direction[tensor.Offset..]);
            }
        }
        else if (ownDirection.Length == 0)
        {
            Optimizer.ComputeSearchDirection(direction);
        }
        else
        {
            Optimizer.ComputeSearchDirection(ownDirection);
            direction.Clear();
            int place = 0;
            foreach (ParameterTensor<T> tensor in Optimizer.Tensors)
            {
                ownDirection.AsSpan(place, tensor.Length).CopyTo(direction[tensor.Offset..]);
                place += tensor.Length;
            }
        }
    }
}
