using OptDsl.Threads;

namespace OptDsl;

/// <summary>
/// A function of the caller's that evaluates a loss at the parameters of a buffer, outside of any step. As long as it runs, no optimizer of
/// the buffer steps, and the memory is not released.
/// </summary>
internal readonly ref struct Evaluation : IDisposable
{
    private readonly UseGate gate;
    private readonly bool isOfAll;

    /// <param name="gate">The buffer's.</param>
    /// <param name="isOfAll">Whether all tensors are moved; else an optimizer of other tensors may step meanwhile.</param>
    /// <param name="what">What evaluates, for messages.</param>
    /// <exception cref="InvalidOperationException">An optimizer or an evaluation of the same tensors is under way.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    internal Evaluation(UseGate gate, bool isOfAll, string what)
    {
        if (!gate.TryEnter(isOfAll))
        {
            throw gate.IsClosed ? new ObjectDisposedException("ParameterBuffer", $"{what}: the buffer was disposed.")
                : new InvalidOperationException(
                    $"{what} was called while the parameters are in use: by a function that evaluates the loss, or by another thread. Call it before or after.");
        }

        this.gate = gate;
        this.isOfAll = isOfAll;
        gate.BeginCallback();
    }

    /// <summary>The function has returned or thrown.</summary>
    public void Dispose()
    {
        gate.EndCallback();
        gate.Leave(isOfAll);
    }
}
