using OptDsl.Threads;

namespace OptDsl;

/// <summary>
/// Guards a call, outside of any step, of the caller's function that evaluates a loss at the parameters of a buffer. While the function
/// runs, no optimizer of the same tensors steps, and the memory is not released.
/// </summary>
internal readonly ref struct Evaluation : IDisposable
{
    private readonly UseGate gate;
    private readonly bool isOfAll;

    /// <param name="gate">The buffer's gate.</param>
    /// <param name="isOfAll">
    /// Whether the function moves all tensors. If not, an optimizer of other tensors may step at the same time.
    /// </param>
    /// <param name="what">The name of the method that evaluates, for messages.</param>
    /// <exception cref="InvalidOperationException">An optimizer or an evaluation of the same tensors is running.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    internal Evaluation(UseGate gate, bool isOfAll, string what)
    {
        if (!gate.TryEnter(isOfAll))
        {
            throw gate.IsClosed ? new ObjectDisposedException("ParameterBuffer", $"{what}: the buffer was disposed.")
                : new InvalidOperationException(
                    $"{what} was called while the parameters are in use: by a function that evaluates the loss, or by another thread. Call it before or after that.");
        }

        this.gate = gate;
        this.isOfAll = isOfAll;
        gate.BeginCallback();
    }

    /// <summary>Called when the function has returned or thrown.</summary>
    public void Dispose()
    {
        gate.EndCallback();
        gate.Leave(isOfAll);
    }
}
