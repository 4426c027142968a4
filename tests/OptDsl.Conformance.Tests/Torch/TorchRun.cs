using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace OptDsl.Conformance.Tests.Torch;

/// <summary>A run recorded from PyTorch (see Data/torch-1.13/README.md).</summary>
internal sealed class TorchRun(string optimizer, JsonElement run)
{
    private static readonly JsonElement Inputs = Read("inputs");

    internal static readonly double[] Start = Doubles(Inputs.GetProperty("p0"));

    private static readonly double[][] Drive = [.. Inputs.GetProperty("drive").EnumerateArray().Select(Doubles)];

    internal string Optimizer => optimizer;

    internal string Id => run.TryGetProperty("id", out JsonElement id) ? id.GetString()! : optimizer;

    internal bool IsDouble => run.GetProperty("dtype").GetString() == "float64";

    internal int Steps => Drive.Length;

    internal double Number(string name) => run.GetProperty("hyper").GetProperty(name).GetDouble();

    internal double Beta(int index) => Number("betas", index);

    /// <summary>One of a pair of settings, such as betas or etas.</summary>
    internal double Number(string name, int index) => run.GetProperty("hyper").GetProperty(name)[index].GetDouble();

    internal string Text(string name) => run.GetProperty(name).GetString()!;

    /// <summary>The limit of a clipped run.</summary>
    internal double Limit => run.GetProperty("limit").GetDouble();

    internal bool Flag(string name)
        => run.TryGetProperty("hyper", out JsonElement settings) && settings.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.True;

    /// <summary>The parameters after so many steps, if they were recorded there.</summary>
    internal double[]? Parameters(int steps)
        => run.GetProperty("params").TryGetProperty(steps.ToString(CultureInfo.InvariantCulture), out JsonElement values) ? Doubles(values)
        : null;

    /// <summary>A state after the last step, by PyTorch's name; null where PyTorch keeps none.</summary>
    internal double[]? State(string name)
        => run.GetProperty("state20").TryGetProperty(name, out JsonElement values) && values.ValueKind == JsonValueKind.Array
        ? Doubles(values) : null;

    /// <summary>
    /// The gradient of the recorded problem at the current parameters. Weight decay of the coupled kind is a term of the
    /// loss, and maximising a loss is minimising its negative, so both belong to the gradient and not to the rule.
    /// </summary>
    internal void Gradient<T>(int step, ReadOnlySpan<T> parameters, Span<T> gradients, bool coupledDecay)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T half = T.CreateTruncating(0.5), decay = T.CreateTruncating(coupledDecay ? Number("weight_decay") : 0);
        for (int i = 0; i < gradients.Length; i++)
        {
            T gradient = T.CreateTruncating(Drive[step - 1][i]) + (half * parameters[i]);
            gradients[i] = (Flag("maximize") ? -gradient : gradient) + (decay * parameters[i]);
        }
    }

    internal static IEnumerable<TorchRun> All(string optimizer)
        => Read(optimizer).GetProperty("runs").EnumerateArray().Select(run => new TorchRun(optimizer, run));

    /// <summary>The recorded runs with parameter groups.</summary>
    internal static IEnumerable<JsonElement> Groups() => Read("param_groups").GetProperty("runs").EnumerateArray();

    /// <summary>What drives the gradient in a step, from 1.</summary>
    internal static double DriveAt(int step, int parameter) => Drive[step - 1][parameter];

    private static JsonElement Read(string name, [CallerFilePath] string file = "")
        => JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "..", "Data", "torch-1.13", name + ".json"))).RootElement;

    internal static double[] Doubles(JsonElement values) => [.. values.EnumerateArray().Select(value => value.GetDouble())];
}
