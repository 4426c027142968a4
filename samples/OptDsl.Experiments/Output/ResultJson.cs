using System.Text.Json;

namespace OptDsl.Experiments;

/// <summary>Writes <c>result.json</c>.</summary>
internal static class ResultJson
{
    internal static void Write(string path, CompletionResult result)
    {
        using FileStream file = File.Create(path);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteStartArray("models");
        foreach (ModelResult model in result.Models)
        {
            json.WriteStartObject();
            json.WriteString("name", model.Settings.Name);
            json.WriteNumber("depth", model.Settings.Depth);
            json.WriteNumber("width", model.Settings.Width);
            json.WriteString("rule", model.Settings.Rule.Name);
            json.WriteNumber("hiddenRmse", model.Errors.Hidden);
            json.WriteNumber("trainRmse", model.Errors.Observed);
            json.WriteNumber("effectiveRank", model.EffectiveRank);
            json.WriteNumber("seconds", Math.Round(model.Seconds, 3));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("baselines");
        foreach (BaselineResult baseline in result.Baselines)
        {
            json.WriteStartObject();
            json.WriteString("name", baseline.Name);
            json.WriteNumber("hiddenRmse", baseline.Errors.Hidden);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
