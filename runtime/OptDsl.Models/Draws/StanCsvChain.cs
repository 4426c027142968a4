using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OptDsl.Models;

/// <summary>The contents of a Stan CSV file.</summary>
internal sealed class StanCsvChain<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<string, string> settings = new(StringComparer.Ordinal);
    private readonly List<T> values = [];
    private readonly string path;
    private string line = "";
    private int lineNumber;

    private StanCsvChain(string path) => this.path = path;

    /// <summary>The contents of the line of names.</summary>
    internal StanColumns Columns { get; private set; } = null!;

    /// <summary>The draws, in our order of elements.</summary>
    internal IReadOnlyList<T> Values => values;

    /// <summary>The values of each statistic, draw by draw.</summary>
    internal List<double>[] Statistics { get; private set; } = [];

    internal int Draws { get; private set; }

    /// <summary>The number of chains of the run; null if the file does not state it.</summary>
    internal int? Chains { get; private set; }

    internal static StanCsvChain<T> Read(string path)
    {
        var chain = new StanCsvChain<T>(path);
        using var reader = new StreamReader(path);
        chain.Read(reader);
        return chain;
    }

    /// <exception cref="InvalidDataException">
    /// The other file has other columns or another number of draws, or belongs to another run.
    /// </exception>
    internal void RequireSameRun(StanCsvChain<T> first)
    {
        string? difference = !Columns.Statistics.SequenceEqual(first.Columns.Statistics)
            || !Columns.Variables.SequenceEqual(first.Columns.Variables) ? "other columns"
            : Draws != first.Draws ? $"{Draws} draws, not {first.Draws}"
            : settings.GetValueOrDefault(StanCsv.RunKey) != first.settings.GetValueOrDefault(StanCsv.RunKey) ? "the mark of another run"
            : null;
        if (difference is not null)
        {
            throw new InvalidDataException(
                $"'{path}' has {difference}: it does not belong to the same run as '{first.path}'. Write the run again, or remove the files of other runs.");
        }
    }

    private void Read(StreamReader reader)
    {
        while (reader.ReadLine() is { } next)
        {
            (line, lineNumber) = (next, lineNumber + 1);
            if (line.StartsWith('#'))
            {
                ReadSetting();
            }
            else if (Columns is null)
            {
                Columns = StanColumns.Parse(line, $"'{path}', line {lineNumber},");
                Statistics = [.. Columns.Statistics.Select(_ => new List<double>())];
            }
            else if (line.Length > 0)
            {
                ReadDraw();
            }
        }

        if (Columns is null || Draws == 0)
        {
            throw new InvalidDataException($"'{path}' has no {(Columns is null ? "line of names" : "draws")}.");
        }

        Chains = Setting(StanCsv.ChainsKey);
        int? kept = Setting(StanCsv.DrawsKey), thin = Setting(StanCsv.ThinKey) ?? 1;
        if (kept is not null && Draws != (kept + thin - 1) / thin)
        {
            throw new InvalidDataException(
                $"'{path}' has {Draws} draws, but {StanCsv.DrawsKey} = {kept} and {StanCsv.ThinKey} = {thin}: it is cut short, or has warm-up draws.");
        }
    }

    private void ReadSetting()
    {
        string[] parts = line.TrimStart('#').Split('=', 2);
        if (parts.Length == 2)
        {
            const string IsDefault = "(Default)";
            string value = parts[1].Trim();
            settings[parts[0].Trim()] = value.EndsWith(IsDefault, StringComparison.Ordinal) ? value[..^IsDefault.Length].TrimEnd() : value;
        }
    }

    private int? Setting(string key)
    {
        if (!settings.TryGetValue(key, out string? text))
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
            ? value
            : throw new InvalidDataException($"'{path}' says {key} = {text}; it must be a whole number above 0.");
    }

    private void ReadDraw()
    {
        int column = 0, start = values.Count;
        CollectionsMarshal.SetCount(values, start + Columns.Places.Length - Statistics.Length);
        foreach (Range range in line.AsSpan().Split(','))
        {
            ReadOnlySpan<char> text = line.AsSpan(range);
            if (column == Columns.Places.Length)
            {
                column++;
                break;
            }

            int place = Columns.Places[column];
            if (place < Statistics.Length)
            {
                Statistics[place].Add(Number<double>(text));
            }
            else
            {
                values[start + place - Statistics.Length] = Number<T>(text);
            }

            column++;
        }

        if (column != Columns.Places.Length)
        {
            throw new InvalidDataException(
                $"'{path}', line {lineNumber}, has {(column > Columns.Places.Length ? "more" : column.ToString(CultureInfo.InvariantCulture))} values; there are {Columns.Places.Length} columns.");
        }

        Draws++;
    }

    private N Number<N>(ReadOnlySpan<char> text)
        where N : unmanaged, IBinaryFloatingPointIeee754<N>
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return text switch
        {
            "nan" or "-nan" => N.NaN,
            "inf" => N.PositiveInfinity,
            "-inf" => N.NegativeInfinity,
            _ => N.TryParse(text, Style, CultureInfo.InvariantCulture, out N value) && N.IsFinite(value)
                ? value
                : throw new InvalidDataException(
                    $"'{path}', line {lineNumber}, has '{text}' where a number of type {typeof(N).Name} is expected."),
        };
    }
}
