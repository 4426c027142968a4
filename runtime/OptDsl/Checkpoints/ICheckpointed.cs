namespace OptDsl;

/// <summary>
/// What changes from step to step beside an optimizer and belongs into its checkpoint: a <see cref="Schedules.PlateauRate"/>, a
/// <see cref="Xoshiro256"/>, or the caller's own. See
/// <see cref="Optimizer{T, TRule}.Save(string, IReadOnlyDictionary{string, ICheckpointed}, CancellationToken)"/>.
/// </summary>
public interface ICheckpointed
{
    /// <summary>Numbers in the state; always the same for one object.</summary>
    int StateLength { get; }

    /// <summary>Copies the state. What the numbers mean is the object's own affair; they keep their bits, except those of a NaN.</summary>
    /// <param name="state">Room for <see cref="StateLength"/> numbers.</param>
    void GetState(Span<double> state);

    /// <summary>Goes on from a state that <see cref="GetState"/> of such an object has copied.</summary>
    /// <param name="state">As many numbers.</param>
    /// <exception cref="ArgumentException">It is no such state; nothing was changed.</exception>
    void SetState(ReadOnlySpan<double> state);
}
