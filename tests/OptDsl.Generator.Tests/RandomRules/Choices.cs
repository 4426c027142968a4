namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>
/// The choices FsCheck made, read one after another. Where they run out every further choice is the first one, which is
/// everywhere the simplest.
/// </summary>
internal sealed class Choices(int[] numbers)
{
    internal const int Range = 1 << 20;

    private int next;

    /// <summary>A number below the limit.</summary>
    internal int Below(int limit) => next < numbers.Length ? numbers[next++] % limit : 0;

    /// <summary>Whether something with the given chance in a hundred happens.</summary>
    internal bool Chance(int percent) => Below(100) >= 100 - percent;

    internal T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>One item, each as likely as its weight.</summary>
    internal T Weighted<T>(IReadOnlyList<(int Weight, T Item)> items)
    {
        int place = Below(items.Sum(item => item.Weight));
        foreach ((int weight, T item) in items)
        {
            if ((place -= weight) < 0)
            {
                return item;
            }
        }

        return items[0].Item;
    }
}
