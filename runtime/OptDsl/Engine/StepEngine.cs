using System.Numerics;
using System.Runtime.CompilerServices;
using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>
/// What steps a rule: it owns the states, the frames that rules compute in, the sequences of passes, the draws and how far it has come. A
/// rule without reductions is one stage of one pass; whatever else a step does lies between its stages.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
internal sealed unsafe class StepEngine<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    // Parameters from which a second thread pays if it is awake, as in a tight loop, and if it must be woken.
    private const int CountForThreads = 32_768, CountForWaking = 524_288;

    private readonly OptimizerUse use;
    private readonly SequenceRunner<T, TRule> runner;
    private readonly ReferenceRunner<T, TRule> reference;
    private readonly LossEvaluator evaluator;
    private readonly GradientGuard<T> guard;
    private readonly TensorUnit<T, TRule>[] units;
    private readonly OptimizerGroup<T, TRule>[] groups;
    private readonly bool readsLoss, hasPoints, hasInitial, carriesFiner, reportsFaults, wakes;

    // States of one value per group, tensor, row or column, that are watched: the first of the values carried.
    private readonly int uniformStates;

    // Made once: a step allocates nothing.
    private readonly Action fillState;

    // Where a step is one stage and nothing else: what most rules are, and the shortest way shows where there are few parameters.
    private readonly SweepWork<T>? lone;
    private bool isObserving;

    // What reductions of the step under way came to, where that is no number and the step was made.
    private NonFiniteException? reduced;

    /// <param name="buffer">The parameters.</param>
    /// <param name="rule">The rule value of groups without one of their own.</param>
    /// <param name="options">How to run it, looked at.</param>
    /// <param name="tensors">The tensors to step, in the buffer's order.</param>
    /// <param name="isOfAll">Whether they are all of the buffer's, whatever others do.</param>
    internal StepEngine(ParameterBuffer<T> buffer, TRule rule, OptimizerOptions options, IReadOnlyList<ParameterTensor<T>> tensors,
        bool isOfAll)
    {
        RuleSchema schema = TRule.Schema;
        Buffer = buffer;
        Rule = rule;
        Seed = new OptimizerSeed(options.Seed, options.NoiseOffset);
        State = new OptimizerState<T>(schema, buffer, tensors);
        Layout = new TensorLayout<T, TRule>(tensors, State, Seed,
            name => new OptimizerGroup<T, TRule>(this, name, buffer.OffsetOfGroup(name)));
        (units, groups) = (Layout.Units, Layout.Groups);
        Observations = new Observations<T, TRule>(units);
        Width = KernelDriver.Resolve(options.Width, schema);
        Threads = options.Threads != 0 ? options.Threads : State.Count >= CountForThreads ? Environment.ProcessorCount : 1;
        if (Threads > 1)
        {
            buffer.RequireThreads(Threads);
        }

        reportsFaults = options.OnNonFinite != OnNonFinite.Ignore;
        uniformStates = reportsFaults ? schema.States.Count(state => state.Kind != StateKind.PerParameter) : 0;
        readsLoss = schema.ReadsLoss;
        hasPoints = schema.Inputs.Any(input => input.Source == InputSource.GradientAt);
        hasInitial = schema.Sequence(SequenceKind.Initial) is not null;
        carriesFiner = !schema.Carried.IsEmpty;
        use = new OptimizerUse(buffer.Gate, isOfAll, buffer.GetType().FullName, schema.Name, Progress);
        evaluator = new LossEvaluator(use, Progress);
        guard = new GradientGuard<T>(buffer, Layout.Tensors, [.. Layout.Segments.Select(segment => (segment.Start, segment.Length))],
            Progress, options);
        var points = new PointEvaluator<T, TRule>(State, units, evaluator, guard, Progress);
        wakes = options.Threads != 0 || State.Count >= CountForWaking;
        runner = new SequenceRunner<T, TRule>(buffer, Layout, Seed, points, Width, reportsFaults, Threads, wakes);
        reference = new ReferenceRunner<T, TRule>(State, units, Seed, points, use, reportsFaults);
        fillState = FillState;
        lone = readsLoss ? null : runner.LoneSweep;
    }

    /// <summary>The parameters.</summary>
    internal ParameterBuffer<T> Buffer { get; }

    /// <summary>The rule value of groups without one of their own.</summary>
    internal TRule Rule { get; set; }

    /// <summary>The tensors and groups.</summary>
    internal TensorLayout<T, TRule> Layout { get; }

    /// <summary>The states of one value per parameter.</summary>
    internal OptimizerState<T> State { get; }

    /// <summary>What draws are keyed by.</summary>
    internal OptimizerSeed Seed { get; }

    /// <summary>How far it has come.</summary>
    internal StepProgress Progress { get; } = new();

    /// <summary>What observed steps recorded.</summary>
    internal Observations<T, TRule> Observations { get; }

    /// <summary>The kernels' width.</summary>
    internal SimdWidth Width { get; }

    /// <summary>The threads a step runs on.</summary>
    internal int Threads { get; }

    /// <summary>The loss that the last step was given.</summary>
    internal double Loss => groups.Length == 0 ? 0 : groups[0].Frame.Loss;

    /// <summary>Whether what the rule carries from step to step depends on the step alone.</summary>
    internal static bool DependsOnStepAlone => TRule.Schema is { IsOnePass: true, ReadsLoss: false, Inputs.IsEmpty: true };

    /// <summary>Whether steps record what is observed.</summary>
    internal bool Observing
    {
        get;
        set
        {
            field = value;
            isObserving = value && !TRule.Schema.Observed.IsEmpty;
        }
    }

    /// <summary>Begins what nothing else may be done beside.</summary>
    /// <inheritdoc cref="OptimizerUse.Enter"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter([CallerMemberName] string what = "") => use.Enter(what);

    /// <summary>Ends it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Leave() => use.Leave();

    /// <summary>Refuses what would change or read the middle of a step.</summary>
    internal void RequireNotAtPoint([CallerMemberName] string what = "") => use.RequireNotAtPoint(what);

    /// <summary>Calls code of the caller's within a use.</summary>
    internal void Call(Action callback) => use.Call(callback);

    /// <summary>Makes a step.</summary>
    /// <param name="byDeclaration">Whether by the author's methods.</param>
    /// <param name="loss">The loss, where it is given.</param>
    /// <param name="evaluate">What evaluates it, where it is not.</param>
    /// <param name="cancellation">Observed before anything is written.</param>
    /// <returns>Whether it was made, or refused.</returns>
    internal bool Step(bool byDeclaration, double? loss, Func<double>? evaluate, CancellationToken cancellation)
    {
        Enter(byDeclaration ? "StepReference" : "Step");
        try
        {
            cancellation.ThrowIfCancellationRequested();
            if (evaluate is not null)
            {
                loss = evaluator.Evaluate(evaluate, Doing.Evaluating);
                cancellation.ThrowIfCancellationRequested();
            }

            if (readsLoss || hasPoints)
            {
                LossEvaluator.Require(TRule.Schema, loss, evaluate);
            }

            return Attempt(byDeclaration, loss ?? 0, evaluate);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The number of the step to come.</summary>
    internal int NextStep() => Progress.Steps < int.MaxValue ? Progress.Steps + 1
        : throw new InvalidOperationException(
            $"{TRule.Schema.Name}: {Progress.Steps} steps were made, and no more can be counted. Bind a new optimizer to go on from the parameters.");

    /// <summary>Lets the frames of all groups be those of a step: one to be made, or, after one that was not, the last.</summary>
    internal void Begin(int step, double loss)
    {
        foreach (OptimizerGroup<T, TRule> group in groups)
        {
            group.Begin(step, loss);
        }
    }

    /// <summary>After what stored nothing, or was not made: what is known of the last step, and no states before the first.</summary>
    internal void PutBack(double loss)
    {
        evaluator.Function = null;
        Begin(Progress.Steps, loss);
        if (Progress.Steps == 0)
        {
            ClearStates();
        }
    }

    /// <summary>Makes all states what they are before the first step.</summary>
    internal void ClearStates()
    {
        for (int i = 0; i < State.BufferCount; i++)
        {
            State.Buffer(i).Clear();
        }

        foreach (OptimizerGroup<T, TRule> group in groups)
        {
            group.Frame.Carried.Clear();
        }

        foreach (double[] values in carriesFiner ? units.SelectMany(unit => unit.Frame.AllCarried) : [])
        {
            Array.Clear(values);
        }
    }

    /// <summary>Writes what a sequence computes to the caller's memory, and stores nothing.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="step">The step whose states it reads, or makes.</param>
    /// <param name="destination">Laid out like the states.</param>
    internal void Write(SequenceKind kind, int step, Span<T> destination)
    {
        bool isFirst = kind == SequenceKind.Direction && step == 1;
        Begin(step, Loss);
        if (isFirst && hasInitial)
        {
            RunInitial(step);
        }

        fixed (T* output = destination)
        {
            runner.Run(kind, step, isFirst && !hasInitial ? fillState : null, output, out _);
        }
    }

    /// <summary>An attempt at a step. It ends here, made or refused; one that throws was none, but for a refusal past the limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Attempt(bool byDeclaration, double loss, Func<double>? evaluate)
    {
        int step = NextStep();
        bool fault = false;
        HostOutcome outcome = guard.LookBefore(step);
        if (outcome == HostOutcome.Continue)
        {
            outcome = lone is not null && !byDeclaration && !isObserving
                ? AdvanceAtOnce(lone, step, out fault)
                : Advance(byDeclaration, step, loss, evaluate, out fault);
        }

        Seed.Attempts++;
        if (outcome != HostOutcome.Continue)
        {
            return outcome == HostOutcome.Refused ? false : throw guard.TakeFault();
        }

        Commit(step, loss, fault);
        return true;
    }

    /// <summary>Makes a step that the gradients allow. Where it is refused on the way, or throws, everything is as before.</summary>
    private HostOutcome Advance(bool byDeclaration, int step, double loss, Func<double>? evaluate, out bool fault)
    {
        double before = Loss;
        Begin(step, loss);
        evaluator.Function = evaluate;
        try
        {
            HostOutcome outcome = byDeclaration ? AdvanceByDeclaration(step, loss, out fault) : AdvanceInStages(step, out fault);
            evaluator.Function = null;
            reduced = byDeclaration ? reference.TakeOverflow() : runner.TakeOverflow();
            if (outcome == HostOutcome.Refused)
            {
                PutBack(before);
            }

            return outcome;
        }
        catch
        {
            PutBack(before);
            throw;
        }
    }

    /// <summary>
    /// The same of a step that is one stage: only what is uniform can throw, before anything is stored. Apart from its caller, so that the
    /// compiler has room to inline a rule's uniforms, which shows where there are few parameters.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private HostOutcome AdvanceAtOnce(SweepWork<T> sweep, int step, out bool fault)
    {
        foreach (OptimizerGroup<T, TRule> group in groups)
        {
            group.Prepare(step);
        }

        if (step == 1)
        {
            FillState();
        }

        fault = Threads == 1 ? sweep.SweepAlone() : sweep.Sweep(Buffer.Team, Threads, wakes);
        return HostOutcome.Continue;
    }

    private HostOutcome AdvanceInStages(int step, out bool fault)
    {
        bool begins = step == 1;
        if (begins && hasInitial)
        {
            RunInitial(step);
            begins = false;
        }

        HostOutcome outcome = runner.Run(isObserving ? SequenceKind.Observed : SequenceKind.Step, step, begins ? fillState : null, null,
            out fault);
        if (isObserving && outcome == HostOutcome.Continue)
        {
            Observations.Keep();
        }

        return outcome;
    }

    /// <summary>Before the first step, the states take the content they begin with.</summary>
    private void RunInitial(int step) => runner.Run(SequenceKind.Initial, step, fillState, null, out _);

    private HostOutcome AdvanceByDeclaration(int step, double loss, out bool fault)
    {
        // What a rule begins with is a uniform of the first step, where it is no member's value.
        if (step == 1)
        {
            int phase = TRule.Schema.SequenceOf(hasInitial ? SequenceKind.Initial : SequenceKind.Step).Passes[0].GroupPhase;
            foreach (OptimizerGroup<T, TRule> group in groups)
            {
                group.InForce.Prepare(phase, group.Frame);
            }

            FillState();
        }

        fault = reportsFaults;
        return reference.Step(step, loss);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FillState()
    {
        foreach (Segment<T, TRule> segment in Layout.Segments)
        {
            State.Fill(segment.Group.Frame.Initials, segment.Place, segment.Length);
        }
    }

    /// <summary>What was left for the next step is the last step's, and the step counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Commit(int step, double loss, bool fault)
    {
        foreach (OptimizerGroup<T, TRule> group in groups)
        {
            group.Frame.Commit(loss);
        }

        if (carriesFiner)
        {
            foreach (TensorUnit<T, TRule> unit in units)
            {
                unit.Frame.Commit();
            }
        }

        Progress.Steps = step;
        Progress.RefusedInARow = 0;
        if (fault || uniformStates != 0)
        {
            ThrowIfNotFinite(step, fault);
        }
    }

    /// <summary>Says of a step that was made which value is not finite, the cause before what it caused.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowIfNotFinite(int step, bool fault)
    {
        NonFiniteException? uniform = uniformStates == 0 ? null : NonFiniteSearch.Find(TRule.Schema, uniformStates, groups, units, step);
        NonFiniteException? found = reduced ?? uniform;
        reduced = null;
        if (fault || uniform is not null)
        {
            NonFiniteSearch.ThrowIfFound(State, Layout.Tensors, step);
        }

        if (found is not null)
        {
            throw found;
        }
    }
}
