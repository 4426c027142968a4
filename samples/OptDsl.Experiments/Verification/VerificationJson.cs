using System.Text.Json;

namespace OptDsl.Experiments;

/// <summary>Writes the rows of <c>verify</c>.</summary>
internal static class VerificationJson
{
    internal static byte[] Render(IEnumerable<VerificationRow> rows)
    {
        var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartArray();
            foreach (VerificationRow row in rows)
            {
                json.WriteStartObject();
                json.WriteString("system", row.Claim.System);
                json.WriteString("claimId", row.Claim.Id);
                json.WriteString("text", row.Claim.Text);
                json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(row.Claim.Kind.ToString()));
                WriteNumber(json, "low", row.Claim.Low);
                WriteNumber(json, "high", row.Claim.High);
                WriteNumber(json, "measured", row.Measured);
                json.WriteBoolean("passed", row.Passed);
                json.WriteNumber("seed", row.Seed);
                json.WriteNumber("seconds", Math.Round(row.Seconds, 4));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return text.ToArray();
    }

    // JSON has no infinity, the bound that is missing, and no NaN.
    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
