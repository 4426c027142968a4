using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>
/// Several chains that sample one target: first a warm-up, then the draws. All samplers share progress, cancellation, checkpoints and
/// statistics; each defines its own transition.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// All chains are rows of one buffer, and a transition is one pass of a rule over it. The draws are a function of the target, rule, options
/// and seed. Their bits are the same for any number of threads, any vector width, and any division of the chains among runs
/// (<see cref="SamplerOptions.FirstChain"/>). The exception is <see cref="SimulatedTempering{T}"/> with learned weights, whose draws depend
/// on the chains of the run. Not thread-safe.
/// </remarks>
public abstract class Sampler<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Reports = 100;

    private readonly IReadOnlyList<SampledVariable> variables;
    private readonly T[] draws;
    private readonly double[] logDensities;
    private readonly Dictionary<string, double[]> statistics = new(StringComparer.Ordinal);

    // A transition that threw leaves the chains between two states.
    private bool isEvaluated, isBetween, isRunning;

    private protected Sampler(ITarget<T> target, SamplerOptions options, ChainStart<T>? start, int replicas = 1)
    {
        Chains = new Chains<T>(target, options, replicas, start);
        Options = options;
        variables = target.Variables;
        draws = new T[options.Chains * options.Draws * target.Dimensions];
        logDensities = Keep(SampleStatistics.LogDensity);
    }

    /// <summary>The options with which the sampler was created.</summary>
    public SamplerOptions Options { get; }

    /// <summary>The number of transitions made, including the warm-up.</summary>
    public int Transitions { get; private set; }

    /// <summary>The number of draws per chain so far.</summary>
    public int DrawCount { get; private set; }

    internal Chains<T> Chains { get; }

    private protected bool IsWarmingUp => Transitions < Options.WarmUp;

    private int AllTransitions => Options.WarmUp + (Options.Draws * Options.Thinning);

    /// <summary>Runs until all draws are made or the run is cancelled. A further call continues.</summary>
    /// <param name="progress">Called about 100 times.</param>
    /// <param name="cancellation">
    /// Checked before every transition. Cancellation is an outcome, not an exception: the draws so far are returned.
    /// </param>
    /// <returns>The draws.</returns>
    /// <exception cref="SamplingException">
    /// A chain cannot begin or continue, because a potential or gradient is not finite. The draws before it are in <see cref="GetResult"/>.
    /// </exception>
    /// <exception cref="IOException">A checkpoint cannot be written; the draws are in <see cref="GetResult"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// An earlier transition failed and no checkpoint was loaded since; or a run is in progress.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The sampler was disposed.</exception>
    public SamplingResult<T> Run(IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Chains.Buffer.ThrowIfDisposed();
        RequireNoRun(nameof(Run));
        RequirePlace();
        isRunning = true;
        try
        {
            return RunAlone(progress, cancellation);
        }
        finally
        {
            isRunning = false;
        }
    }

    private SamplingResult<T> RunAlone(IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();
        int saved = -1, told = -1, between = Math.Max(1, AllTransitions / Reports);
        void Report()
        {
            told = Transitions;
            progress?.Report(new SamplingProgress(Transitions, AllTransitions, IsWarmingUp, Stopwatch.GetElapsedTime(began).TotalSeconds));
        }

        Begin();
        while (Transitions < AllTransitions && !cancellation.IsCancellationRequested)
        {
            Advance();
            if (Transitions % between == 0)
            {
                Report();
            }

            if (Options.CheckpointPath is { } path && Options.CheckpointEvery > 0 && HasJustDrawn
                && DrawCount % Options.CheckpointEvery == 0)
            {
                Save(path);
                saved = Transitions;
            }
        }

        if (Options.CheckpointPath is { } last && saved != Transitions)
        {
            Save(last);
        }

        if (told != Transitions)
        {
            Report();
        }

        return GetResult();
    }

    /// <summary>Returns the draws so far. It also works after an exception.</summary>
    public SamplingResult<T> GetResult()
    {
        int count = DrawCount;
        if (count == 0)
        {
            return new SamplingResult<T>(null, IsComplete: false, Transitions);
        }

        int dimensions = Chains.Dimensions;
        var values = new T[Options.Chains * count * dimensions];
        for (int chain = 0; chain < Options.Chains; chain++)
        {
            draws.AsSpan(chain * Options.Draws * dimensions, count * dimensions).CopyTo(values.AsSpan(chain * count * dimensions));
        }

        var kept = statistics.ToDictionary(column => column.Key,
            column => Enumerable.Range(0, Options.Chains).SelectMany(chain => column.Value.AsSpan(chain * Options.Draws, count).ToArray())
                .ToArray(), StringComparer.Ordinal);
        return new SamplingResult<T>(new Samples<T>(Options.Chains, count, variables, values, kept), count == Options.Draws, Transitions);
    }

    /// <summary>
    /// Writes all that is needed to resume, including the draws, and replaces the file atomically (docs/checkpoints.md). If the process is
    /// killed meanwhile, either the previous file or the new one remains.
    /// </summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <exception cref="IOException">The file cannot be written; a previous file at the path is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied; a previous file at the path is unchanged.</exception>
    /// <exception cref="InvalidOperationException">A transition failed, and no checkpoint was loaded since.</exception>
    /// <exception cref="ObjectDisposedException">The sampler was disposed.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequirePlace();
        Save(path, Companion());
    }

    /// <summary>
    /// Restores what <see cref="Save(string)"/> wrote. A run then draws the same bits as if it had not been interrupted.
    /// </summary>
    /// <param name="path">
    /// A file of a sampler of the same kind, rule, options and dimensions. The caller must also use the same target, which is not checked.
    /// </param>
    /// <exception cref="CheckpointException">
    /// The file is damaged or belongs to another sampler; the message says what differs. Nothing was changed.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">
    /// A run is in progress: the target or the progress callback called this method.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The sampler was disposed.</exception>
    public void Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireNoRun(nameof(Load));
        Load(path, Companion());
        (isEvaluated, isBetween) = (false, false);
        Restored();
    }

    /// <summary>Releases the chains' memory and threads. The draws remain.</summary>
    /// <exception cref="InvalidOperationException">The target is being evaluated on some thread; nothing was released.</exception>
    public void Dispose()
    {
        Chains.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Moves every chain once. Before and after, positions, potentials and gradients belong together.</summary>
    private protected abstract void Move();

    /// <summary>Records the statistics of a draw.</summary>
    private protected abstract void Record(int draw);

    /// <summary>Fixes what the warm-up adapted.</summary>
    private protected virtual void EndWarmUp()
    {
    }

    /// <summary>Recomputes what is not in a checkpoint but follows from it.</summary>
    private protected virtual void Restored()
    {
    }

    /// <summary>The row from which a chain's draw is taken.</summary>
    private protected virtual int RowOf(int chain) => chain;

    private protected abstract void Save(string path, CheckpointCompanion companion);

    private protected abstract void Load(string path, CheckpointCompanion companion);

    private protected virtual void AddTo(CheckpointCompanion companion)
    {
    }

    /// <summary>Adds a statistic with one number per chain and draw.</summary>
    /// <returns>The numbers, <see cref="SamplerOptions.Draws"/> per chain.</returns>
    private protected double[] Keep(string name) => statistics[name] = new double[Options.Chains * Options.Draws];

    private protected void Set(string name, int chain, int draw, double value) => statistics[name][(chain * Options.Draws) + draw] = value;

    /// <summary>A draw of a chain; its number is below <see cref="DrawCount"/>.</summary>
    private protected ReadOnlySpan<T> DrawOf(int chain, int draw)
        => draws.AsSpan(((chain * Options.Draws) + draw) * Chains.Dimensions, Chains.Dimensions);

    /// <summary>A statistic of the first <see cref="DrawCount"/> draws of a chain.</summary>
    private protected ReadOnlySpan<double> StatisticOf(string name, int chain) => statistics[name].AsSpan(chain * Options.Draws, DrawCount);

    private bool HasJustDrawn => !IsWarmingUp && Transitions > Options.WarmUp && (Transitions - Options.WarmUp) % Options.Thinning == 0;

    /// <summary>Makes one transition of all chains, and the draw if one is due.</summary>
    private void Advance()
    {
        isBetween = true;
        Move();
        isBetween = false;
        Transitions++;
        if (Transitions == Options.WarmUp)
        {
            EndWarmUp();
        }

        if (HasJustDrawn)
        {
            Draw();
        }
    }

    /// <summary>Throws if a run is in progress. The target and the progress callback are called within a run.</summary>
    private void RequireNoRun(string what)
    {
        if (isRunning)
        {
            throw new InvalidOperationException(
                $"{what} was called while a run is in progress, at transition {Transitions + 1}. Call it after the run, or cancel the run first.");
        }
    }

    private void RequirePlace()
    {
        if (isBetween)
        {
            throw new InvalidOperationException(
                $"Transition {Transitions + 1} failed and left the chains in an incomplete state. The draws before it are in GetResult(). To continue, load a checkpoint or create a new sampler.");
        }
    }

    private void Begin()
    {
        if (!isEvaluated)
        {
            Chains.Evaluate(Transitions);
            Chains.RequireUsable(Transitions);
            isEvaluated = true;
            if (Transitions == 0 && Options.WarmUp == 0)
            {
                EndWarmUp();
            }
        }
    }

    private void Draw()
    {
        int draw = DrawCount;
        for (int chain = 0; chain < Options.Chains; chain++)
        {
            int row = RowOf(chain);
            Chains.GetPosition(row).CopyTo(draws.AsSpan(((chain * Options.Draws) + draw) * Chains.Dimensions));
            logDensities[(chain * Options.Draws) + draw] = -Chains.Potentials[row];
        }

        Record(draw);
        DrawCount++;
    }

    private CheckpointCompanion Companion()
    {
        var companion = new CheckpointCompanion();
        string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        companion.Require("sampler", GetType().Name, "the sampler");
        companion.Require("sampler/seed", Options.Seed.ToString(CultureInfo.InvariantCulture), "the seed");
        companion.Require("sampler/chains", Text(Options.Chains), "the number of chains");
        companion.Require("sampler/first_chain", Text(Options.FirstChain), "the first chain");
        companion.Require("sampler/warm_up", Text(Options.WarmUp), "the transitions of warm-up");
        companion.Require("sampler/thinning", Text(Options.Thinning), "the transitions per draw");
        companion.Add("sampler/counts", [Transitions, DrawCount],
            read => (Transitions, DrawCount) = ((int)read[0], (int)read[1]), int.MaxValue);
        companion.Add("sampler/draws", draws, Options.Chains, Options.Draws, Chains.Dimensions);
        foreach ((string name, double[] values) in statistics)
        {
            companion.Add("sampler/statistics/" + name, values, Options.Chains, Options.Draws);
        }

        AddTo(companion);
        return companion;
    }
}
