using System.Numerics;
using System.Runtime.CompilerServices;
using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>
/// Steps a rule. It owns the states, the frames that rules compute in, the sequences of passes, the draws and the progress. A rule without
/// reductions is one stage with one pass. Everything else that a step does lies between its stages.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
internal sealed unsafe class StepEngine<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    // The number of parameters from which a second thread pays: if it is awake, as in a tight loop, and if it must be woken.
    private const int CountForThreads = 32_768, CountForWaking = 524_288;

    private readonly OptimizerUse use;
    private readonly SequenceRunner<T, TRule> runner;
    private readonly ReferenceRunner<T, TRule> reference;
    private readonly LossEvaluator evaluator;
    private readonly GradientGuard<T> guard;
    private readonly TensorUnit<T, TRule>[] units;
    private readonly OptimizerGroup<T, TRule>[] groups;
    private readonly bool readsLoss, hasPoints, hasInitial, carriesFiner, reportsFaults, wakes;

    // The states per group, tensor, row or column that are checked: the first of the carried values.
    private readonly int uniformStates;

    // Created once, because a step allocates nothing.
    private readonly Action fillState;

    // Set if a step is one stage and nothing else, as for most rules. This shortest path matters when there are few parameters.
    private readonly SweepWork<T>? lone;
    private bool isObserving;

    // A reduction of the current step that is not finite, if the step was made.
    private NonFiniteException? reduced;

    /// <param name="buffer">The parameters.</param>
    /// <param name="rule">The rule of groups without their own rule.</param>
    /// <param name="options">The options, already checked.</param>
    /// <param name="tensors">The tensors to step, in the buffer's order.</param>
    /// <param name="isOfAll">Whether they are all tensors of the buffer, also if other optimizers step some of them.</param>
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

    /// <summary>The rule of groups without their own rule.</summary>
    internal TRule Rule { get; set; }

    /// <summary>The tensors and groups.</summary>
    internal TensorLayout<T, TRule> Layout { get; }

    /// <summary>The states with one value per parameter.</summary>
    internal OptimizerState<T> State { get; }

    /// <summary>The key of draws.</summary>
    internal OptimizerSeed Seed { get; }

    /// <summary>The progress of the optimizer.</summary>
    internal StepProgress Progress { get; } = new();

    /// <summary>The statistics of the last observed step.</summary>
    internal Observations<T, TRule> Observations { get; }

    /// <summary>The vector width of the kernels.</summary>
    internal SimdWidth Width { get; }

    /// <summary>The number of threads that make a step.</summary>
    internal int Threads { get; }

    /// <summary>The loss given to the last step.</summary>
    internal double Loss => groups.Length == 0 ? 0 : groups[0].Frame.Loss;

    /// <summary>Whether the values that the rule carries from step to step depend only on the step number.</summary>
    internal static bool DependsOnStepAlone => TRule.Schema is { IsOnePass: true, ReadsLoss: false, Inputs.IsEmpty: true };

    /// <summary>Whether steps record statistics of observed members.</summary>
    internal bool Observing
    {
        get;
        set
        {
            field = value;
            isObserving = value && !TRule.Schema.Observed.IsEmpty;
        }
    }

    /// <summary>Begins a use during which nothing else may use the optimizer.</summary>
    /// <inheritdoc cref="OptimizerUse.Enter"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter([CallerMemberName] string what = "") => use.Enter(what);

    /// <summary>Ends the use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Leave() => use.Leave();

    /// <summary>Throws if a step is in the middle, where nothing may be changed or read.</summary>
    internal void RequireNotAtPoint([CallerMemberName] string what = "") => use.RequireNotAtPoint(what);

    /// <summary>Calls code of the caller within a use.</summary>
    internal void Call(Action callback) => use.Call(callback);

    /// <summary>Makes a step.</summary>
    /// <param name="byDeclaration">Whether to run the author's methods instead of the kernel.</param>
    /// <param name="loss">The loss, if it is given.</param>
    /// <param name="evaluate">The function that evaluates the loss, if it is not given.</param>
    /// <param name="cancellation">Checked before anything is written.</param>
    /// <returns>Whether the step was made; false if it was refused.</returns>
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

    /// <summary>The number of the next step.</summary>
    internal int NextStep() => Progress.Steps < int.MaxValue ? Progress.Steps + 1
        : throw new InvalidOperationException(
            $"{TRule.Schema.Name}: {Progress.Steps} steps were made, and no more can be counted. Bind a new optimizer to continue from the parameters.");

    /// <summary>Sets the frames of all groups to a step: the next one, or the last one after a step that was not made.</summary>
    internal void Begin(int step, double loss)
    {
        foreach (OptimizerGroup<T, TRule> group in groups)
        {
            group.Begin(step, loss);
        }
    }

    /// <summary>Restores the frames after a use that made no step. Before the first step it also clears the states.</summary>
    internal void PutBack(double loss)
    {
        evaluator.Function = null;
        Begin(Progress.Steps, loss);
        if (Progress.Steps == 0)
        {
            ClearStates();
        }
    }

    /// <summary>Sets all states to their content before the first step.</summary>
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

    /// <summary>Writes the result of a sequence to the caller's memory, and stores nothing.</summary>
    /// <param name="kind">The sequence.</param>
    /// <param name="step">The step whose states it reads or computes.</param>
    /// <param name="destination">The caller's memory, laid out like the states.</param>
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

    /// <summary>
    /// An attempt at a step, made or refused. An attempt that throws does not count, except for a refusal past the limit.
    /// </summary>
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

    /// <summary>Makes a step after the gradients were checked. If it is refused or throws, everything is as before.</summary>
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
    /// Makes a step that is a single stage. Only uniform computations can throw, before anything is stored. A separate method, so that the
    /// compiler can inline a rule's uniforms, which matters when there are few parameters.
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

    /// <summary>Gives the states their initial content before the first step.</summary>
    private void RunInitial(int step) => runner.Run(SequenceKind.Initial, step, fillState, null, out _);

    private HostOutcome AdvanceByDeclaration(int step, double loss, out bool fault)
    {
        // An initial value that is not a member's value is a uniform of the first step.
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

    /// <summary>Makes the values for the next step the current ones, and counts the step.</summary>
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

    /// <summary>Throws for the value that is not finite after a step was made. A cause is named before its effects.</summary>
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
