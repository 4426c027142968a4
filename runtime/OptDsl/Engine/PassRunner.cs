using System.Numerics;
using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>Runs the schedules of a rule whose step is more than one pass over everything.</summary>
internal sealed unsafe class PassRunner<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private readonly RuleSchema schema;
    private readonly ParameterBuffer<T> buffer;
    private readonly OptimizerGroup<T, TRule>[] groups;
    private readonly Dictionary<SequenceKind, Stage<T, TRule>[]> stages = [];
    private readonly int threads;
    private readonly ReductionWatch? watch;
    private NonFiniteException? overflow;

    internal PassRunner(ParameterBuffer<T> buffer, OptimizerGroup<T, TRule>[] groups, TensorUnit<T, TRule>[] units, KernelBlock<T>[] segments, OptimizerSeed seed, SimdWidth width, bool reportFaults, int threads)
    {
        schema = TRule.Schema;
        this.buffer = buffer;
        this.groups = groups;
        this.threads = threads;
        Units = units;
        watch = reportFaults && !schema.Reductions.IsEmpty ? new ReductionWatch(schema) : null;
        int sweeps = 1 + schema.Sequences.SelectMany(schedule => schedule.Passes).Select(pass => pass.Sweep).DefaultIfEmpty(-1).Max();
        Kernel<T>[] kernels = [.. Enumerable.Range(0, sweeps).Select(pass => KernelDriver.Bind<T, TRule>(width, reportFaults, pass))];
        foreach (SequenceSchema schedule in schema.Sequences)
        {
            var found = new List<Stage<T, TRule>>();
            for (int first = 0; first < schedule.Passes.Length;)
            {
                int end = first + 1;
                while (end < schedule.Passes.Length && !schedule.Passes[end].IsBarrier)
                {
                    end++;
                }

                found.Add(new Stage<T, TRule>(schema, schedule.Passes[first..end], kernels, units, segments, seed, threads, schedule.Kind is SequenceKind.Read or SequenceKind.Direction));
                first = end;
            }

            stages.Add(schedule.Kind, [.. found]);
        }
    }

    internal TensorUnit<T, TRule>[] Units { get; }

    /// <summary>Runs a schedule.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="begin">Called after the first uniforms are known, before anything is swept.</param>
    /// <param name="evaluate">Fills the gradients at the point that a buffer of scratch holds.</param>
    /// <param name="faulty">Called where a value met may not be finite and nothing has been stored yet.</param>
    /// <param name="output">The caller's memory, laid out like the states, or null.</param>
    /// <param name="wake">Whether to wake threads that sleep.</param>
    /// <returns>Whether a value met or made may not be finite.</returns>
    /// <exception cref="NonFiniteException">A reduction is no number, and nothing has been stored yet.</exception>
    internal bool Run(SequenceKind kind, Action? begin, Action<int>? evaluate, Action? faulty, T* output, bool wake)
    {
        bool fault = false, stored = false;
        overflow = null;
        foreach (Stage<T, TRule> stage in stages[kind])
        {
            if (stage.Schema[0].GroupPhase is >= 0 and int phase)
            {
                foreach (OptimizerGroup<T, TRule> group in groups)
                {
                    group.InForce.Prepare(phase, group.Frame);
                }
            }

            begin?.Invoke();
            begin = null;
            fault |= stage.Run(threads > 1 ? buffer.Team : null, wake, output);
            stored |= stage.Stores;
            if (fault && !stored)
            {
                faulty?.Invoke();
            }

            // The stage that writes the caller's memory does so tensor by tensor, before the reductions of all of them are known.
            Written written = stored ? Written.Step : output is not null && stage == stages[kind][^1] ? Written.Destination : Written.Nothing;
            // What is read is the caller's to look at.
            NonFiniteException? past = watch is null ? null : ReductionWatch.Take(groups, Units, written);
            if (past is not null && overflow is null && kind is (SequenceKind.Step or SequenceKind.Observed))
            {
                fault = true;
                if (!stored)
                {
                    faulty?.Invoke();
                    throw past;
                }

                overflow = past;
            }

            foreach (PassSchema pass in stage.Schema)
            {
                Finish(pass);
                if (overflow is null && watch?.Find(pass, groups, Units, written) is { } found)
                {
                    // A gradient or parameter that is not finite is the cause, and is named first.
                    fault = true;
                    if (!stored)
                    {
                        faulty?.Invoke();
                        throw found;
                    }

                    overflow = found;
                }

                foreach (int scratch in pass.EvaluateAt)
                {
                    evaluate!(scratch);
                }
            }
        }

        return fault;
    }

    /// <summary>Throws where a reduction of the step that was made is no number.</summary>
    internal void ThrowIfOverflown()
    {
        if (overflow is { } found)
        {
            overflow = null;
            throw found;
        }
    }

    internal void Commit()
    {
        foreach (TensorUnit<T, TRule> unit in Units)
        {
            unit.Frame.Commit();
        }
    }

    /// <summary>Reductions over more than a tensor: tensor after tensor, in order.</summary>
    private void Finish(PassSchema pass)
    {
        foreach (int id in pass.Reductions)
        {
            ReductionSchema reduction = schema.Reductions[id];
            if (reduction.Scope == Scope.Global)
            {
                double value = Combine(reduction, id, Units);
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
