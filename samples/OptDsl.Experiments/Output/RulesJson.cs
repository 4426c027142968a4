using System.Text.Json;

namespace OptDsl.Experiments;

/// <summary>Writes the rows of <c>rules</c>.</summary>
internal static class RulesJson
{
    internal static byte[] Render(IEnumerable<RuleReport> rules)
    {
        var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartArray();
            foreach (RuleReport report in rules)
            {
                json.WriteStartObject();
                json.WriteString("name", report.Name);
                json.WriteNumber("stateBytes", report.StateBytes);
                json.WriteNumber("bytesPerParameter", report.BytesPerParameter);
                json.WriteNumber("divisions", report.Divisions);
                json.WriteNumber("squareRoots", report.SquareRoots);
                json.WriteNumber("otherOperations", report.OtherOperations);
                json.WriteNumber("passes", report.Passes);
                WriteDegree(json, "gradientDegree", report.GradientDegree);
                WriteDegree(json, "parameterDegree", report.ParameterDegree);
                json.WriteStartObject("units");
                foreach (HyperparameterUnit unit in report.Units)
                {
                    json.WriteString(JsonNamingPolicy.CamelCase.ConvertName(unit.Name), unit.Unit);
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return text.ToArray();
    }

    private static void WriteDegree(Utf8JsonWriter json, string name, double? degree)
    {
        if (degree is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
