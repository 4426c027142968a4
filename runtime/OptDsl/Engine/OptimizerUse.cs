using System.Runtime.CompilerServices;
using OptDsl.Threads;

namespace OptDsl.Engine;

/// <summary>What an optimizer is doing.</summary>
internal enum Doing
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>A step, or another use of the states.</summary>
    Working,

    /// <summary>The evaluation that begins a step: nothing has been computed yet.</summary>
    Evaluating,

    /// <summary>An evaluation in the middle of a step, the parameters at another point.</summary>
    EvaluatingAtPoint,
}

/// <summary>
/// Who uses an optimizer, and what may be done meanwhile: nothing beside a step, and nothing of it from within the caller's functions.
/// </summary>
/// <param name="gate">The buffer's.</param>
/// <param name="isOfAll">
/// Whether the optimizer was made for all tensors of the buffer, whatever others do; else for some, of which it is the only one.
/// </param>
/// <param name="buffer">The buffer's type, for messages.</param>
/// <param name="rule">The rule's name, for messages.</param>
/// <param name="progress">The optimizer's, for messages.</param>
internal sealed class OptimizerUse(UseGate gate, bool isOfAll, string? buffer, string rule, StepProgress progress)
{
    // Whether the optimizer is in use; only of one of some tensors, since the gate knows the other kind.
    private int inUse;
    private volatile Doing doing;

    /// <summary>Begins what nothing else may be done beside.</summary>
    /// <param name="what">The public method, for messages.</param>
    /// <exception cref="InvalidOperationException">
    /// A step of the optimizer is under way, or something else of one with the same tensors.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter(string what)
    {
        if (!(isOfAll ? gate.TryEnter(everything: true) : TryEnterSome()))
        {
            throw Refused(what);
        }

        doing = Doing.Working;
    }

    /// <summary>Ends it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Leave()
    {
        doing = Doing.Nothing;
        gate.Leave(isOfAll);
        if (!isOfAll)
        {
            Volatile.Write(ref inUse, 0);
        }
    }

    /// <summary>Within a use, a function of the caller's begins.</summary>
    internal void BeginCallback(Doing during)
    {
        doing = during;
        gate.BeginCallback();
    }

    /// <summary>It has returned or thrown.</summary>
    internal void EndCallback()
    {
        gate.EndCallback();
        doing = Doing.Working;
    }

    /// <summary>Calls a function of the caller's within a use.</summary>
    internal void Call(Action callback)
    {
        BeginCallback(Doing.Working);
        try
        {
            callback();
        }
        finally
        {
            EndCallback();
        }
    }

    /// <summary>Refuses what would change or read the middle of a step.</summary>
    internal void RequireNotAtPoint(string what)
    {
        if (doing == Doing.EvaluatingAtPoint)
        {
            throw Refused(what);
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

    private InvalidOperationException Refused(string what)
    {
        if (gate.IsClosed)
        {
            return new ObjectDisposedException(buffer);
        }

        string when = doing switch
        {
            Doing.Evaluating or Doing.EvaluatingAtPoint =>
                $"by the function that evaluates the loss in step {progress.Steps + 1}, or while that runs; call it before the step or after it.",
            Doing.Working =>
                $"while the optimizer is in use, in step {progress.Steps + 1} or by another thread; one thread uses an optimizer at a time.",
            _ => "while another optimizer of the same tensors is in use, by another thread or by a function that evaluates its loss. "
                + "Bind each to tensors of its own, with Optimize(rule, tensors), or let one wait for the other.",
        };
        return new InvalidOperationException($"{rule}: {what} was called {when}");
    }
}
