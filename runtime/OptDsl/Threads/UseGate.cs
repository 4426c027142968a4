using System.Runtime.CompilerServices;

namespace OptDsl.Threads;

/// <summary>
/// Who uses the memory of a buffer: one optimizer of all tensors, any number of optimizers of disjoint tensors, or nobody. Uses that
/// would overlap are refused, and the memory is not released while it is in use.
/// </summary>
/// <remarks>
/// A user enters first and looks for a closing second; who closes says so first and looks for users second. One of the two sees the other.
/// </remarks>
internal sealed class UseGate
{
    private const int Nobody = 0, Everything = -1;

    // Everything, or the number of those who use some tensors each.
    private int users;

    // Calls of the caller's functions under way within a use. They may take any time, and may wait for whoever would wait for them.
    private int callbacks;
    private volatile bool closing;

    /// <summary>Whether the memory was released, or is about to be.</summary>
    internal bool IsClosed => closing;

    /// <summary>Begins a use of all tensors, or of some that nobody else uses.</summary>
    /// <returns>False where another use overlaps, or the gate is closed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryEnter(bool everything)
    {
        if (everything ? Interlocked.CompareExchange(ref users, Everything, Nobody) == Nobody : TryShare())
        {
            if (!closing)
            {
                return true;
            }

            Leave(everything);
        }

        return false;
    }

    /// <summary>Ends a use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Leave(bool everything)
    {
        if (everything)
        {
            Volatile.Write(ref users, Nobody);
        }
        else
        {
            Interlocked.Decrement(ref users);
        }
    }

    /// <summary>Within a use, a function of the caller's begins.</summary>
    internal void BeginCallback() => Interlocked.Increment(ref callbacks);

    /// <summary>It has returned or thrown.</summary>
    internal void EndCallback() => Interlocked.Decrement(ref callbacks);

    /// <summary>Lets nobody enter any more and waits for the users within; not for functions of the caller's.</summary>
    /// <returns>False, and the gate is as before, where such a function is under way.</returns>
    internal bool TryClose()
    {
        bool before = closing;
        SpinWait spin = default;
        while (true)
        {
            if (Volatile.Read(ref callbacks) != 0)
            {
                closing = before;
                return false;
            }

            closing = true;
            if (Interlocked.CompareExchange(ref users, Nobody, Nobody) == Nobody)
            {
                return true;
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private bool TryShare()
    {
        int now = Volatile.Read(ref users);
        while (now != Everything)
        {
            int was = Interlocked.CompareExchange(ref users, now + 1, now);
            if (was == now)
            {
                return true;
            }

            now = was;
        }

        return false;
    }
}
