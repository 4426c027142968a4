using System.Globalization;
using System.Numerics;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>How <see cref="MetropolisLangevin{T}"/> moves.</summary>
public sealed record MetropolisSettings
{
    /// <summary>The step size h to begin with, proposals having the variance 2 h; finite and above 0.</summary>
    public double StepSize { get; init; } = 0.1;

    /// <summary>
    /// The mean probability of acceptance that the warm-up reaches by the step sizes, in (0, 1): .574 is the best for independent
    /// components (Roberts and Rosenthal 1998).
    /// </summary>
    public double TargetAcceptance { get; init; } = 0.574;

    /// <summary>Whether the warm-up adapts the step sizes; else all keep the first.</summary>
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
/// The Metropolis-adjusted Langevin algorithm (Besag 1994; Roberts and Tweedie 1996): Langevin steps as proposals, accepted so that exactly
/// the target is sampled. Every chain adapts its own step size in the warm-up, by dual averaging, and keeps it afterwards.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// A proposal is refused where U, its gradient or the position is not finite, and counts as one of acceptance 0. Positive infinity says
/// that the density is zero there; all else is a mistake of the target or an overflow, and <see cref="InvalidProposals"/> counts it.
/// Statistics: log_density, acceptance, step_size.
/// </remarks>
public sealed class MetropolisLangevin<T> : Sampler<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MetropolisSettings settings;
    private readonly MetropolisMoves<T> moves;
    private readonly DualAveraging steps;

    /// <summary>Chains at their beginning.</summary>
    /// <param name="target">What is sampled.</param>
    /// <param name="options">How many chains, for how long.</param>
    /// <param name="settings">How they move; the defaults if null.</param>
    /// <param name="start">Where chains begin; null for uniform numbers in (-2, 2).</param>
    /// <exception cref="ArgumentOutOfRangeException">An option or setting is out of its range.</exception>
    /// <exception cref="ArgumentException">The target is stochastic, or a chain begins at a number that is not finite.</exception>
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

    /// <summary>The step size of each chain.</summary>
    public IReadOnlyList<double> StepSizes => steps.StepSizes;

    /// <summary>
    /// Of each chain the proposals so far, those of the warm-up too, that were refused because there was no number to compute with: U was
    /// NaN or negative infinity, or U was finite and the gradient or the position was not. A few in the warm-up are usual with a first step
    /// that is too large; many mean that the target is wrong somewhere, and that the chains do not go there.
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

    /// <summary>How chains move, which a test can get wrong.</summary>
    internal MetropolisMoves<T> Moves => moves;

    /// <summary>Whether the steps adapt after the warm-up, too: a mistake that a test makes.</summary>
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
        companion.Require("sampler/step_size", settings.StepSize.ToString("R", CultureInfo.InvariantCulture), "the first step size");
        companion.Require("sampler/target_acceptance", settings.TargetAcceptance.ToString("R", CultureInfo.InvariantCulture),
            "the acceptance to reach");
        companion.Require("sampler/adapts", settings.Adapts ? "true" : "false", "whether steps adapt");
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
