using System.Globalization;
using System.Numerics;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>
/// Simulated tempering (Marinari and Parisi 1992) of Langevin chains (Ge, Lee and Risteski 2018): a chain moves at the inverse temperature
/// of its level, x - h b gradient + root(2 h) noise, and with <see cref="SimulatedTemperingSettings.SwapRate"/> proposes a neighbouring
/// level, accepted with min(1, exp(-(b' - b) U + w' - w)) where w are the levels' log weights. At levels of small b chains pass from one
/// mode to another.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// <para><b>Only draws of the last level are draws of the target</b>: <see cref="GetTargetDraws"/> and <see cref="TargetMean"/> take these.
/// <see cref="SamplingResult{T}.Samples"/> has the draws of all levels, flatter than the target; which level a draw is of says its
/// statistic
/// <c>level</c>. Its <c>Summarize()</c> is a summary of the mixture of all levels, and not of the target.</para>
/// <para>Moves are not corrected, so that every level has the bias of its step size; the levels' own odds are exact. Nor can they be
/// refused: a chain where U, its gradient or its position is not finite ends the run with a <see cref="SamplingException"/>.</para>
/// <para>A constant added to U changes neither draws nor learnt levels but by rounding: weights are learnt of potentials less the least one
/// seen early in the warm-up. Stated weights are those of U as it is, constant included.</para>
/// <para>Weights are learnt from all chains of the run together, for one chain has been in one mode for long. So while they are learnt, the
/// draws depend on which chains are run together, unlike with stated weights.</para>
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

    // Counted after the warm-up.
    private readonly long[] occupation, swapProposals, swaps;
    private readonly RoundTrips trips;

    // Chains at each level; and those that propose another, with one place more.
    private readonly int[] population, proposing;

    /// <summary>Chains at their beginning.</summary>
    /// <param name="target">What is sampled, by the last level.</param>
    /// <param name="options">How many chains, for how long.</param>
    /// <param name="settings">The levels, and how chains move.</param>
    /// <param name="start">Where chains begin; null for uniform numbers in (-2, 2).</param>
    /// <exception cref="ArgumentOutOfRangeException">An option or setting is out of its range.</exception>
    /// <exception cref="ArgumentException">
    /// The target is stochastic, a setting has not as many numbers as there are levels, weights are to be learnt without a warm-up, or a
    /// chain begins at a number that is not finite.
    /// </exception>
    public SimulatedTempering(ITarget<T> target, SamplerOptions options, SimulatedTemperingSettings settings, ChainStart<T>? start = null)
        : base(target, options, start)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate(options.WarmUp);
        if (target.IsStochastic)
        {
            throw new ArgumentException(
                "The target is stochastic, an estimate from batches; levels cannot be swapped by an estimate of U. Use a target over all examples.", nameof(target));
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

    /// <summary>The level of each chain at present, from 0; the last is the target.</summary>
    public IReadOnlyList<int> Levels => [.. levels];

    /// <summary>
    /// The draws of one component at the target, which are those of the last level alone; of each chain as many as it made there, perhaps
    /// none.
    /// </summary>
    /// <param name="component">Its place in a draw, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
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

    /// <summary>The mean of a function under the target, from the draws of the last level.</summary>
    /// <param name="function">
    /// Of a position: a component, its square, or 1 where it lies in a set and else 0, for the set's probability.
    /// </param>
    /// <returns>
    /// The mean and its standard error, that of a ratio: of the deviations from the mean, zero at the other levels, over the share of the
    /// last.
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

    /// <summary>How the chains have gone through the levels since the warm-up.</summary>
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

    /// <summary>The logarithm of the odds of another level: <see cref="LogSwapRatio"/>, unless a test gets it wrong.</summary>
    internal Func<double, int, int, double> SwapRatio { get; set; }

    /// <summary>The logarithm of the odds of another level over a chain's.</summary>
    internal double LogSwapRatio(double potential, int from, int to)
        => ((inverseTemperatures[from] - inverseTemperatures[to]) * TemperingWeights.Relative(potential, learning?.Reference ?? 0))
        + logWeights[to] - logWeights[from];

    /// <summary>The probability that a transition takes a chain from a level to a neighbour.</summary>
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
            // Without a branch, which none could foretell.
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
        companion.Require("sampler/start_level", Text([settings.StartLevel ?? Last]), "the first level");
        companion.AddWhole("sampler/levels", levels, levels.Length);
        companion.AddWhole("sampler/occupation", occupation, occupation.Length);
        companion.AddWhole("sampler/swap_proposals", swapProposals, occupation.Length, occupation.Length);
        companion.AddWhole("sampler/swaps", swaps, occupation.Length, occupation.Length);
        trips.AddTo(companion);
        learning?.AddTo(companion);
    }

    /// <summary>Proposes a level, up below half the rate and else down. What the draw is past that is uniform, and decides.</summary>
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

    /// <summary>Counts where the chains are.</summary>
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
    /// A level whose step, inverse temperature or drift became zero in the element would sample something else in silence.
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
