using OptDsl.Generator.Language;

namespace OptDsl.Generator.Lowering;

/// <summary>
/// In which pass of a schedule values are known: in one for each number of barriers before them, and in further ones where more is
/// reduced between two barriers than one pass should.
/// </summary>
internal sealed class Placement
{
    // A pass keeps four accumulators for each reduction on the thread's stack: 600 of them, with what they add up, took more than a
    // megabyte.
    private const int MostReductions = 32;

    private readonly Levels levels;
    private readonly Dictionary<int, int> counts = [];

    /// <param name="levels">The barriers before each value.</param>
    /// <param name="reductions">What the schedule reduces.</param>
    internal Placement(Levels levels, IEnumerable<ReductionPlan> reductions)
    {
        this.levels = levels;
        var placed = new List<ReductionPlan>();
        foreach (ReductionPlan reduction in reductions)
        {
            int level = levels.Of(reduction.Node) - 1, before = CountOf(level);
            counts[level] = before + 1;
            placed.Add(reduction with { Level = before / MostReductions });
        }

        Reductions = [.. placed.Select(reduction => reduction with { Level = First(levels.Of(reduction.Node) - 1) + reduction.Level })];
    }

    /// <summary>The reductions, with the pass that feeds each.</summary>
    internal IReadOnlyList<ReductionPlan> Reductions { get; }

    /// <summary>The first pass before which a value is known that depends on what earlier passes reduced only.</summary>
    internal int Of(int node) => First(levels.Of(node));

    /// <summary>The pass before which it is known what is evaluated at a value.</summary>
    internal int After(int node) => First(levels.Of(node) + 1);

    private int First(int level)
        => Enumerable.Range(0, level).Sum(earlier => Math.Max(1, (CountOf(earlier) + MostReductions - 1) / MostReductions));

    private int CountOf(int level) => counts.TryGetValue(level, out int count) ? count : 0;
}
