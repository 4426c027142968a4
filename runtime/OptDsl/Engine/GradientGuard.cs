using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace OptDsl.Engine;

/// <summary>Checks gradients before anything is computed from them, if the options ask for it, and counts refusals.</summary>
/// <typeparam name="T">The element type.</typeparam>
internal sealed class GradientGuard<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterBuffer<T> buffer;
    private readonly ParameterTensor<T>[] tensors;
    private readonly (int Start, int Length)[] runs;
    private readonly StepProgress progress;
    private readonly OnNonFinite policy;
    private readonly int limit;
    private readonly bool refuses;
    private NonFiniteException? fault;

    /// <param name="buffer">The parameters.</param>
    /// <param name="tensors">The optimizer's tensors.</param>
    /// <param name="runs">Their places and lengths in the buffer; neighbouring tensors are one entry.</param>
    /// <param name="progress">The optimizer's progress.</param>
    /// <param name="options">The optimizer's options.</param>
    internal GradientGuard(
        ParameterBuffer<T> buffer, ParameterTensor<T>[] tensors, (int Start, int Length)[] runs, StepProgress progress,
            OptimizerOptions options)
    {
        this.buffer = buffer;
        this.tensors = tensors;
        this.runs = runs;
        this.progress = progress;
        policy = options.OnNonFinite;
        refuses = policy == OnNonFinite.Refuse;
        limit = options.RefusalLimit;
    }

    /// <summary>Checks the gradients at the start of a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal HostOutcome LookBefore(int step) => refuses ? Look(step) : HostOutcome.Continue;

    /// <summary>
    /// Checks gradients taken in the middle of a step. The pass that reads them also writes, so it would detect them too late.
    /// </summary>
    internal HostResult LookAtPoint(int step)
    {
        if (policy == OnNonFinite.Throw && !AllFinite())
        {
            fault = NonFiniteSearch.FindMet(tensors, step);
        }

        HostOutcome outcome = LookBefore(step);
        return fault is null ? new(outcome) : new(HostOutcome.Fault, TakeFault());
    }

    /// <summary>The fault that the last check found.</summary>
    internal NonFiniteException TakeFault()
    {
        NonFiniteException found = fault!;
        fault = null;
        return found;
    }

    private HostOutcome Look(int step)
    {
        if (AllFinite())
        {
            return HostOutcome.Continue;
        }

        progress.Refused++;
        if (++progress.RefusedInARow <= limit)
        {
            return HostOutcome.Refused;
        }

        fault = NonFiniteSearch.FindRefused(tensors, step, limit);
        return HostOutcome.Fault;
    }

    private bool AllFinite()
    {
        foreach ((int start, int length) in runs)
        {
            if (!TensorPrimitives.IsFiniteAll<T>(buffer.Gradients.Slice(start, length)))
            {
                return false;
            }
        }

        return true;
    }
}
