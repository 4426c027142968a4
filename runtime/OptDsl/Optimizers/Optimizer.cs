using System.Numerics;
using OptDsl.Checkpoints;
using OptDsl.Engine;

namespace OptDsl;

/// <summary>
/// A rule bound to a parameter buffer. It owns the rule's states, laid out like the parameters, and steps the parameters. Create it with
/// <see cref="ParameterBuffer{T}.Optimize{TRule}(TRule, OptimizerOptions?)"/>. Use an optimizer from one thread at a time. Optimizers that
/// were bound to disjoint tensors of one buffer can step at the same time, each on its own thread.
/// </summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
public sealed class Optimizer<T, TRule> : IOptimizer<T>, IRuleBinding<TRule>, ICompanionCheckpoint
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private readonly StepEngine<T, TRule> engine;
    private readonly OptimizerReadings<T, TRule> readings;

    internal Optimizer(ParameterBuffer<T> buffer, TRule rule, OptimizerOptions options, IReadOnlyList<ParameterTensor<T>> tensors,
        bool isOfAll)
    {
        ArgumentNullException.ThrowIfNull(rule);
        rule.Validate();
        options.Require(TRule.Schema, buffer.Count);
        engine = new StepEngine<T, TRule>(buffer, rule, options, tensors, isOfAll);
        readings = new OptimizerReadings<T, TRule>(engine);
        UnoptimizedBuild.WarnOf(typeof(TRule), State.Count, Console.Error);
    }

    /// <summary>The rule of every group that has no rule of its own. Assign it to follow a schedule; the states are kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter is out of its range.</exception>
    public TRule Rule
    {
        get => engine.Rule;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.Validate();
            engine.Rule = value;
        }
    }

    /// <summary>The groups of the buffer, by name.</summary>
    public IReadOnlyDictionary<string, OptimizerGroup<T, TRule>> Groups => engine.Layout.GroupsByName;

    /// <inheritdoc/>
    public ParameterBuffer<T> Parameters => engine.Buffer;

    /// <inheritdoc/>
    public IReadOnlyList<ParameterTensor<T>> Tensors => engine.Layout.Tensors;

    /// <inheritdoc/>
    public OptimizerState<T> State => engine.State;

    /// <inheritdoc/>
    public RuleSchema Schema => TRule.Schema;

    /// <inheritdoc/>
    public int StepCount => engine.Progress.Steps;

    /// <inheritdoc/>
    public int RefusedCount => engine.Progress.Refused;

    /// <inheritdoc/>
    public int EvaluationCount => engine.Progress.Evaluations;

    /// <inheritdoc/>
    public SimdWidth Width => engine.Width;

    /// <inheritdoc/>
    public int Threads => engine.Threads;

    /// <inheritdoc/>
    public bool Observing
    {
        get => engine.Observing;
        set => engine.Observing = value;
    }

    /// <inheritdoc/>
    public bool Step(CancellationToken cancellation = default)
        => engine.Step(byDeclaration: false, loss: null, evaluate: null, cancellation);

    /// <inheritdoc/>
    public bool Step(double loss, CancellationToken cancellation = default)
        => engine.Step(byDeclaration: false, RequireNumber(loss), evaluate: null, cancellation);

    /// <inheritdoc/>
    public bool Step(Func<double> evaluate, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(evaluate);
        return engine.Step(byDeclaration: false, loss: null, evaluate, cancellation);
    }

    /// <inheritdoc/>
    public bool StepReference(CancellationToken cancellation = default)
        => engine.Step(byDeclaration: true, loss: null, evaluate: null, cancellation);

    /// <inheritdoc/>
    public bool StepReference(double loss, CancellationToken cancellation = default)
        => engine.Step(byDeclaration: true, RequireNumber(loss), evaluate: null, cancellation);

    /// <inheritdoc/>
    public bool StepReference(Func<double> evaluate, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(evaluate);
        return engine.Step(byDeclaration: true, loss: null, evaluate, cancellation);
    }

    /// <inheritdoc/>
    public Span<T> GetInput(string name) => readings.GetInput(name);

    /// <inheritdoc/>
    public Span<T> GetInput(string name, ParameterTensor<T> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return readings.GetInput(name).Slice(engine.State.PlaceOf(tensor), tensor.Length);
    }

    /// <inheritdoc/>
    public void SetTensorInput(string name, ParameterTensor<T> tensor, double value) => readings.SetTensorInput(name, tensor, value);

    /// <inheritdoc/>
    public void Read(Span<T> destination) => readings.Read(destination);

    /// <inheritdoc/>
    public double ComputeSearchDirection(Span<T> destination) => readings.ComputeSearchDirection(destination);

    /// <inheritdoc/>
    public Observation GetObservation(string name) => readings.GetObservation(name);

    /// <inheritdoc/>
    public Observation GetObservation(string name, ParameterTensor<T> tensor) => readings.GetObservation(name, tensor);

    /// <inheritdoc/>
    public OptimizerSnapshot<T> Snapshot() => new OptimizerSnapshots<T, TRule>(engine).Take();

    /// <inheritdoc/>
    public void Restore(OptimizerSnapshot<T> snapshot) => new OptimizerSnapshots<T, TRule>(engine).Restore(snapshot);

    /// <inheritdoc/>
    public void Save(string path, CancellationToken cancellation = default) => Save(path, watch: null, cancellation);

    /// <inheritdoc/>
    public void Save(string path, IReadOnlyDictionary<string, ICheckpointed> beside, CancellationToken cancellation = default)
        => Checkpoint.Save(path, CheckpointCompanion.Of(beside), watch: null, cancellation);

    /// <inheritdoc/>
    public void Load(string path) => Checkpoint.Load(path, companion: null);

    /// <inheritdoc/>
    public void Load(string path, IReadOnlyDictionary<string, ICheckpointed> beside)
        => Checkpoint.Load(path, CheckpointCompanion.Of(beside));

    /// <inheritdoc/>
    public IReadOnlyList<string> Import(string path, int? step = null)
    {
        using FileStream file = FileSystem.OpenRead(path);
        return Import(file, path, step);
    }

    /// <inheritdoc/>
    void IRuleBinding<TRule>.SetRule(string group, TRule? rule) => Groups[group].Rule = rule;

    /// <inheritdoc/>
    void ICompanionCheckpoint.Save(string path, CheckpointCompanion companion, CancellationToken cancellation)
        => Checkpoint.Save(path, companion, watch: null, cancellation);

    /// <inheritdoc/>
    void ICompanionCheckpoint.Load(string path, CheckpointCompanion companion) => Checkpoint.Load(path, companion);

    internal void Save(string path, ISaveWatch? watch, CancellationToken cancellation)
        => Checkpoint.Save(path, companion: null, watch, cancellation);

    internal void Save(Stream stream, string file) => Checkpoint.Save(stream, file);

    internal void Load(Stream stream, string file) => Checkpoint.Load(stream, file, companion: null);

    internal IReadOnlyList<string> Import(Stream stream, string file, int? step)
        => new OptimizerImport<T, TRule>(engine).Import(stream, file, step);

    private OptimizerCheckpoint<T, TRule> Checkpoint => new(engine);

    private static double RequireNumber(double loss)
        => double.IsNaN(loss) ? throw new ArgumentOutOfRangeException(nameof(loss), loss, "The loss must not be NaN.") : loss;
}
