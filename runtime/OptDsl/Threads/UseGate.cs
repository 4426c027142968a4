using System.Runtime.CompilerServices;

namespace OptDsl.Threads;

/// <summary>
/// Tracks who uses the memory of a buffer: one optimizer of all tensors, any number of optimizers of disjoint tensors, or nobody. It
/// refuses uses that would overlap. The memory is not released while it is in use.
/// </summary>
/// <remarks>
/// A user enters first and then checks whether the gate is closing. The closing thread announces it first and then checks for users. So one
/// of the two sees the other.
/// </remarks>
internal sealed class UseGate
{
    private const int Nobody = 0, Everything = -1;

    // A use of everything, or the number of users that each use some tensors.
    private int users;

    // The number of running calls of the caller's functions within a use. They may take any time, and may wait for a thread that would
    // wait for them.
    private int callbacks;
    private volatile bool closing;

    /// <summary>Whether the memory was released, or is about to be.</summary>
    internal bool IsClosed => closing;

    /// <summary>Begins a use of all tensors, or of some that nobody else uses.</summary>
    /// <returns>False if another use overlaps, or the gate is closed.</returns>
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

    /// <summary>Called within a use when a function of the caller begins.</summary>
    internal void BeginCallback() => Interlocked.Increment(ref callbacks);

    /// <summary>Called when that function has returned or thrown.</summary>
    internal void EndCallback() => Interlocked.Decrement(ref callbacks);

    /// <summary>Lets nobody enter any more and waits for the users inside, except for functions of the caller.</summary>
    /// <returns>False if such a function is running; the gate is then as before.</returns>
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
