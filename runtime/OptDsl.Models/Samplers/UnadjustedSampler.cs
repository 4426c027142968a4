using System.Numerics;
using OptDsl.Checkpoints;
using OptDsl.Contract;

namespace OptDsl.Models;

/// <summary>
/// Chains that a rule moves without correction: Langevin Monte Carlo, stochastic gradient Langevin dynamics (SGLD), underdamped Langevin
/// dynamics, or plain SGD. They sample the stationary density of the rule. For some rules, such as Langevin, it approaches the target's
/// density as the step size goes to zero; for others it does not.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <typeparam name="TRule">
/// The rule. Each chain is a row. The rule may reduce over rows, but not over more, which would mix the chains. An input <c>curvature</c>
/// is filled with the diagonal of the Hessian, if the target computes it. The caller fills other inputs through <see cref="Optimizer"/>.
/// </typeparam>
public sealed class UnadjustedSampler<T, TRule> : Sampler<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private const string CurvatureInput = "curvature";

    private readonly Func<TRule, int, TRule>? schedule;
    private readonly ICurvatureTarget<T>? curved;

    /// <summary>Creates the chains at their initial positions.</summary>
    /// <param name="target">The density to sample.</param>
    /// <param name="rule">The rule that moves the chains.</param>
    /// <param name="options">The number of chains, the length of the run, and its checkpoints.</param>
    /// <param name="start">The initial positions; if null, uniform in (-2, 2).</param>
    /// <param name="schedule">
    /// Returns the rule of a transition from the previous rule and the transition's number, from 1; null keeps the rule.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">An option or hyperparameter is out of range.</exception>
    /// <exception cref="ArgumentException">
    /// The rule mixes chains, reads a loss, or needs a curvature that the target does not compute; or an initial position is not finite.
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
                    $"{TRule.Schema.Name} reads '{CurvatureInput}', the diagonal of the Hessian, but the target does not compute it. Use a target that implements ICurvatureTarget.", nameof(target));
        }
    }

    /// <summary>The rule bound to the chains. Its states and inputs are laid out chain by chain.</summary>
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
