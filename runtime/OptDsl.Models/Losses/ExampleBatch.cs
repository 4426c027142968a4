namespace OptDsl.Models;

/// <summary>The examples over which a loss is a mean. Memory grows with the largest batch so far, and is then kept.</summary>
internal sealed class ExampleBatch(int exampleCount)
{
    private int[] chosen = [];
    private int chosenCount;

    internal int ExampleCount => exampleCount;

    internal bool IsAll { get; private set; } = true;

    internal int Count => IsAll ? exampleCount : chosenCount;

    internal int this[int place] => IsAll ? place : chosen[place];

    internal void Use(ReadOnlySpan<int> examples)
    {
        if (examples.IsEmpty)
        {
            throw new ArgumentException("The batch is empty; the loss is a mean over at least one example.", nameof(examples));
        }

        foreach (int example in examples)
        {
            if ((uint)example >= (uint)exampleCount)
            {
                throw new ArgumentOutOfRangeException(nameof(examples), example,
                    $"There is no example {example}; examples are numbered from 0 to {exampleCount - 1}.");
            }
        }

        if (chosen.Length < examples.Length)
        {
            chosen = new int[examples.Length];
        }

        examples.CopyTo(chosen);
        chosenCount = examples.Length;
        IsAll = false;
    }

    internal void UseAll() => IsAll = true;
}
