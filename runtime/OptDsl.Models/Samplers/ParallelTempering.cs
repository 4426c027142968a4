using System.Globalization;
using System.Numerics;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>
/// Parallel tempering (Geyer 1991) in its non-reversible form (Syed, Bouchard-Côté, Deligiannidis and Doucet, "Non-reversible parallel
/// tempering", Journal of the Royal Statistical Society B 84, 2022). A chain is an ensemble of replicas, one at each inverse temperature of
/// a ladder. Replicas move by Metropolis-adjusted Langevin steps. Then neighbours swap their levels with probability min(1, exp((b - b') (U
/// - U'))): pairs whose first level is even in even transitions, the others in odd ones.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// <para>
/// The draws are the positions of the replica at the last level, so they sample exactly the target. The warm-up adapts the step sizes and
/// the ladder, separately for each ensemble; afterwards they are fixed.
/// </para>
/// <para>
/// A proposal is refused if U, its gradient or the position is not finite; its acceptance probability counts as 0
/// (<see cref="InvalidProposals"/>). So the potentials of all replicas are always finite. Statistics of the drawn replica: log_density,
/// acceptance (of its last proposal, at whatever level), step_size (of the last level).
/// </para>
/// </remarks>
public sealed class ParallelTempering<T> : Sampler<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const uint SwapStream = 0x70737761;

    private readonly ParallelTemperingSettings settings;
    private readonly MetropolisMoves<T> moves;
    private readonly TemperingLadders ladders;

    // Per ensemble and level: the step size times the inverse temperature, which a new ladder changes little.
    private readonly DualAveraging steps;

    // The level of each row, and the row at each level.
    private readonly double[] draws;
    private readonly int[] levels;
    private readonly int[] rows;
    private readonly RoundTrips trips;

    /// <summary>Creates the ensembles; all replicas of an ensemble begin at the same position.</summary>
    /// <param name="target">The density to sample, at the last level.</param>
    /// <param name="options">The number of ensembles, the length of the run, and its checkpoints.</param>
    /// <param name="settings">The levels and the settings of the moves; the defaults if null.</param>
    /// <param name="start">The initial positions of the ensembles; if null, uniform in (-2, 2).</param>
    /// <exception cref="ArgumentOutOfRangeException">An option or setting is out of range.</exception>
    /// <exception cref="ArgumentException">The target is stochastic, or an initial position is not finite.</exception>
    public ParallelTempering(ITarget<T> target, SamplerOptions options, ParallelTemperingSettings? settings = null,
        ChainStart<T>? start = null)
        : base(target, options, start, Checked(settings).Levels)
    {
        this.settings = settings ?? new ParallelTemperingSettings();
        moves = new MetropolisMoves<T>(target, Chains);
        ladders = new TemperingLadders(options.Chains, Count,
            ElementRange.Require<T>(this.settings.LeastInverseTemperature, nameof(settings.LeastInverseTemperature)));
        steps = new DualAveraging(Chains.Count, ElementRange.Require<T>(this.settings.StepSize, nameof(settings.StepSize)),
            this.settings.TargetAcceptance, ElementRange.Least<T>(), ElementRange.Largest<T>());
        (levels, draws, rows) = (new int[Chains.Count], new double[Chains.Count], new int[Chains.Count]);
        trips = new RoundTrips(Chains.Count);
        for (int row = 0; row < rows.Length; row++)
        {
            levels[row] = row % Count;
        }

        Restored();
        Keep(SampleStatistics.Acceptance);
        Keep(SampleStatistics.StepSize);
    }

    private int Count => settings.Levels;

    /// <summary>
    /// Per ensemble, the number of invalid proposals of all replicas so far, including the warm-up (see
    /// <see cref="MetropolisLangevin{T}.InvalidProposals"/>).
    /// </summary>
    public IReadOnlyList<long> InvalidProposals => moves.InvalidProposalsOfChains();

    /// <summary>Reports the movement of the replicas through the levels since the warm-up, and what the warm-up adapted.</summary>
    public ParallelTemperingReport GetReport()
    {
        IReadOnlyList<IReadOnlyList<double>> Each(int count, Func<int, int, double> at)
            => [.. Enumerable.Range(0, Options.Chains)
                .Select(chain => (double[])[.. Enumerable.Range(0, count).Select(level => at(chain, level))])];

        double Acceptance(int chain, int level) => IsWarmingUp ? double.NaN : 1 - ladders.Rejection(chain, level);
        return new ParallelTemperingReport(
            Each(Count, (chain, level) => ladders[chain][level]),
            Each(Count, (chain, level) => StepSize(chain, level)),
            Each(Count - 1, Acceptance),
            [.. Enumerable.Range(0, Options.Chains)
                .Select(chain => Enumerable.Range(0, Count - 1).Sum(level => 1 - Acceptance(chain, level)))],
            [.. Enumerable.Range(0, Options.Chains)
                .Select(chain => Enumerable.Range(0, Count).Sum(replica => trips[(chain * Count) + replica]))]);
    }

    /// <summary>The log odds of a swap: <see cref="LogSwapRatio"/>, unless a test replaces it with a wrong one.</summary>
    internal Func<double, double, double, double, double> SwapRatio { get; set; } = LogSwapRatio;

    /// <summary>The log odds that replicas at two inverse temperatures exchange them.</summary>
    internal static double LogSwapRatio(double inverse, double nextInverse, double potential, double nextPotential)
    {
        double difference = potential - nextPotential;

        // The difference of finite potentials may overflow, and the inverse temperatures may be equal.
        return (inverse - nextInverse) * (double.IsInfinity(difference) ? Math.CopySign(double.MaxValue, difference) : difference);
    }

    /// <summary>The probability that two neighbouring replicas exchange their levels, when it is the turn of their pair.</summary>
    internal double SwapProbability(double inverse, double nextInverse, double potential, double nextPotential)
        => Math.Exp(Math.Min(0, SwapRatio(inverse, nextInverse, potential, nextPotential)));

    /// <summary>The first level of the pairs that may swap in a transition.</summary>
    internal static int FirstOfPairs(int transition) => transition % 2;

    private protected override void Move()
    {
        int transition = Transitions + 1;
        moves.Move(transition);
        for (int row = 0; settings.Adapts && IsWarmingUp && row < Chains.Count; row++)
        {
            steps.Learn(PlaceOf(row), transition, moves.Acceptances[row]);
        }

        Chains.Draw(SwapStream, transition, draws);
        for (int chain = 0; chain < Options.Chains; chain++)
        {
            for (int level = FirstOfPairs(transition); level < Count - 1; level += 2)
            {
                Swap(chain, level);
            }
        }

        if (IsWarmingUp && settings.AdaptsLadder && TemperingLadders.EndsRound(transition, Options.WarmUp))
        {
            ladders.Lay();
            ladders.Forget();
        }

        for (int row = 0; row < Chains.Count; row++)
        {
            SetMove(row);
            if (!IsWarmingUp)
            {
                trips.Visit(row, levels[row], Count - 1);
            }
        }
    }

    private protected override void EndWarmUp()
    {
        ladders.Forget();
        if (settings.Adapts && Options.WarmUp > 0)
        {
            steps.Freeze();
            SetMoves();
        }
    }

    private protected override void Restored()
    {
        for (int row = 0; row < rows.Length; row++)
        {
            rows[PlaceOf(row)] = row;
        }

        SetMoves();
    }

    private protected override int RowOf(int chain) => rows[(chain * Count) + Count - 1];

    private protected override void Record(int draw)
    {
        for (int chain = 0; chain < Options.Chains; chain++)
        {
            Set(SampleStatistics.Acceptance, chain, draw, moves.Acceptances[RowOf(chain)]);
            Set(SampleStatistics.StepSize, chain, draw, StepSize(chain, Count - 1));
        }
    }

    private protected override void Save(string path, CheckpointCompanion companion) => moves.Proposals.Save(path, companion);

    private protected override void Load(string path, CheckpointCompanion companion) => moves.Proposals.Load(path, companion);

    private protected override void AddTo(CheckpointCompanion companion)
    {
        static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
        companion.Require("sampler/level_count", Text(Count), "the number of levels");
        companion.Require("sampler/least_inverse_temperature", Text(settings.LeastInverseTemperature), "the least inverse temperature");
        companion.Require("sampler/step_size", Text(settings.StepSize), "the initial step size");
        companion.Require("sampler/target_acceptance", Text(settings.TargetAcceptance), "the target acceptance");
        companion.Require("sampler/adapts", settings.Adapts ? "true" : "false", "the adaptation of step sizes");
        companion.Require("sampler/adapts_ladder", settings.AdaptsLadder ? "true" : "false", "the adaptation of the ladder");
        companion.AddWhole("sampler/levels", levels, Options.Chains, Count);
        companion.Add("sampler/step_sizes", steps.StepSizes, Options.Chains, Count);
        companion.Add("sampler/step_averages", steps.Averages, Options.Chains, Count);
        companion.Add("sampler/shortfalls", steps.Shortfalls, Options.Chains, Count);
        companion.AddWhole("sampler/invalid_proposals", moves.InvalidProposals, Options.Chains, Count);
        ladders.AddTo(companion);
        trips.AddTo(companion);
    }

    private static ParallelTemperingSettings Checked(ParallelTemperingSettings? settings)
    {
        settings ??= new ParallelTemperingSettings();
        settings.Validate();
        return settings;
    }

    /// <summary>Swaps the replicas of a level and the next one with the swap probability.</summary>
    private void Swap(int chain, int level)
    {
        int place = (chain * Count) + level, row = rows[place], next = rows[place + 1];
        ReadOnlySpan<double> ladder = ladders[chain];
        double probability = SwapProbability(ladder[level], ladder[level + 1], Chains.Potentials[row], Chains.Potentials[next]);
        ladders.Learn(chain, level, probability);
        if (draws[place] < probability)
        {
            (rows[place], rows[place + 1]) = (next, row);
            (levels[row], levels[next]) = (level + 1, level);
        }
    }

    /// <summary>The index of a row's level among the levels of all ensembles.</summary>
    private int PlaceOf(int row) => (row / Count * Count) + levels[row];

    private double StepSize(int chain, int level)
        => Math.Min(steps.StepSizes[(chain * Count) + level] / ladders[chain][level], ElementRange.Largest<T>());

    private void SetMoves()
    {
        for (int row = 0; row < Chains.Count; row++)
        {
            SetMove(row);
        }
    }

    private void SetMove(int row)
    {
        int chain = row / Count, level = levels[row];
        moves.Proposals.Set(row, StepSize(chain, level), ladders[chain][level]);
    }
}
