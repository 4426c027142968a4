namespace OptDsl;

/// <summary>
/// An object that the caller keeps beside an optimizer. Its state changes from step to step and belongs into the checkpoint. Examples are
/// a <see cref="Schedules.PlateauRate"/>, a <see cref="Xoshiro256"/> and the caller's own objects. See
/// <see cref="Optimizer{T, TRule}.Save(string, IReadOnlyDictionary{string, ICheckpointed}, CancellationToken)"/>.
/// </summary>
public interface ICheckpointed
{
    /// <summary>The number of doubles in the state; constant for an object.</summary>
    int StateLength { get; }

    /// <summary>Copies the state. The object defines what the numbers mean. A checkpoint keeps their bits, except those of a NaN.</summary>
    /// <param name="state">Receives <see cref="StateLength"/> numbers.</param>
    void GetState(Span<double> state);

    /// <summary>Continues from a state that <see cref="GetState"/> of an object like this one has copied.</summary>
    /// <param name="state"><see cref="StateLength"/> numbers.</param>
    /// <exception cref="ArgumentException">The numbers are not such a state; nothing was changed.</exception>
    void SetState(ReadOnlySpan<double> state);
}
