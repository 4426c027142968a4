using System.Numerics;

namespace OptDsl.Models;

/// <summary>The draws of a sampler after its warm-up. All chains have equally many.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public sealed class Samples<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<T> values;
    private readonly Dictionary<string, double[]> statistics = new(StringComparer.Ordinal);
    private readonly string[] componentNames;

    /// <summary>Creates samples. The arrays are not copied, so the caller must not write to them afterwards.</summary>
    /// <param name="chains">The number of chains; at least 1.</param>
    /// <param name="draws">The number of draws per chain; at least 1.</param>
    /// <param name="variables">The variables of a draw, one after the other; names must be unique.</param>
    /// <param name="values">
    /// The draws, chain by chain. Within a chain they are ordered draw by draw, within a draw variable by variable, each in row-major
    /// order.
    /// </param>
    /// <param name="statistics">
    /// The statistics of the sampler, one number per draw, chain by chain. <see cref="SampleStatistics"/> has names that other programs
    /// know. A name begins with a letter or an underscore, followed by letters, underscores and digits. It does not end with two
    /// underscores.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There is no chain, no draw, or more numbers than an array can hold.</exception>
    /// <exception cref="ArgumentException">
    /// There is no variable, a name is used twice or invalid, or an array has another length.
    /// </exception>
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
                $"{chains} chains of {draws} draws of {Dimensions} numbers are more than an array can hold: at most {Array.MaxLength}.");
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
                    $"'{name}' is not a valid name of a statistic; it must begin with a letter (A to Z, a to z) or an underscore, followed by letters, underscores and digits, and must not end with two underscores.", nameof(statistics));
            }

            if (column is null || column.Length != chains * draws)
            {
                throw new ArgumentException($"Statistic '{name}' needs one number per draw, {chains * draws}, but has {column?.Length ?? 0}.",
                    nameof(statistics));
            }

            this.statistics.Add(name, column);
        }

        StatisticNames = [.. SampleStatistics.InOrder(this.statistics.Keys)];
    }

    /// <summary>The number of chains.</summary>
    public int Chains { get; }

    /// <summary>The number of draws per chain.</summary>
    public int Draws { get; }

    /// <summary>The number of numbers per draw, over all variables.</summary>
    public int Dimensions { get; }

    /// <summary>The variables of a draw, in order.</summary>
    public IReadOnlyList<SampledVariable> Variables { get; }

    /// <summary>
    /// The names of the numbers of a draw, in order and in Stan's flat form: <c>sigma</c>, <c>theta.1</c>, <c>omega.2.1</c>, counted from
    /// 1.
    /// </summary>
    public IReadOnlyList<string> ComponentNames => componentNames;

    /// <summary>
    /// The names that <see cref="GetStatistic"/> accepts: those that Stan has first, then the others in alphabetical order.
    /// </summary>
    public IReadOnlyList<string> StatisticNames { get; }

    /// <summary>All draws, chain by chain; within a chain draw by draw, within a draw variable by variable.</summary>
    public ReadOnlySpan<T> Values => values.Span;

    /// <summary>Returns one draw: <see cref="Dimensions"/> numbers, variable by variable.</summary>
    /// <param name="chain">The chain, from 0.</param>
    /// <param name="draw">The draw, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such chain or draw.</exception>
    public ReadOnlySpan<T> GetDraw(int chain, int draw)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chain);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(chain, Chains);
        ArgumentOutOfRangeException.ThrowIfNegative(draw);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(draw, Draws);
        return values.Span.Slice((chain * Draws + draw) * Dimensions, Dimensions);
    }

    /// <summary>Returns the draws of one number, chain by chain, as <see cref="ChainDiagnostics"/> takes them.</summary>
    /// <param name="component">The index of the number within a draw, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such number.</exception>
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

    /// <summary>Returns the draws of one number, chain by chain.</summary>
    /// <param name="name">One of <see cref="ComponentNames"/>.</param>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    public double[] GetComponent(string name)
    {
        int place = Array.IndexOf(componentNames, name);
        return place >= 0 ? GetComponent(place)
            : throw new ArgumentException($"There is no component '{name}'; the variables are {string.Join(", ", Variables)}.",
                nameof(name));
    }

    /// <summary>Returns a statistic of the sampler: one number per draw, chain by chain.</summary>
    /// <param name="name">One of <see cref="StatisticNames"/>.</param>
    /// <exception cref="ArgumentException">There is no such statistic.</exception>
    public ReadOnlySpan<double> GetStatistic(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return statistics.TryGetValue(name, out double[]? column)
            ? column
            : throw new ArgumentException(
                $"There is no statistic '{name}'; there {(StatisticNames.Count == 0 ? "are none" : $"are {string.Join(", ", StatisticNames)}")}.", nameof(name));
    }

    /// <summary>Summarizes each number of a draw and how far it can be trusted, one row per number, in order.</summary>
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
