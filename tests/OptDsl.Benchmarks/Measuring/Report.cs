using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OptDsl.Benchmarks;

/// <summary>
/// One line of the table. A ratio is the competitor's time over ours, so that more is faster; the control is the competitor's over its own.
/// </summary>
internal sealed record Row(
    string Name, string Element, int Size, int Threads, string Competitor,
    double? RatioP05, double? RatioP50, double? ControlP05, bool Conclusive)
{
    [JsonIgnore]
    internal double? Goal { get; init; }

    /// <summary>Why there is no ratio, or none to rely on.</summary>
    [JsonIgnore]
    internal string? Reason { get; init; }

    [JsonIgnore]
    internal string Verdict => RatioP05 is null ? $"unproved: {Reason}"
        : !Conclusive ? "INCONCLUSIVE"
        : Goal is null ? ""
        : RatioP05 >= Goal ? "reached"
        : "missed";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<Row>))]
internal sealed partial class RowContext : JsonSerializerContext;

internal static class Report
{
    internal static void WriteHeader()
        => Console.WriteLine("name                      element size       threads against            p05     p50     control  goal");

    internal static void Write(Row row) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Name,-25} {row.Element,-7} {row.Size,-10} {row.Threads,-7} {row.Competitor,-17} {row.RatioP05,7:0.000} {row.RatioP50,7:0.000} {row.ControlP05,7:0.000}   {row.Goal,4:0.##}  {row.Verdict}").TrimEnd());

    internal static void Save(string path, IReadOnlyList<Row> rows)
        => File.WriteAllText(path, JsonSerializer.Serialize(rows, RowContext.Default.IReadOnlyListRow) + "\n");
}
