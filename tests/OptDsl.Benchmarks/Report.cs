using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OptDsl.Benchmarks;

/// <summary>One line of the table. A ratio is the competitor's time over ours, so that more is faster; the control is the competitor's over its own.</summary>
internal sealed record Row(
    string Name, string Element, int Size, int Threads, string Competitor, string OnNonFinite, int? Width,
    double? RatioP05, double? RatioP50, double? ControlP05, bool Conclusive)
{
    internal const double Goal = 0.97;

    [JsonIgnore]
    internal string Verdict => RatioP05 is null ? "unproved" : !Conclusive ? "INCONCLUSIVE" : RatioP05 >= Goal ? "reached" : "missed";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<Row>))]
internal sealed partial class RowContext : JsonSerializerContext;

internal static class Report
{
    private const string Header = "name                     size     bits against   p05    p50    control  goal .97";

    internal static void WriteHeader() => Console.WriteLine(Header);

    internal static void Write(Row row, string? reason)
        => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Name,-24} {row.Size,-8} {row.Width,-4} {row.Competitor,-9} {row.RatioP05,-6:0.000} {row.RatioP50,-6:0.000} {row.ControlP05,-8:0.000} {row.Verdict}{(reason is null ? "" : $": {reason}")}"));

    internal static void Save(string path, IReadOnlyList<Row> rows)
        => File.WriteAllText(path, JsonSerializer.Serialize(rows, RowContext.Default.IReadOnlyListRow) + "\n");
}
