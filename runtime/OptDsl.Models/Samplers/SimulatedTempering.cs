using System.Globalization;
using System.Numerics;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>
/// Simulated tempering (Marinari and Parisi 1992) of Langevin chains (Ge, Lee and Risteski 2018). A chain moves at the inverse temperature
/// b of its level: x - h b gradient + root(2 h) noise. With probability <see cref="SimulatedTemperingSettings.SwapRate"/> it also proposes
/// a neighbouring level. The proposal is accepted with probability min(1, exp(-(b' - b) U + w' - w)), where w are the log weights of the
/// levels. At levels of small b, chains pass between modes.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// <para>
/// <b>Only the draws of the last level are draws of the target.</b> <see cref="GetTargetDraws"/> and <see cref="ComputeTargetMean"/> use
/// only these. <see cref="SamplingResult{T}.Samples"/> has the draws of all levels, whose mixture is flatter than the target. A draw's
/// level is in its statistic <c>level</c>. <c>Summarize()</c> describes the mixture of all levels, not the target.
/// </para>
/// <para>
/// Moves are not corrected, so every level has the bias of its step size; the level swaps add no bias. Moves cannot be refused either. If
/// U, its gradient or the position of a chain is not finite, the run ends with a <see cref="SamplingException"/>.
/// </para>
/// <para>
/// A constant added to U changes neither the draws nor the learned weights, except by rounding: weights are learned for potentials minus
/// the smallest one seen early in the warm-up. Weights that are stated refer to U itself, including its constant.
/// </para>
/// <para>
/// All chains of the run learn the weights together, because a single chain stays in one mode for long. So draws with learned weights
/// depend on which chains are run together; draws with stated weights do not.
/// </para>
/// </remarks>
public sealed class SimulatedTempering<T> : Sampler<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const uint SwapStream = 0x73776170;

    private readonly SimulatedTemperingSettings settings;
    private readonly LangevinProposals<T> proposals;
    private readonly TemperingWeights? learning;
    private readonly double[] inverseTemperatures, logWeights, stepSizes, draws, levelDraws;

    private readonly int[] levels;

    // The counts begin after the warm-up.
    private readonly long[] occupation, swapProposals, swaps;
    private readonly RoundTrips trips;

    // The number of chains at each level; and the chains that propose a level, with one spare place.
    private readonly int[] population, proposing;

    /// <summary>Creates the chains at their initial positions.</summary>
    /// <param name="target">The density to sample, at the last level.</param>
    /// <param name="options">The number of chains, the length of the run, and its checkpoints.</param>
    /// <param name="settings">The levels and the settings of the moves.</param>
    /// <param name="start">The initial positions; if null, uniform in (-2, 2).</param>
    /// <exception cref="ArgumentOutOfRangeException">An option or setting is out of range.</exception>
    /// <exception cref="ArgumentException">
    /// The target is stochastic, a setting does not have one number per level, weights are to be learned without a warm-up, or an initial
    /// position is not finite.
    /// </exception>
    public SimulatedTempering(ITarget<T> target, SamplerOptions options, SimulatedTemperingSettings settings, ChainStart<T>? start = null)
        : base(target, options, start)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate(options.WarmUp);
        if (target.IsStochastic)
        {
            throw new ArgumentException(
                "The target is stochastic: its gradient is an estimate, as from batches. Levels cannot be swapped by an estimate. Use a target over all examples.", nameof(target));
        }

        this.settings = settings;
        SwapRatio = LogSwapRatio;
        int count = settings.Levels;
        RequireElements(settings);
        inverseTemperatures = [.. settings.InverseTemperatures];
        logWeights = [.. settings.LogWeights ?? new double[count]];
        stepSizes = [.. Enumerable.Range(0, count).Select(settings.StepSizeOf)];
        learning = settings.LogWeights is null ? new TemperingWeights(inverseTemperatures, logWeights, options) : null;
        (draws, levels, occupation) = (new double[Chains.Count], new int[Chains.Count], new long[count]);
        (swapProposals, swaps, population) = (new long[count * count], new long[count * count], new int[count]);
        proposing = new int[Chains.Count + 1];
        trips = new RoundTrips(Chains.Count);
        proposals = new LangevinProposals<T>(Chains, OnNonFinite.Throw);
        Array.Fill(levels, settings.StartLevel ?? Last);
        Restored();
        levelDraws = Keep(SampleStatistics.Level);
    }

    private int Last => inverseTemperatures.Length - 1;

    /// <summary>The current level of each chain, from 0; the last level is the target.</summary>
    public IReadOnlyList<int> Levels => [.. levels];

    /// <summary>
    /// Returns the draws of one component from the target, which are those of the last level. Each chain has as many as it made there,
    /// perhaps none.
    /// </summary>
    /// <param name="component">The index of the component, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such component.</exception>
    public double[][] GetTargetDraws(int component)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(component);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(component, Chains.Dimensions);
        double[][] chosen = new double[Options.Chains][];
        for (int chain = 0; chain < chosen.Length; chain++)
        {
            chosen[chain] = [.. Enumerable.Range(0, DrawCount).Where(draw => IsOfTarget(chain, draw))
                .Select(draw => double.CreateTruncating(DrawOf(chain, draw)[component]))];
        }

        return chosen;
    }

    /// <summary>Computes the mean of a function under the target, from the draws of the last level.</summary>
    /// <param name="function">
    /// A function of a position. Examples are a component, its square, or the indicator of a set (1 inside, 0 outside), whose mean is the
    /// set's probability.
    /// </param>
    /// <returns>
    /// The mean and its standard error. The error is that of a ratio: the mean of the deviations, which are zero at the other levels, over
    /// the share of draws at the last level.
    /// </returns>
    public TargetMean ComputeTargetMean(Func<ReadOnlySpan<T>, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        double[] deviations = new double[Options.Chains * DrawCount];
        var isOfTarget = new bool[deviations.Length];
        double sum = 0;
        int count = 0;
        for (int i = 0; i < deviations.Length; i++)
        {
            (int chain, int draw) = (i / DrawCount, i % DrawCount);
            if (IsOfTarget(chain, draw))
            {
                isOfTarget[i] = true;
                deviations[i] = function(DrawOf(chain, draw));
                sum += deviations[i];
                count++;
            }
        }

        double mean = double.IsFinite(sum) ? sum / count : deviations.Sum(value => value / count);
        for (int i = 0; i < deviations.Length; i++)
        {
            deviations[i] = isOfTarget[i] ? deviations[i] - mean : 0;
        }

        return new TargetMean(mean, ChainDiagnostics.MeanError(deviations, Options.Chains) * deviations.Length / count, count);
    }

    /// <summary>Reports the movement of the chains through the levels since the warm-up.</summary>
    public SimulatedTemperingReport GetReport()
    {
        int count = inverseTemperatures.Length;
        double all = occupation.Sum();
        return new SimulatedTemperingReport(
            learning?.Stated() ?? [.. logWeights],
            [.. occupation.Select(transitions => transitions / all)],
            Matrix(place => swapProposals[place]),
            Matrix(place => (double)swaps[place] / swapProposals[place]),
            [.. Enumerable.Range(0, Chains.Count).Select(chain => trips[chain])]);

        IReadOnlyList<IReadOnlyList<TValue>> Matrix<TValue>(Func<int, TValue> at)
            => [.. Enumerable.Range(0, count)
                .Select(from => (TValue[])[.. Enumerable.Range(0, count).Select(to => at((from * count) + to))])];
    }

    /// <summary>The log odds of another level: <see cref="LogSwapRatio"/>, unless a test replaces it with a wrong one.</summary>
    internal Func<double, int, int, double> SwapRatio { get; set; }

    /// <summary>The log odds of another level against a chain's level.</summary>
    internal double LogSwapRatio(double potential, int from, int to)
        => ((inverseTemperatures[from] - inverseTemperatures[to]) * TemperingWeights.Relative(potential, learning?.Reference ?? 0))
        + logWeights[to] - logWeights[from];

    /// <summary>The probability that a transition moves a chain from a level to a given neighbour.</summary>
    internal double SwapProbability(double potential, int from, int to)
        => to < 0 || to > Last ? 0 : settings.SwapRate / 2 * Math.Exp(Math.Min(0, SwapRatio(potential, from, to)));

    private protected override void Move()
    {
        try
        {
            proposals.Step();
        }
        catch (NonFiniteException exception)
        {
            throw Chains.Stopped(Transitions + 1, exception);
        }

        Chains.Evaluate(Transitions + 1);
        Chains.RequireUsable(Transitions + 1);
        if (IsWarmingUp)
        {
            learning?.Refer(Chains.Potentials);
        }

        Chains.Draw(SwapStream, Transitions + 1, draws);
        int count = 0;
        for (int chain = 0; chain < draws.Length; chain++)
        {
            // Without a branch, because it could not be predicted.
            proposing[count] = chain;
            count += draws[chain] < settings.SwapRate ? 1 : 0;
        }

        foreach (int chain in proposing.AsSpan(0, count))
        {
            Swap(chain, settings.SwapRate / 2);
        }

        if (IsWarmingUp)
        {
            learning?.Learn(Chains.Potentials, levels);
        }
        else
        {
            Count();
        }
    }

    private protected override void Restored()
    {
        Array.Clear(population);
        for (int chain = 0; chain < levels.Length; chain++)
        {
            population[levels[chain]]++;
            SetMove(chain);
        }
    }

    private protected override void Record(int draw)
    {
        for (int chain = 0; chain < levels.Length; chain++)
        {
            levelDraws[(chain * Options.Draws) + draw] = levels[chain];
        }
    }

    private protected override void Save(string path, CheckpointCompanion companion) => proposals.Save(path, companion);

    private protected override void Load(string path, CheckpointCompanion companion) => proposals.Load(path, companion);

    private protected override void AddTo(CheckpointCompanion companion)
    {
        static string Text(IEnumerable<double> numbers)
            => string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
        companion.Require("sampler/inverse_temperatures", Text(inverseTemperatures), "the inverse temperatures");
        companion.Require("sampler/stated_weights", settings.LogWeights is { } stated ? Text(stated) : "learnt", "the log weights");
        companion.Require("sampler/step_sizes", Text(settings.StepSizes), "the step sizes");
        companion.Require("sampler/swap_rate", Text([settings.SwapRate]), "the swap rate");
        companion.Require("sampler/start_level", Text([settings.StartLevel ?? Last]), "the first level of a chain");
        companion.AddWhole("sampler/levels", levels, levels.Length);
        companion.AddWhole("sampler/occupation", occupation, occupation.Length);
        companion.AddWhole("sampler/swap_proposals", swapProposals, occupation.Length, occupation.Length);
        companion.AddWhole("sampler/swaps", swaps, occupation.Length, occupation.Length);
        trips.AddTo(companion);
        learning?.AddTo(companion);
    }

    /// <summary>
    /// Proposes the next level if the draw is below half the swap rate, otherwise the previous one. The rest of the draw is again uniform
    /// and decides whether the proposal is accepted.
    /// </summary>
    private void Swap(int chain, double half)
    {
        bool isUp = draws[chain] < half;
        int from = levels[chain], to = from + (isUp ? 1 : -1);
        if (to < 0 || to > Last)
        {
            return;
        }

        bool isSwapped = (isUp ? draws[chain] : draws[chain] - half) < SwapProbability(Chains.Potentials[chain], from, to),
            counts = !IsWarmingUp;
        if (counts)
        {
            swapProposals[(from * population.Length) + to]++;
        }

        if (!isSwapped)
        {
            return;
        }

        levels[chain] = to;
        population[from]--;
        population[to]++;
        SetMove(chain);
        if (counts)
        {
            swaps[(from * population.Length) + to]++;
            trips.Visit(chain, to, Last);
        }
    }

    /// <summary>Counts the chains at each level.</summary>
    private void Count()
    {
        for (int level = 0; level < population.Length; level++)
        {
            occupation[level] += population[level];
        }

        for (int chain = 0; Transitions == Options.WarmUp && chain < levels.Length; chain++)
        {
            trips.Visit(chain, levels[chain], Last);
        }
    }

    /// <summary>
    /// Checks the settings. A level whose step size, inverse temperature or drift became zero in the element would silently sample
    /// something else.
    /// </summary>
    private static void RequireElements(SimulatedTemperingSettings settings)
    {
        for (int level = 0; level < settings.Levels; level++)
        {
            double inverse = ElementRange.Require<T>(settings.InverseTemperatures[level], nameof(settings.InverseTemperatures)),
                step = ElementRange.Require<T>(settings.StepSizeOf(level), nameof(settings.StepSizes));
            ElementRange.Require<T>(step * inverse, "StepSizes x InverseTemperatures");
        }
    }

    private bool IsOfTarget(int chain, int draw) => StatisticOf(SampleStatistics.Level, chain)[draw] == Last;

    private void SetMove(int chain)
    {
        int level = levels[chain];
        proposals.Set(chain, stepSizes[level], inverseTemperatures[level]);
    }
}
