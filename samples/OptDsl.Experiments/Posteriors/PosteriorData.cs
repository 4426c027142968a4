using System.Globalization;
using System.Text.Json;

namespace OptDsl.Experiments;

/// <summary>A JSON object from a file, of which numbers are asked for by name. Every message names the file.</summary>
internal sealed class PosteriorData
{
    /// <summary>Of numbers in an array; a posterior is evaluated some million times.</summary>
    internal const int MostNumbers = 1_000_000;

    private readonly string path, place;
    private readonly JsonElement element;

    private PosteriorData(string path, string place, JsonElement element) => (this.path, this.place, this.element) = (path, place, element);

    /// <summary>Reads a file.</summary>
    /// <param name="path">Of it.</param>
    /// <param name="wanted">What it should hold, for messages.</param>
    /// <exception cref="InputException">It is missing, unreadable, or no JSON object.</exception>
    internal static PosteriorData Read(string path, string wanted) => InputFile.Opened(path, wanted, file =>
    {
        try
        {
            using var document = JsonDocument.Parse(file, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new PosteriorData(path, "", document.RootElement.Clone())
                : throw new InputException($"{path}: is {Kind(document.RootElement)}, not a JSON object; give {wanted}.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Of half a character in a name the parser throws the second.
            string where = exception is JsonException { LineNumber: { } line, BytePositionInLine: { } place }
                ? string.Create(CultureInfo.InvariantCulture, $" line {line + 1}, byte {place + 1}:") : "";
            throw new InputException($"{path}:{where} is not JSON; copy the file again.", exception);
        }
    });

    /// <summary>A whole number of things that are counted.</summary>
    internal int Count(string name, int least)
    {
        JsonElement value = Property(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int count) && count >= least && count <= MostNumbers
            ? count
            : throw Wrong($"{name} is {Shown(value)}; it must be a whole number from {least} to {MostNumbers}");
    }

    /// <summary>An array of finite numbers.</summary>
    internal double[] Numbers(string name, int count)
    {
        JsonElement array = Property(name);
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() != count)
        {
            throw Wrong(
                $"{name} is {Kind(array)}{(array.ValueKind == JsonValueKind.Array ? $" of {array.GetArrayLength()}" : "")}; it must be an array of {count} numbers");
        }

        return [.. array.EnumerateArray().Select((value, i) => Finite(value, $"{name}[{i + 1}]"))];
    }

    /// <summary>A finite number.</summary>
    internal double Number(string name) => Finite(Property(name), name);

    /// <summary>An object within this one.</summary>
    internal PosteriorData Object(string name)
    {
        JsonElement value = Property(name);
        return value.ValueKind == JsonValueKind.Object
            ? new PosteriorData(path, $"{place}{name}: ", value)
            : throw Wrong($"{name} is {Kind(value)}; it must be an object");
    }

    internal InputException Wrong(string what) => new($"{path}: {place}{what}.");

    internal static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private double Finite(JsonElement value, string name)
        => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw Wrong($"{name} is {Shown(value)}; it must be a finite number");

    private JsonElement Property(string name) => element.TryGetProperty(name, out JsonElement value) ? value
        : throw Wrong($"has no '{name}'");

    private static string Shown(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Kind(value);

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };
}
