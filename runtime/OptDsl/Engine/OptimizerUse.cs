using System.Runtime.CompilerServices;
using OptDsl.Threads;

namespace OptDsl.Engine;

/// <summary>What an optimizer is doing.</summary>
internal enum Doing
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>A step, or another method that uses the states.</summary>
    Working,

    /// <summary>The evaluation at the start of a step; nothing has been computed yet.</summary>
    Evaluating,

    /// <summary>An evaluation in the middle of a step; the parameters are at another point.</summary>
    EvaluatingAtPoint,
}

/// <summary>
/// Tracks what an optimizer is doing and what may be called meanwhile. Nothing may run at the same time as a step, and the caller's
/// functions may not use the optimizer.
/// </summary>
/// <param name="gate">The buffer's gate.</param>
/// <param name="isOfAll">
/// Whether the optimizer was made for all tensors of the buffer, and other optimizers may step some of them. If not, it is the only one
/// made for its tensors.
/// </param>
/// <param name="buffer">The name of the buffer's type, for messages.</param>
/// <param name="rule">The rule's name, for messages.</param>
/// <param name="progress">The optimizer's progress, for messages.</param>
internal sealed class OptimizerUse(UseGate gate, bool isOfAll, string? buffer, string rule, StepProgress progress)
{
    // Whether the optimizer is in use. It is set only for an optimizer of some tensors, because the gate tracks the others.
    private int inUse;
    private volatile Doing doing;

    /// <summary>Begins a use during which nothing else may use the optimizer.</summary>
    /// <param name="what">The name of the public method, for messages.</param>
    /// <exception cref="InvalidOperationException">The optimizer, or another one of the same tensors, is in use.</exception>
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

    /// <summary>Ends the use.</summary>
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

    /// <summary>Called within a use when a function of the caller begins.</summary>
    internal void BeginCallback(Doing during)
    {
        doing = during;
        gate.BeginCallback();
    }

    /// <summary>Called when that function has returned or thrown.</summary>
    internal void EndCallback()
    {
        gate.EndCallback();
        doing = Doing.Working;
    }

    /// <summary>Calls a function of the caller within a use.</summary>
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

    /// <summary>Throws if a step is in the middle, where nothing may be changed or read.</summary>
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
                $"by the function that evaluates the loss in step {progress.Steps + 1}, or while that function runs; call it before or after the step.",
            Doing.Working =>
                $"while the optimizer is in use, in step {progress.Steps + 1} or by another thread; one thread uses an optimizer at a time.",
            _ => "while another optimizer of the same tensors is in use: by another thread or by a function that evaluates its loss. "
                + "Bind each optimizer to its own tensors, with Optimize(rule, tensors), or let one wait for the other.",
        };
        return new InvalidOperationException($"{rule}: {what} was called {when}");
    }
}
