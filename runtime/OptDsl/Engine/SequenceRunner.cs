using System.Collections.Immutable;
using System.Numerics;
using OptDsl.Contract;
using OptDsl.Threads;

namespace OptDsl.Engine;

/// <summary>
/// Runs the sequences of a rule's passes: one stage after another. Between stages it finishes the reductions over several tensors and does
/// the work of the host.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
internal sealed unsafe class SequenceRunner<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private readonly RuleSchema schema;
    private readonly ParameterBuffer<T> buffer;
    private readonly ParameterTensor<T>[] tensors;
    private readonly OptimizerGroup<T, TRule>[] groups;
    private readonly TensorUnit<T, TRule>[] units;
    private readonly Stage<T, TRule>[][] stages;
    private readonly int threads;
    private readonly bool wakes;
    private readonly ReductionWatch? watch;
    private NonFiniteException? overflow;

    /// <param name="buffer">The parameters.</param>
    /// <param name="layout">The optimizer's tensors and groups.</param>
    /// <param name="seed">The optimizer's seed.</param>
    /// <param name="points">Takes gradients at other points.</param>
    /// <param name="width">The vector width of the kernels.</param>
    /// <param name="reportFaults">Whether values that are not finite are detected.</param>
    /// <param name="threads">The number of threads that run a stage.</param>
    /// <param name="wakes">Whether to wake sleeping threads.</param>
    internal SequenceRunner(
        ParameterBuffer<T> buffer, TensorLayout<T, TRule> layout, OptimizerSeed seed, PointEvaluator<T, TRule> points, SimdWidth width,
            bool reportFaults,
        int threads, bool wakes)
    {
        schema = TRule.Schema;
        this.buffer = buffer;
        this.threads = threads;
        this.wakes = wakes;
        (tensors, groups, units) = (layout.Tensors, layout.Groups, layout.Units);
        ImmutableArray<SequenceSchema> sequences = schema.CompleteSequences;
        int sweeps = 1 + sequences.SelectMany(sequence => sequence.Passes).Max(pass => pass.Sweep);
        Kernel<T>[] kernels = [.. Enumerable.Range(0, sweeps).Select(pass => KernelDriver.Bind<T, TRule>(width, reportFaults, pass))];
        KernelBlock<T>[] blocks = [.. layout.Segments.Select(segment => segment.Block)];
        watch = reportFaults ? ReductionWatch.Of(schema) : null;
        stages = new Stage<T, TRule>[1 + (int)SequenceKind.Direction][];
        foreach (SequenceSchema sequence in sequences)
        {
            bool toCaller = sequence.Kind is SequenceKind.Read or SequenceKind.Direction;
            stages[(int)sequence.Kind] = [.. StagesOf(sequence.Passes).Select(passes => new Stage<T, TRule>(
                schema, passes, [.. passes.Select(pass => HostStepsOf(pass, points))], kernels, units, blocks, seed, threads, toCaller))];
        }
    }

    /// <summary>The sweep that is a whole step, including the first step; null if a step has several sweeps or other work.</summary>
    internal SweepWork<T>? LoneSweep => stages[(int)SequenceKind.Initial] is null && watch is null
        && stages[(int)SequenceKind.Step] is [{ EndsByItself: true, GroupPhase: 0 } stage] ? stage.Together : null;

    private WorkTeam? Team => threads > 1 ? buffer.Team : null;

    /// <summary>Runs a sequence.</summary>
    /// <param name="kind">The sequence.</param>
    /// <param name="step">The number of the current step, for messages.</param>
    /// <param name="begin">Called when the first uniforms are known, before anything is swept.</param>
    /// <param name="output">The caller's memory, laid out like the states, or null.</param>
    /// <param name="fault">Whether a value that was read or computed may not be finite.</param>
    /// <returns>Whether the sequence was completed or was refused.</returns>
    /// <exception cref="NonFiniteException">A value or a reduction is not finite, and nothing has been stored yet.</exception>
    internal HostOutcome Run(SequenceKind kind, int step, Action? begin, T* output, out bool fault)
    {
        fault = false;
        overflow = null;
        bool stored = false;
        Stage<T, TRule>[] all = stages[(int)kind];
        foreach (Stage<T, TRule> stage in all)
        {
            if (stage.GroupPhase >= 0)
            {
                foreach (OptimizerGroup<T, TRule> group in groups)
                {
                    group.InForce.Prepare(stage.GroupPhase, group.Frame);
                }
            }

            begin?.Invoke();
            begin = null;
            fault |= stage.Run(Team, wakes, output);
            stored |= stage.Stores;
            if (fault && !stored)
            {
                ThrowIfMet(kind, step);
            }

            if (stage.EndsByItself && watch is null)
            {
                continue;
            }

            // The stage that writes the caller's memory does so tensor by tensor, before the reductions of all tensors are known.
            Written written = stored ? Written.Step : output is not null && stage == all[^1] ? Written.Destination : Written.Nothing;
            if (!End(stage, kind, step, written, ref fault))
            {
                return HostOutcome.Refused;
            }
        }

        return HostOutcome.Continue;
    }

    /// <summary>
    /// A reduction of the last sequence that is not finite and was found after something had been stored, or null. The next call returns
    /// null.
    /// </summary>
    internal NonFiniteException? TakeOverflow()
    {
        NonFiniteException? found = overflow;
        overflow = null;
        return found;
    }

    private static IEnumerable<ImmutableArray<PassSchema>> StagesOf(ImmutableArray<PassSchema> passes)
    {
        for (int first = 0; first < passes.Length;)
        {
            int end = first + 1;
            while (end < passes.Length && !passes[end].IsBarrier)
            {
                end++;
            }

            yield return passes[first..end];
            first = end;
        }
    }

    /// <summary>The work of the host after a pass.</summary>
    private static HostStep[] HostStepsOf(PassSchema pass, PointEvaluator<T, TRule> points)
        => [.. pass.EvaluateAt.Select(scratch => new GradientAtPoint<T, TRule>(points, scratch))];

    /// <summary>
    /// Runs between two stages: finishes the reductions over several tensors, checks them, and does the work of the host.
    /// </summary>
    /// <returns>False if the step is refused.</returns>
    private bool End(Stage<T, TRule> stage, SequenceKind kind, int step, Written written, ref bool fault)
    {
        // Only steps are checked. The caller checks what it reads.
        NonFiniteException? past = watch is null ? null : ReductionWatch.Take(groups, units, written);
        if (past is not null && overflow is null && kind is (SequenceKind.Step or SequenceKind.Observed))
        {
            Note(past, kind, step, written, ref fault);
        }

        for (int i = 0; i < stage.Passes.Length; i++)
        {
            Finish(stage.Passes[i]);
            if (overflow is null && watch?.Find(stage.Passes[i], groups, units, written) is { } found)
            {
                Note(found, kind, step, written, ref fault);
            }

            foreach (HostStep host in stage.HostSteps[i])
            {
                HostResult result = host.Run();
                if (result.Outcome != HostOutcome.Continue)
                {
                    return result.Outcome == HostOutcome.Refused ? false : throw result.Cause!;
                }
            }
        }

        return true;
    }

    /// <summary>Throws if the step can still be abandoned; otherwise keeps the exception until the step is made.</summary>
    private void Note(NonFiniteException found, SequenceKind kind, int step, Written written, ref bool fault)
    {
        fault = true;
        if (written != Written.Step)
        {
            // A gradient or parameter that is not finite is the cause, so it is named first.
            ThrowIfMet(kind, step);
            throw found;
        }

        overflow = found;
    }

    /// <summary>Throws while nothing has been stored, because a reduction would spread a value that is not finite to all tensors.</summary>
    private void ThrowIfMet(SequenceKind kind, int step)
    {
        if (kind is not (SequenceKind.Read or SequenceKind.Direction) && NonFiniteSearch.FindMet(tensors, step) is { } found)
        {
            throw found;
        }
    }

    /// <summary>Finishes reductions over several tensors: tensor after tensor, in order.</summary>
    private void Finish(PassSchema pass)
    {
        foreach (int id in pass.Reductions)
        {
            ReductionSchema reduction = schema.Reductions[id];
            if (reduction.Scope == Scope.Global)
            {
                double value = Combine(reduction, id, units);
                foreach (OptimizerGroup<T, TRule> group in groups)
                {
                    group.Frame.Reductions[id] = value;
                }
            }
            else if (reduction.Scope == Scope.Group)
            {
                foreach (OptimizerGroup<T, TRule> group in groups)
                {
                    group.Frame.Reductions[id] = Combine(reduction, id, group.Units);
                }
            }
        }
    }

    private static double Combine(ReductionSchema reduction, int id, TensorUnit<T, TRule>[] units)
    {
        double value = ReductionTree.Identity(reduction.Operator);
        long count = 0;
        foreach (TensorUnit<T, TRule> unit in units)
        {
            value = ReductionTree.Combine(reduction.Operator, value, unit.Totals[id]);
            count += unit.Length;
        }

        return reduction.Operator == Reduction.Mean ? value / count : value;
    }
}
