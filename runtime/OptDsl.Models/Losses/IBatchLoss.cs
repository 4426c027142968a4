using System.Numerics;

namespace OptDsl.Models;

/// <summary>A loss that is a mean over examples, and can be taken over some of them.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// A new loss is over all examples. A batch holds until the next is chosen, for the loss and whatever else the model computes.
/// </remarks>
public interface IBatchLoss<T> : ILossModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Examples in all.</summary>
    int ExampleCount { get; }

    /// <summary>Examples the loss is a mean over now.</summary>
    int BatchSize { get; }

    /// <summary>Makes the loss the mean over some examples.</summary>
    /// <param name="examples">Their numbers, from 0, in any order; one given twice counts twice. They are copied.</param>
    /// <exception cref="ArgumentException">There is none; the batch is as before.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number is not in 0 .. <see cref="ExampleCount"/> - 1; the batch is as before.
    /// </exception>
    void UseBatch(ReadOnlySpan<int> examples);

    /// <summary>Makes the loss the mean over all examples.</summary>
    void UseAll();
}
