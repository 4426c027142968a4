using System.Globalization;

namespace OptDsl.Models;

/// <summary>The contents of the line of names in a Stan CSV file.</summary>
internal sealed class StanColumns
{
    private StanColumns(string[] statistics, SampledVariable[] variables, int[] places)
    {
        Statistics = statistics;
        Variables = variables;
        Places = places;
    }

    /// <summary>The statistics by our names, in the order of the columns.</summary>
    internal string[] Statistics { get; }

    /// <summary>The variables, in the order of the columns.</summary>
    internal SampledVariable[] Variables { get; }

    /// <summary>
    /// The place of each column. Below the number of statistics, it is the place of a statistic. Otherwise, minus that number, it is a
    /// place in a draw.
    /// </summary>
    internal int[] Places { get; }

    /// <summary>The places in a draw, in the order of Stan's columns.</summary>
    internal static IEnumerable<int> Order(IReadOnlyList<SampledVariable> variables)
    {
        int offset = 0;
        foreach (SampledVariable variable in variables)
        {
            for (int place = 0; place < variable.Size; place++)
            {
                yield return offset + variable.FromColumnMajor(place);
            }

            offset += variable.Size;
        }
    }

    /// <exception cref="InvalidDataException">The names are not those of statistics and complete variables of real numbers.</exception>
    internal static StanColumns Parse(string line, string where)
    {
        string[] names = line.Split(',');
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"{where} names the column '{twice.Key}' twice.");
        }

        string[] statistics = [.. names.Where(IsStatistic).Select(SampleStatistics.FromStan)];
        var elements = names.Where(name => !IsStatistic(name)).Select(name => (Name: name, Parts: name.Split('.'))).ToList();
        SampledVariable[] variables = [.. elements.GroupBy(element => element.Parts[0])
            .Select(group => Variable(group.Key, [.. group.Select(element => element.Parts[1..])], where))];
        if (variables.Length == 0)
        {
            throw new InvalidDataException($"{where} names no variable.");
        }

        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (SampledVariable variable in variables)
        {
            for (int element = 0; element < variable.Size; element++)
            {
                places.Add(variable.GetElementName(element), statistics.Length + places.Count);
            }
        }

        int next = 0;
        return new StanColumns(statistics, variables, [.. names.Select(name => IsStatistic(name) ? next++ : places[name])]);
    }

    private static bool IsStatistic(string name) => name.Length > 2 && name.EndsWith("__", StringComparison.Ordinal);

    private static SampledVariable Variable(string name, string[][] indices, string where)
    {
        int[] shape = new int[indices[0].Length];
        bool isWhole = name.Length > 0 && SampledVariable.IsName(name);
        foreach (string[] element in indices)
        {
            isWhole &= element.Length == shape.Length;
            for (int axis = 0; axis < Math.Min(element.Length, shape.Length); axis++)
            {
                // The index must be written in its shortest form, so that no two names refer to the same element.
                isWhole &= int.TryParse(element[axis], NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index > 0
                    && index.ToString(CultureInfo.InvariantCulture) == element[axis];
                shape[axis] = Math.Max(shape[axis], index);
            }
        }

        // The names of the columns differ, so if there are as many columns as elements, all elements are present.
        double size = shape.Aggregate(1.0, (product, side) => product * side);
        return isWhole && size == indices.Length
            ? new SampledVariable(name, shape)
            : throw new InvalidDataException(
                $"{where} has columns '{name}' that do not form one complete variable of real numbers: {string.Join(", ", indices.Take(4).Select(element => string.Join('.', element.Prepend(name))))}{(indices.Length > 4 ? " and others" : "")}.");
    }
}
