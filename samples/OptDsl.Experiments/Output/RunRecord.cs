using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OptDsl.Experiments;

/// <summary><c>result.json</c>: everything that repeats a run, and its numbers.</summary>
/// <param name="Version">Of this program.</param>
/// <param name="Input">What was read.</param>
/// <param name="Options">What the user asked for.</param>
/// <param name="Models">What was trained, and its errors.</param>
/// <param name="Baselines">What the models compare with.</param>
/// <param name="Remarks">What the run shows, in words.</param>
internal sealed record RunRecord(
    string Version, InputRecord Input, OptionsRecord Options, IReadOnlyList<ModelRecord> Models, IReadOnlyList<BaselineRecord> Baselines,
    IReadOnlyList<string> Remarks)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
    };

    internal static string ThisVersion { get; } =
        typeof(RunRecord).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    internal static RunRecord Of(CompletionResult result, string? path, OptionsRecord options) => new(
        ThisVersion,
        new InputRecord(path is null or InputFile.Standard ? path : Path.GetFullPath(path),
            result.Problem.Matrix.Sha256), options,
        [.. result.Models.Select(ModelRecord.Of)],
        [.. result.Baselines.Select(baseline => new BaselineRecord(baseline.Name, baseline.Errors.Hidden))],
        Experiments.Remarks.Of(result));

    internal void Write(string path) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, Format));

    /// <exception cref="InputException">The file is missing or is not the record of a run.</exception>
    internal static RunRecord Read(string path) => InputFile.Opened(path, "result.json of an earlier run", file =>
    {
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(file, Format) is { Models.Count: > 0 } record
                && record.Models.All(model => model is not null) && record.Baselines.All(baseline => baseline is not null) ? record
                : throw new InputException($"{path}: names no models; give the result.json of a run of complete.");
        }
        catch (JsonException exception)
        {
            string where = exception.LineNumber is { } line ? FormattableString.Invariant($", line {line + 1}") : "";
            string what = exception.Path is { Length: > 1 } property ? $" ({property[2..]} is not what it should be)" : "";
            throw new InputException(
                $"{path}{where}: is not a complete record of a run{what}; give the result.json of a run of this version of complete.",
                exception);
        }
    });

    /// <summary>The input's place.</summary>
    /// <exception cref="InputException">The run read its standard input.</exception>
    internal string? PlaceOfInput(string record) => Input.Path != InputFile.Standard ? Input.Path
        : throw new InputException($"{record}: the run read its standard input; give the same data with --input.");

    /// <exception cref="InputException">The data are others than those of the run.</exception>
    internal void CheckInput(CellMatrix matrix, string record)
    {
        if (!matrix.Sha256.Equals(Input.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException(
                $"{matrix.Source}: its SHA-256 is {matrix.Sha256}, but the run in {record} read a file with {Input.Sha256}; give that file with --input.");
        }
    }

    /// <summary>The models to train again.</summary>
    /// <exception cref="InputException">One cannot be trained as the record says.</exception>
    internal IReadOnlyList<ModelSettings> Settings(CompletionProblem problem, string record)
    {
        ModelSettings[] models = [.. Models.Select(model => model.ToSettings(record))];
        if (models.DistinctBy(model => model.Name).Count() < models.Length)
        {
            throw new InputException($"{record}: names a model twice; give it as it was written.");
        }

        Array.ForEach(models, model => CompleteOptions.CheckSize(problem, model));
        return models;
    }

    /// <summary>Says whether a repeated run gave the same numbers.</summary>
    /// <exception cref="RunFailedException">It did not.</exception>
    internal string Compare(RunRecord earlier, string record)
    {
        foreach ((ModelRecord now, ModelRecord then) in Models.Zip(earlier.Models))
        {
            if (now with { Seconds = 0, Hyperparameters = then.Hyperparameters } != then with { Seconds = 0 })
            {
                throw Differs(now.Name, Numbers(now), Numbers(then));
            }
        }

        if (!Baselines.SequenceEqual(earlier.Baselines))
        {
            throw Differs("a baseline", Numbers(Baselines), Numbers(earlier.Baselines));
        }

        return $"The numbers of all models are those of {record}.";

        RunFailedException Differs(string what, string now, string then) => new(
            $"{what} has {now}, in {record} it has {then}. That run was made by version {earlier.Version}, this one by {Version}; another processor may differ, too.");

        static string Numbers(object value) => value switch
        {
            ModelRecord model => FormattableString.Invariant(
                $"the hidden RMSE {model.HiddenRmse}, the training RMSE {model.TrainRmse}, the effective rank {model.EffectiveRank} and step {model.KeptIteration} ({model.Kind})"),
            IReadOnlyList<BaselineRecord> baselines => string.Join(", ",
                baselines.Select(baseline => FormattableString.Invariant($"{baseline.Name} {baseline.HiddenRmse}"))),
            _ => "",
        };
    }
}

/// <summary>What was read: its full path, so that the record may be moved; null for the images that come with the program.</summary>
internal sealed record InputRecord(string? Path, string Sha256);

/// <summary>What the user asked for; null where the program chose. The holdout is the one used.</summary>
internal sealed record OptionsRecord(double Holdout, ulong Seed, int? Depth, int? Width, string? Rule, double? Rate, double? Penalty,
    int? Iterations);

/// <summary>A baseline and its error.</summary>
internal sealed record BaselineRecord(string Name, double HiddenRmse);
