using System.Runtime.CompilerServices;
using OptDsl.Engine;

namespace OptDsl;

/// <content>What may be done while a step is under way.</content>
public sealed partial class Optimizer<T, TRule>
{
    private readonly UseGate gate;

    // Made for all tensors of the buffer, whatever others do; else for some, of which it is the only one.
    private readonly bool isOfAll;

    // Whether this optimizer is in use; only of an optimizer of some tensors, since the gate knows the other kind.
    private int inUse;
    private volatile Use use;

    /// <summary>What an optimizer is doing.</summary>
    private enum Use
    {
        None,

        /// <summary>A step, or another use of the states.</summary>
        Working,

        /// <summary>The evaluation that begins a step: nothing has been computed yet.</summary>
        Evaluating,

        /// <summary>An evaluation in the middle of a step, the parameters at another point.</summary>
        EvaluatingAtPoint,
    }

    /// <summary>Begins what nothing else may be done beside.</summary>
    /// <exception cref="InvalidOperationException">A step of the optimizer is under way, or something else of one with the same tensors.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Enter([CallerMemberName] string what = "")
    {
        if (!(isOfAll ? gate.TryEnter(everything: true) : TryEnterSome()))
        {
            throw Refused(what);
        }

        use = Use.Working;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Leave()
    {
        use = Use.None;
        gate.Leave(isOfAll);
        if (!isOfAll)
        {
            Volatile.Write(ref inUse, 0);
        }
    }

    private bool TryEnterSome()
    {
        if (Interlocked.CompareExchange(ref inUse, 1, 0) != 0)
        {
            return false;
        }

        if (gate.TryEnter(everything: false))
        {
            return true;
        }

        Volatile.Write(ref inUse, 0);
        return false;
    }

    /// <summary>Refuses what would change or read the middle of a step.</summary>
    private void RequireNotAtPoint([CallerMemberName] string what = "")
    {
        if (use == Use.EvaluatingAtPoint)
        {
            throw Refused(what);
        }
    }

    /// <summary>After a step that was not made: what is known of the last one, and no states before the first.</summary>
    private void PutBack(double loss)
    {
        evaluation = null;
        foreach (OptimizerGroup<T, TRule> group in groupsInOrder)
        {
            group.Begin(StepCount, loss);
        }

        if (StepCount == 0)
        {
            ClearStates();
        }
    }

    private void ClearStates()
    {
        for (int i = 0; i < State.BufferCount; i++)
        {
            State.Buffer(i).Clear();
        }

        foreach (OptimizerGroup<T, TRule> group in groupsInOrder)
        {
            group.Frame.Carried.Clear();
        }

        foreach (TensorUnit<T, TRule> unit in CarryingUnits())
        {
            foreach (double[] values in unit.Frame.AllCarried)
            {
                Array.Clear(values);
            }
        }
    }

    private InvalidOperationException Refused(string what)
    {
        string name = TRule.Schema.Name;
        return gate.IsClosed ? new ObjectDisposedException(buffer.GetType().FullName)
            : use is Use.Evaluating or Use.EvaluatingAtPoint ? new InvalidOperationException($"{name}: {what} was called by the function that evaluates the loss in step {StepCount + 1}, or while that runs; call it before the step or after it.")
            : use == Use.Working ? new InvalidOperationException($"{name}: {what} was called while the optimizer is in use, in step {StepCount + 1} or by another thread; one thread uses an optimizer at a time.")
            : new InvalidOperationException($"{name}: {what} was called while another optimizer of the same tensors is in use, by another thread or by a function that evaluates its loss. Bind each to tensors of its own, with Optimize(rule, tensors), or let one wait for the other.");
    }
}
