using System.Globalization;
using System.Numerics;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>The settings of <see cref="MetropolisLangevin{T}"/>.</summary>
public sealed record MetropolisSettings
{
    /// <summary>The initial step size h; finite and above 0. Proposals have variance 2 h.</summary>
    public double StepSize { get; init; } = 0.1;

    /// <summary>
    /// The mean acceptance probability to which the warm-up adapts the step sizes, in (0, 1). 0.574 is optimal for independent components
    /// (Roberts and Rosenthal 1998).
    /// </summary>
    public double TargetAcceptance { get; init; } = 0.574;

    /// <summary>Whether the warm-up adapts the step sizes; if not, all chains keep the initial one.</summary>
    public bool Adapts { get; init; } = true;

    internal void Validate()
    {
        if (!double.IsFinite(StepSize) || StepSize <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(StepSize), StepSize, "StepSize must be finite and above 0.");
        }

        if (!(TargetAcceptance > 0 && TargetAcceptance < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(TargetAcceptance), TargetAcceptance, "TargetAcceptance must be between 0 and 1.");
        }
    }
}

/// <summary>
/// The Metropolis-adjusted Langevin algorithm (MALA; Besag 1994; Roberts and Tweedie 1996). Langevin steps are proposals, accepted or
/// refused so that the chains sample exactly the target. Each chain adapts its own step size during the warm-up, by dual averaging, and
/// keeps it afterwards.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// A proposal is refused if U, its gradient or the position is not finite; its acceptance probability counts as 0. A potential of positive
/// infinity means that the density is zero there. Every other case is an error in the target or an overflow, and
/// <see cref="InvalidProposals"/> counts it. Statistics: log_density, acceptance, step_size.
/// </remarks>
public sealed class MetropolisLangevin<T> : Sampler<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MetropolisSettings settings;
    private readonly MetropolisMoves<T> moves;
    private readonly DualAveraging steps;

    /// <summary>Creates the chains at their initial positions.</summary>
    /// <param name="target">The density to sample.</param>
    /// <param name="options">The number of chains, the length of the run, and its checkpoints.</param>
    /// <param name="settings">The settings of the moves; the defaults if null.</param>
    /// <param name="start">The initial positions; if null, uniform in (-2, 2).</param>
    /// <exception cref="ArgumentOutOfRangeException">An option or setting is out of range.</exception>
    /// <exception cref="ArgumentException">The target is stochastic, or an initial position is not finite.</exception>
    public MetropolisLangevin(ITarget<T> target, SamplerOptions options, MetropolisSettings? settings = null, ChainStart<T>? start = null)
        : base(target, options, start)
    {
        this.settings = settings ?? new MetropolisSettings();
        this.settings.Validate();
        moves = new MetropolisMoves<T>(target, Chains);
        steps = new DualAveraging(Chains.Count, ElementRange.Require<T>(this.settings.StepSize, nameof(settings.StepSize)),
            this.settings.TargetAcceptance, ElementRange.Least<T>(), ElementRange.Largest<T>());
        SetSteps();
        Keep(SampleStatistics.Acceptance);
        Keep(SampleStatistics.StepSize);
    }

    /// <summary>The current step size of each chain.</summary>
    public IReadOnlyList<double> StepSizes => steps.StepSizes;

    /// <summary>
    /// Per chain, the number of invalid proposals so far, including the warm-up. A proposal is invalid, and refused, if U is NaN or
    /// negative infinity, or if U is finite and the gradient or the position is not. A few in the warm-up are usual if the initial step
    /// size is too large. Many mean that the target is wrong in some region, which the chains then avoid.
    /// </summary>
    public IReadOnlyList<long> InvalidProposals => moves.InvalidProposalsOfChains();

    private protected override void Move()
    {
        moves.Move(Transitions + 1);
        if (settings.Adapts && (IsWarmingUp || KeepsAdapting))
        {
            for (int row = 0; row < Chains.Count; row++)
            {
                steps.Learn(row, Transitions + 1, moves.Acceptances[row]);
            }

            SetSteps();
        }
    }

    /// <summary>The moves of the chains; a test can replace parts with wrong ones.</summary>
    internal MetropolisMoves<T> Moves => moves;

    /// <summary>Whether the step sizes also adapt after the warm-up, which is a mistake that a test makes on purpose.</summary>
    internal bool KeepsAdapting { get; set; }

    private protected override void EndWarmUp()
    {
        if (settings.Adapts && Options.WarmUp > 0)
        {
            steps.Freeze();
            SetSteps();
        }
    }

    private protected override void Restored() => SetSteps();

    private protected override void Record(int draw)
    {
        for (int row = 0; row < Chains.Count; row++)
        {
            Set(SampleStatistics.Acceptance, row, draw, moves.Acceptances[row]);
            Set(SampleStatistics.StepSize, row, draw, steps.StepSizes[row]);
        }
    }

    private protected override void Save(string path, CheckpointCompanion companion) => moves.Proposals.Save(path, companion);

    private protected override void Load(string path, CheckpointCompanion companion) => moves.Proposals.Load(path, companion);

    private protected override void AddTo(CheckpointCompanion companion)
    {
        companion.Require("sampler/step_size", settings.StepSize.ToString("R", CultureInfo.InvariantCulture), "the initial step size");
        companion.Require("sampler/target_acceptance", settings.TargetAcceptance.ToString("R", CultureInfo.InvariantCulture),
            "the target acceptance");
        companion.Require("sampler/adapts", settings.Adapts ? "true" : "false", "the adaptation of step sizes");
        companion.Add("sampler/step_sizes", steps.StepSizes, Chains.Count);
        companion.Add("sampler/step_averages", steps.Averages, Chains.Count);
        companion.Add("sampler/shortfalls", steps.Shortfalls, Chains.Count);
        companion.AddWhole("sampler/invalid_proposals", moves.InvalidProposals, Chains.Count);
    }

    private void SetSteps()
    {
        for (int row = 0; row < Chains.Count; row++)
        {
            moves.Proposals.Set(row, steps.StepSizes[row], 1);
        }
    }
}
