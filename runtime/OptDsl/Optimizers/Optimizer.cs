using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using OptDsl.Contract;
using OptDsl.Engine;

namespace OptDsl;

/// <summary>
/// A rule bound to a parameter buffer: it owns the rule's state, laid out like the parameters, and the walk over them.
/// Made by <see cref="ParameterBuffer{T}.Optimize{TRule}(TRule, OptimizerOptions?)"/>. One thread uses it at a time; optimizers that were
/// bound to disjoint tensors of one buffer can step at the same time, each on its own thread.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
public sealed partial class Optimizer<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    // Parameters from which a second thread pays if it is awake, as in a tight loop, and if it must be woken.
    private const int CountForThreads = 32_768, CountForWaking = 524_288, MaxThreads = 1024;

    private readonly ParameterBuffer<T> buffer;
    private readonly OptimizerOptions options;
    private readonly SimdWidth width;
    private readonly Kernel<T> kernel;
    private readonly Dictionary<string, OptimizerGroup<T, TRule>> groups = new(StringComparer.Ordinal);
    private readonly OptimizerGroup<T, TRule>[] groupsInOrder;
    private readonly Segment[] segments;
    private readonly SweepWork<T>? work;
    private readonly ParameterTensor<T>[] tensors;
    private readonly TensorUnit<T, TRule>[] units;
    private readonly OptimizerSeed seed;
    private readonly PassRunner<T, TRule>? runner;
    private readonly bool inOnePass, isPlain, hasInitial;

    // States of one value per group, tensor, row or column, that are watched: the first of the values carried.
    private readonly int uniformStates;

    // Made once: a step allocates nothing.
    private readonly Action fillState, reportFault;
    private readonly Action<int> evaluateAt;
    private readonly Func<double[][], double[][]> gradientsAt;
    private ReferenceRunner<T, TRule>? reference;

    // What the declaration's reductions came to in the step under way, where that is no number.
    private NonFiniteException? overflow;
    private TRule rule;
    private int refusedInARow;

    internal Optimizer(ParameterBuffer<T> buffer, TRule rule, OptimizerOptions options, IReadOnlyList<ParameterTensor<T>> tensors, bool isOfAll)
    {
        ArgumentNullException.ThrowIfNull(rule);
        rule.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RefusalLimit, 1);
        if (!Enum.IsDefined(options.OnNonFinite))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.OnNonFinite, "OnNonFinite must be Throw, Ignore or Refuse.");
        }

        if (options.Threads is < 0 or > MaxThreads)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Threads, $"Threads must be from 0 to {MaxThreads}; 0 leaves the choice to the library.");
        }

        if (options.NoiseOffset > Noise.Elements - (ulong)buffer.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.NoiseOffset, $"NoiseOffset must be from 0 to {Noise.Elements - (ulong)buffer.Count}: it and the {buffer.Count} parameters number draws below 2^49.");
        }

        if (TRule.Schema.Arithmetic == Arithmetic.Fused && !KernelDriver.HasFusedMultiplyAdd && !options.AllowEmulatedFusedArithmetic)
        {
            throw new PlatformNotSupportedException($"{TRule.Schema.Name} is declared with fused arithmetic, and this processor has no fused multiply-add; emulating it is some 75 times slower. Declare the rule strict, or set AllowEmulatedFusedArithmetic.");
        }

        this.buffer = buffer;
        this.isOfAll = isOfAll;
        gate = buffer.Gate;
        this.rule = rule;
        this.options = options;
        width = KernelDriver.Resolve(options.Width, TRule.Schema);
        kernel = KernelDriver.Bind<T, TRule>(width, reportFaults: options.OnNonFinite != OnNonFinite.Ignore);
        this.tensors = [.. tensors];
        seed = new OptimizerSeed(options.Seed, options.NoiseOffset);
        State = new OptimizerState<T>(TRule.Schema, buffer, tensors);
        segments = FindSegments();
        var needs = new TensorNeeds(TRule.Schema);
        units = [.. tensors.Select(tensor => new TensorUnit<T, TRule>(tensor, groups[tensor.Group], new TensorFrame<T>(TRule.Schema, needs, seed, tensor),
            State.Block(groups[tensor.Group].Frame, tensor.Offset, State.PlaceOf(tensor), tensor.Length), State.PlaceOf(tensor), TRule.Schema))];
        groupsInOrder = [.. groups.Values];
        foreach (IGrouping<OptimizerGroup<T, TRule>, TensorUnit<T, TRule>> group in units.GroupBy(unit => unit.Group))
        {
            group.Key.Units = [.. group];
        }

        Threads = options.Threads != 0 ? options.Threads : State.Count >= CountForThreads ? Environment.ProcessorCount : 1;
        KernelBlock<T>[] blocks = [.. segments.Select(segment => segment.Block)];
        if (Threads > 1)
        {
            buffer.RequireThreads(Threads);
        }

        fillState = FillState;
        evaluateAt = EvaluateAt;
        gradientsAt = GradientsAt;
        reportFault = () => NonFiniteSearch.ThrowIfMet(this.tensors, StepCount + 1);
        inOnePass = TRule.Schema.IsOnePass;
        uniformStates = options.OnNonFinite == OnNonFinite.Ignore ? 0 : TRule.Schema.States.Count(state => state.Kind != StateKind.PerParameter);
        isPlain = inOnePass && !TRule.Schema.ReadsLoss && TRule.Schema.Inputs.IsEmpty;
        hasInitial = TRule.Schema.Sequence(SequenceKind.Initial) is not null;
        if (!inOnePass || TRule.Schema.Sequences.Length > 1)
        {
            runner = new PassRunner<T, TRule>(buffer, groupsInOrder, units, blocks, seed, width, reportFaults: options.OnNonFinite != OnNonFinite.Ignore, Threads);
        }

        if (Threads > 1 && inOnePass)
        {
            work = new SweepWork<T>(kernel, blocks, Threads);
        }
    }

    /// <summary>The rule value that steps every group without one of its own. Assign it to follow a schedule; state is kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter is out of its range.</exception>
    public TRule Rule
    {
        get => rule;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.Validate();
            rule = value;
        }
    }

    /// <summary>The buffer it steps.</summary>
    public ParameterBuffer<T> Parameters => buffer;

    /// <summary>The tensors it steps, all of the buffer's or some, in the buffer's order.</summary>
    public IReadOnlyList<ParameterTensor<T>> Tensors => tensors;

    /// <summary>The groups of the buffer, by name.</summary>
    public IReadOnlyDictionary<string, OptimizerGroup<T, TRule>> Groups => groups;

    /// <summary>The rule's state, by name.</summary>
    public OptimizerState<T> State { get; }

    /// <summary>What the rule keeps and needs.</summary>
    public RuleSchema Schema => TRule.Schema;

    /// <summary>Steps made.</summary>
    public int StepCount { get; private set; }

    /// <summary>Steps refused because a gradient was not finite.</summary>
    public int RefusedCount { get; private set; }

    /// <summary>The vector width the kernel runs at.</summary>
    public SimdWidth Width => width;

    /// <summary>The threads a step runs on.</summary>
    public int Threads { get; }

    /// <summary>Makes one step from the gradients in the buffer: one fused pass over all parameters.</summary>
    /// <param name="cancellation">Observed before anything is written; a started step completes.</param>
    /// <returns>Whether the step was made; false only where <see cref="OnNonFinite.Refuse"/> refused it.</returns>
    /// <exception cref="NonFiniteException">A value met or made is not finite (after the pass), or too many steps in a row were refused.</exception>
    /// <exception cref="ArgumentException">A uniform condition of the rule does not hold; nothing was written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was written.</exception>
    /// <exception cref="InvalidOperationException">The optimizer is in use, or another one with the same tensors: by another thread, or by a function that evaluates the loss. Nothing was written.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public bool Step(CancellationToken cancellation = default) => isPlain && !IsObserving ? AdvancePlainly(cancellation) : Advance(byDeclaration: false, loss: null, evaluate: null, cancellation);

    /// <summary>
    /// Makes one step by the declaration itself: the author's own methods, one element at a time. It equals
    /// <see cref="Step(CancellationToken)"/> bit for bit for a strict rule on buffers of its declared element.
    /// </summary>
    /// <inheritdoc cref="Step(CancellationToken)"/>
    public bool StepReference(CancellationToken cancellation = default) => Advance(byDeclaration: true, loss: null, evaluate: null, cancellation);

    private bool Advance(bool byDeclaration, double? loss, Func<double>? evaluate, CancellationToken cancellation)
    {
        Enter(byDeclaration ? nameof(StepReference) : nameof(Step));
        try
        {
            return AdvanceAlone(byDeclaration, loss, evaluate, cancellation);
        }
        finally
        {
            Leave();
        }
    }

    private bool AdvanceAlone(bool byDeclaration, double? loss, Func<double>? evaluate, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (evaluate is not null)
        {
            loss = Evaluate(evaluate, Use.Evaluating);
            cancellation.ThrowIfCancellationRequested();
        }

        RequireLoss(loss, evaluate);
        int step = NextStep();
        seed.Attempt++;
        if (options.OnNonFinite == OnNonFinite.Refuse && Refuse())
        {
            return false;
        }

        double lossBefore = groupsInOrder.Length == 0 ? 0 : groupsInOrder[0].Frame.Loss;
        foreach (OptimizerGroup<T, TRule> group in groupsInOrder)
        {
            group.Begin(step, loss ?? 0);
        }

        bool fault, isEnded = false;
        try
        {
            fault = byDeclaration ? AdvanceByDeclaration(step, loss ?? 0, evaluate)
                : inOnePass && !IsObserving ? AdvanceInOnePass(step)
                : AdvanceInPasses(step, evaluate);
            isEnded = true;
        }
        catch (StepRefusedException)
        {
            // It was an attempt: the next one draws other noise.
            PutBack(lossBefore);
            isEnded = true;
            return false;
        }
        finally
        {
            if (!isEnded)
            {
                PutBack(lossBefore);
                seed.Attempt--;
            }
        }

        Commit(step, fault);
        return true;
    }

    private int NextStep() => StepCount < int.MaxValue ? StepCount + 1
        : throw new InvalidOperationException($"{TRule.Schema.Name}: {StepCount} steps were made, and no more can be counted. Bind a new optimizer to go on from the parameters.");

    /// <summary>What a step of most rules is; apart, because its cost shows where there are few parameters.</summary>
    private bool AdvancePlainly(CancellationToken cancellation)
    {
        Enter(nameof(Step));
        try
        {
            cancellation.ThrowIfCancellationRequested();
            if (options.OnNonFinite == OnNonFinite.Refuse && Refuse())
            {
                seed.Attempt++;
                return false;
            }

            int step = NextStep();
            bool fault = AdvanceInOnePass(step);
            seed.Attempt++;
            Commit(step, fault);
            return true;
        }
        finally
        {
            Leave();
        }
    }

    private void Commit(int step, bool fault)
    {
        foreach (OptimizerGroup<T, TRule> group in groupsInOrder)
        {
            group.Frame.Commit();
        }

        StepCount = step;
        refusedInARow = 0;
        NonFiniteException? uniform = uniformStates == 0 ? null : NonFiniteSearch.Find(TRule.Schema, uniformStates, groupsInOrder, units, step);
        if (fault || uniform is not null)
        {
            NonFiniteSearch.ThrowIfFound(State, tensors, step);
            runner?.ThrowIfOverflown();
        }

        if (overflow is { } found)
        {
            overflow = null;
            throw found;
        }

        if (uniform is not null)
        {
            throw uniform;
        }
    }

    private bool AdvanceInOnePass(int step)
    {
        foreach (OptimizerGroup<T, TRule> group in groupsInOrder)
        {
            group.Prepare(step);
        }

        // From here on nothing throws before the pass is complete.
        if (step == 1)
        {
            FillState();
        }

        if (work is not null)
        {
            return SweepTogether(work);
        }

        bool fault = false;
        foreach (ref readonly Segment segment in segments.AsSpan())
        {
            fault |= kernel.Sweep(in segment.Block);
        }

        return fault;
    }

    private bool SweepTogether(SweepWork<T> tiles)
    {
        buffer.Team.Run(tiles, tiles.Tiles, Threads, Wake);
        return tiles.TakeFault();
    }

    private bool Wake => options.Threads != 0 || State.Count >= CountForWaking;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FillState()
    {
        foreach (Segment segment in segments)
        {
            State.Fill(segment.Group.Frame.Initials, segment.Place, segment.Length);
        }
    }

    private bool AllFinite()
    {
        foreach (ref readonly Segment segment in segments.AsSpan())
        {
            if (!TensorPrimitives.IsFiniteAll<T>(buffer.Gradients.Slice(segment.Start, segment.Length)))
            {
                return false;
            }
        }

        return true;
    }

    private bool Refuse()
    {
        if (AllFinite())
        {
            return false;
        }

        RefusedCount++;
        if (++refusedInARow > options.RefusalLimit)
        {
            NonFiniteSearch.ThrowRefused(tensors, StepCount + 1, options.RefusalLimit);
        }

        return true;
    }
}
