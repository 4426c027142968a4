using System.Numerics;

namespace OptDsl.Models;

/// <summary>The draws of a sampler: of every chain as many, after the warm-up.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public sealed class Samples<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<T> values;
    private readonly Dictionary<string, double[]> statistics = new(StringComparer.Ordinal);
    private readonly string[] componentNames;

    /// <summary>The arrays are not copied: who gives them away writes to them no more.</summary>
    /// <param name="chains">At least 1.</param>
    /// <param name="draws">Of each chain, at least 1.</param>
    /// <param name="variables">What a draw consists of, one after the other; names must be unique.</param>
    /// <param name="values">
    /// The draws, chain by chain, in a chain draw by draw, in a draw variable by variable, each in row-major order.
    /// </param>
    /// <param name="statistics">
    /// Of the sampler, one number a draw, chain by chain; <see cref="SampleStatistics"/> has names others know. A name begins with a letter
    /// or an underscore, and goes on with these and digits.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There is no chain, no draw or more numbers than an array can hold.</exception>
    /// <exception cref="ArgumentException">There is no variable, a name is taken or none, or an array has another length.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double.</exception>
    public Samples(int chains, int draws, IReadOnlyList<SampledVariable> variables, ReadOnlyMemory<T> values,
        IReadOnlyDictionary<string, double[]> statistics)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chains, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(statistics);
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new NotSupportedException($"The element must be float or double, not {typeof(T).Name}.");
        }

        Chains = chains;
        Draws = draws;
        Variables = [.. variables];
        componentNames = Names(Variables);
        Dimensions = componentNames.Length;
        if (chains > Array.MaxLength / draws || chains * draws > Array.MaxLength / Dimensions)
        {
            throw new ArgumentOutOfRangeException(nameof(draws), draws,
                $"{chains} chains of {draws} draws of {Dimensions} numbers are more than an array can hold, {Array.MaxLength}.");
        }

        if (values.Length != chains * draws * Dimensions)
        {
            throw new ArgumentException(
                $"{chains} chains of {draws} draws of {Dimensions} numbers are {chains * draws * Dimensions} values, but there are {values.Length}.", nameof(values));
        }

        this.values = values;
        foreach ((string name, double[] column) in statistics)
        {
            if (name.Length == 0 || !SampledVariable.IsName(name) || name.Contains('.', StringComparison.Ordinal)
                || name.EndsWith("__", StringComparison.Ordinal))
            {
                throw new ArgumentException(
                    $"'{name}' is no name of a statistic; it begins with a letter (A to Z, a to z) or an underscore, goes on with these and digits, and does not end with two underscores.", nameof(statistics));
            }

            if (column is null || column.Length != chains * draws)
            {
                throw new ArgumentException($"Statistic '{name}' needs one number a draw, {chains * draws}, but has {column?.Length ?? 0}.",
                    nameof(statistics));
            }

            this.statistics.Add(name, column);
        }

        StatisticNames = [.. SampleStatistics.InOrder(this.statistics.Keys)];
    }

    /// <summary>The number of chains.</summary>
    public int Chains { get; }

    /// <summary>The draws of each chain.</summary>
    public int Draws { get; }

    /// <summary>The numbers of a draw, those of all variables.</summary>
    public int Dimensions { get; }

    /// <summary>What a draw consists of, in its order.</summary>
    public IReadOnlyList<SampledVariable> Variables { get; }

    /// <summary>
    /// A name for each number of a draw, in its order, as Stan writes them flat: <c>sigma</c>, <c>theta.1</c>, <c>omega.2.1</c>, counted
    /// from 1.
    /// </summary>
    public IReadOnlyList<string> ComponentNames => componentNames;

    /// <summary>What there is for <see cref="GetStatistic"/>: Stan's own first, the others by name.</summary>
    public IReadOnlyList<string> StatisticNames { get; }

    /// <summary>All draws, chain by chain, in a chain draw by draw, in a draw variable by variable.</summary>
    public ReadOnlySpan<T> Values => values.Span;

    /// <summary>One draw, <see cref="Dimensions"/> numbers, variable by variable.</summary>
    /// <param name="chain">From 0.</param>
    /// <param name="draw">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such chain or draw.</exception>
    public ReadOnlySpan<T> GetDraw(int chain, int draw)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chain);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(chain, Chains);
        ArgumentOutOfRangeException.ThrowIfNegative(draw);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(draw, Draws);
        return values.Span.Slice((chain * Draws + draw) * Dimensions, Dimensions);
    }

    /// <summary>The draws of one number, chain by chain, as <see cref="ChainDiagnostics"/> takes them.</summary>
    /// <param name="component">Its place in a draw, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public double[] GetComponent(int component)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(component);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(component, Dimensions);
        ReadOnlySpan<T> all = values.Span;
        double[] chosen = new double[Chains * Draws];
        for (int i = 0; i < chosen.Length; i++)
        {
            chosen[i] = double.CreateTruncating(all[i * Dimensions + component]);
        }

        return chosen;
    }

    /// <summary>The draws of one number, chain by chain.</summary>
    /// <param name="name">One of <see cref="ComponentNames"/>.</param>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    public double[] GetComponent(string name)
    {
        int place = Array.IndexOf(componentNames, name);
        return place >= 0 ? GetComponent(place)
            : throw new ArgumentException($"There is no component '{name}'; the variables are {string.Join(", ", Variables)}.",
                nameof(name));
    }

    /// <summary>A statistic of the sampler, one number a draw, chain by chain.</summary>
    /// <param name="name">One of <see cref="StatisticNames"/>.</param>
    /// <exception cref="ArgumentException">There is no such statistic.</exception>
    public ReadOnlySpan<double> GetStatistic(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return statistics.TryGetValue(name, out double[]? column)
            ? column
            : throw new ArgumentException(
                $"There is no statistic '{name}'; there {(StatisticNames.Count == 0 ? "are none" : $"is {string.Join(", ", StatisticNames)}")}.", nameof(name));
    }

    /// <summary>What the draws say of each number, and how far they can be trusted; a row each, in the order of a draw.</summary>
    public IReadOnlyList<ComponentSummary> Summarize()
        => [.. componentNames.Select((name, component) => ChainDiagnostics.Summarize(name, GetComponent(component), Chains))];

    private static string[] Names(IReadOnlyList<SampledVariable> variables)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        long dimensions = 0;
        foreach (SampledVariable variable in variables)
        {
            if (variable is null || !taken.Add(variable.Name))
            {
                throw new ArgumentException(variable is null ? "A variable is null."
                    : $"There are two variables '{variable.Name}'; names must be unique.", nameof(variables));
            }

            dimensions += variable.Size;
        }

        if (dimensions == 0 || dimensions > Array.MaxLength)
        {
            throw new ArgumentException(
                $"The variables have {dimensions} elements together; there must be at least 1 and at most {Array.MaxLength}.",
                    nameof(variables));
        }

        return [.. variables.SelectMany(variable => Enumerable.Range(0, variable.Size).Select(variable.GetElementName))];
    }
}
