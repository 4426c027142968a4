using System.Numerics;

namespace OptDsl.Models;

/// <summary>A loss that is a mean over examples, and that can be restricted to a batch of them.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// A new loss is the mean over all examples. A batch stays in force until the next one is chosen. It applies to the loss and to everything
/// else that the model computes.
/// </remarks>
public interface IBatchLoss<T> : ILossModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of all examples.</summary>
    int ExampleCount { get; }

    /// <summary>The number of examples over which the loss is the mean now.</summary>
    int BatchSize { get; }

    /// <summary>Makes the loss the mean over some examples.</summary>
    /// <param name="examples">
    /// The numbers of the examples, from 0, in any order. An example given twice counts twice. They are copied.
    /// </param>
    /// <exception cref="ArgumentException">The batch is empty; the previous batch stays.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number is not in 0 .. <see cref="ExampleCount"/> - 1; the previous batch stays.
    /// </exception>
    void UseBatch(ReadOnlySpan<int> examples);

    /// <summary>Makes the loss the mean over all examples.</summary>
    void UseAll();
}
