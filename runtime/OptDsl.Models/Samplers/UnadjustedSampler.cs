using System.Numerics;
using OptDsl.Checkpoints;
using OptDsl.Contract;

namespace OptDsl.Models;

/// <summary>
/// Chains that a rule moves and nothing corrects: Langevin Monte Carlo, stochastic gradient Langevin dynamics, underdamped Langevin, or
/// SGD as it is. What they sample is the rule's own stationary density, which is the target's as the step goes to zero, if at all.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <typeparam name="TRule">
/// The rule. A chain is a row: it may reduce over rows, not over more, which would mix the chains. An input <c>curvature</c> is filled with
/// the diagonal of the Hessian, if the target has it; other inputs are the caller's (<see cref="Optimizer"/>).
/// </typeparam>
public sealed class UnadjustedSampler<T, TRule> : Sampler<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private const string CurvatureInput = "curvature";

    private readonly Func<TRule, int, TRule>? schedule;
    private readonly ICurvatureTarget<T>? curved;

    /// <summary>Chains at their beginning.</summary>
    /// <param name="target">What is sampled.</param>
    /// <param name="rule">How a chain moves.</param>
    /// <param name="options">How many chains, for how long.</param>
    /// <param name="start">Where chains begin; null for uniform numbers in (-2, 2).</param>
    /// <param name="schedule">The rule of each transition, from 1, made of the last one's; null to keep the rule.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option or hyperparameter is out of its range.</exception>
    /// <exception cref="ArgumentException">
    /// The rule mixes chains, needs a curvature the target does not have or a loss, or a chain begins at a number that is not finite.
    /// </exception>
    public UnadjustedSampler(ITarget<T> target, TRule rule, SamplerOptions options, ChainStart<T>? start = null,
        Func<TRule, int, TRule>? schedule = null)
        : base(target, options, start)
    {
        SampledRules.RequireApart(TRule.Schema);
        this.schedule = schedule;
        Optimizer = Chains.Buffer.Optimize(rule, Chains.OptimizerOptions(OnNonFinite.Throw));
        if (TRule.Schema.Inputs.Any(input => input.Name == CurvatureInput && input.Source == InputSource.PerParameter))
        {
            curved = target as ICurvatureTarget<T>
                ?? throw new ArgumentException(
                    $"{TRule.Schema.Name} reads '{CurvatureInput}', the diagonal of the Hessian, and the target does not have it; a target that has implements ICurvatureTarget.", nameof(target));
        }
    }

    /// <summary>The rule bound to the chains: its states and inputs are laid out chain after chain.</summary>
    public Optimizer<T, TRule> Optimizer { get; }

    private protected override void Move()
    {
        if (schedule is not null)
        {
            Optimizer.Rule = schedule(Optimizer.Rule, Transitions + 1);
        }

        if (curved is not null)
        {
            Chains.ComputeCurvature(curved, Optimizer.GetInput(CurvatureInput), Transitions + 1);
        }

        try
        {
            Optimizer.Step();
        }
        catch (NonFiniteException exception)
        {
            throw Chains.Stopped(Transitions + 1, exception);
        }

        Chains.Evaluate(Transitions + 1);
        Chains.RequireUsable(Transitions + 1);
    }

    private protected override void Record(int draw)
    {
    }

    private protected override void Save(string path, CheckpointCompanion companion)
        => Optimizer.Save(path, companion, CancellationToken.None);

    private protected override void Load(string path, CheckpointCompanion companion) => Optimizer.Load(path, companion);
}
