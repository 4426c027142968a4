using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using OptDsl.Contract;
using OptDsl.Engine;

namespace OptDsl.Checkpoints;

/// <summary>Writes the parameters, states and rule values of an optimizer to a file, and reads them back.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
/// <param name="engine">The optimizer's engine.</param>
internal sealed class OptimizerCheckpoint<T, TRule>(StepEngine<T, TRule> engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private const string StepKey = "step", AttemptsKey = "attempts", SeedKey = "seed", LossKey = "loss";
    private const string RefusedKey = "refused", RefusedInARowKey = "refused_in_a_row", EvaluationsKey = "evaluations";

    private readonly TensorUnit<T, TRule>[] units = engine.Layout.Units;
    private readonly OptimizerGroup<T, TRule>[] groups = engine.Layout.Groups;

    /// <summary>Writes a file that replaces an old one in one step.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="companion">What is kept beside the optimizer, or null.</param>
    /// <param name="watch">The watch of a test, or null.</param>
    /// <param name="cancellation">Checked until the file would take its name.</param>
    internal void Save(string path, CheckpointCompanion? companion, ISaveWatch? watch, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        engine.Enter();
        try
        {
            AtomicFile.Write(path, stream => Write(stream, path, companion), watch, cancellation);
        }
        finally
        {
            engine.Leave();
        }
    }

    /// <summary>Writes the content of a file.</summary>
    internal void Save(Stream stream, string file)
    {
        engine.Enter();
        try
        {
            Write(stream, file, companion: null);
        }
        finally
        {
            engine.Leave();
        }
    }

    /// <summary>Loads a file.</summary>
    internal void Load(string path, CheckpointCompanion? companion)
    {
        using FileStream file = FileSystem.OpenRead(path);
        Load(file, path, companion);
    }

    /// <summary>Loads the content of a file.</summary>
    internal void Load(Stream stream, string file, CheckpointCompanion? companion)
    {
        engine.Enter();
        try
        {
            LoadAlone(stream, file, companion);
        }
        finally
        {
            engine.Leave();
        }
    }

    private void Write(Stream stream, string file, CheckpointCompanion? companion)
    {
        (CheckpointTensor[] tensors, CheckpointMetadata metadata) = Saved(companion);
        CheckpointWriter.Write(stream, tensors, metadata,
            (tensor, start, count) => tensor.Part == CheckpointPart.Companion ? companion!.BytesOf(tensor, start, count)
                : BytesOf(tensor, start, count), file);
    }

    private void LoadAlone(Stream stream, string file, CheckpointCompanion? companion)
    {
        (CheckpointTensor[] tensors, CheckpointMetadata metadata) = Saved(companion);
        new CheckpointReader(file, tensors, metadata).Read(stream);

        // Everything that can be wrong is found here. After this, nothing throws.
        int steps = metadata.Number<int>(file, StepKey), refused = metadata.Number<int>(file, RefusedKey);
        int inARow = metadata.Number<int>(file, RefusedInARowKey), evaluations = metadata.Number<int>(file, EvaluationsKey);
        ulong attempts = metadata.Number<ulong>(file, AttemptsKey), key = metadata.Number<ulong>(file, SeedKey);
        double loss = metadata.Double(file, LossKey);
        TRule common = ReadRule(engine.Rule, metadata, file, RuleKey(null))!;
        TRule?[] own = [.. groups.Select(group => ReadRule(group.Rule, metadata, file, RuleKey(group)))];

        StepProgress progress = engine.Progress;
        if (companion is not null)
        {
            // The caller's code is the last that can refuse.
            engine.Call(() => companion.SetStates(file));
            companion.TakeOver(tensors);
        }

        TakeOver(tensors);
        engine.Rule = common;
        for (int i = 0; i < own.Length; i++)
        {
            groups[i].TakeOver(own[i], steps, loss);
        }

        (engine.Seed.Seed, engine.Seed.Attempts) = (key, attempts);
        (progress.Steps, progress.Refused, progress.Evaluations, progress.RefusedInARow) = (steps, refused, evaluations, inARow);
    }

    private (CheckpointTensor[] Tensors, CheckpointMetadata Metadata) Saved(CheckpointCompanion? companion)
    {
        CheckpointMetadata metadata = Metadata();
        companion?.AddTo(metadata);
        return ([.. SavedTensors(), .. companion?.Tensors ?? []], metadata);
    }

    /// <summary>All tensors of a checkpoint.</summary>
    private CheckpointTensor[] SavedTensors()
    {
        RuleSchema schema = TRule.Schema;
        bool isDouble = typeof(T) == typeof(double);
        var tensors = new List<CheckpointTensor>();
        for (int i = 0; i < units.Length; i++)
        {
            ParameterTensor<T> tensor = units[i].Tensor;
            nint[] shape = tensor.Shape.ToArray();
            tensors.Add(new CheckpointTensor(TensorNames.Of(tensor.Name), CheckpointPart.Parameters, i, 0, isDouble, shape, tensor.Length));
            for (int state = 0; state < schema.BufferCount; state++)
            {
                tensors.Add(
                    new CheckpointTensor(TensorNames.Of(tensor.Name, schema.States[state].SavedAs ?? schema.States[state].Name),
                        CheckpointPart.State, i, state, isDouble, shape, tensor.Length));
            }

            for (int slot = 0; slot < units[i].Frame.AllCarried.Length; slot++)
            {
                int count = units[i].Frame.AllCarried[slot].Length;
                if (count > 0)
                {
                    tensors.Add(
                        new CheckpointTensor(TensorNames.Of(tensor.Name, CarriedName(slot)), CheckpointPart.OfTensor, i, slot,
                            isDouble: true, [count], count));
                }
            }
        }

        for (int i = 0; i < groups.Length; i++)
        {
            for (int slot = 0; slot < schema.CarriedCount; slot++)
            {
                if (schema.CarriedKinds[slot] == ValueKind.Group)
                {
                    tensors.Add(
                        new CheckpointTensor(TensorNames.OfGroup(groups[i].Name, CarriedName(slot)), CheckpointPart.OfGroup, i, slot,
                            isDouble: true, [], 1));
                }
            }
        }

        return [.. tensors];
    }

    /// <summary>
    /// The name of a carried value. The values after the states are the factors of corrections, which have only a number.
    /// </summary>
    private static string CarriedName(int slot)
    {
        int state = TRule.Schema.BufferCount + slot;
        return state < TRule.Schema.States.Length ? TRule.Schema.States[state].Name
            : string.Create(CultureInfo.InvariantCulture, $"correction.{state - TRule.Schema.States.Length}");
    }

    private CheckpointMetadata Metadata()
    {
        RuleSchema schema = TRule.Schema;
        StepProgress progress = engine.Progress;
        var metadata = new CheckpointMetadata();
        void Count<TNumber>(string name, TNumber value)
            where TNumber : struct, IFormattable
            => metadata.Add(name, value.ToString(null, CultureInfo.InvariantCulture), MetadataUse.Take);

        metadata.Add(CheckpointMetadata.FormatKey, CheckpointMetadata.Format, MetadataUse.Ignore);
        metadata.Add(CheckpointMetadata.VersionKey, CheckpointMetadata.Version, MetadataUse.Ignore);
        metadata.Add("rule", schema.Name, MetadataUse.Compare, "the rule");
        metadata.Add("element", typeof(T) == typeof(double) ? "F64" : "F32", MetadataUse.Compare, "the element");
        metadata.Add("arithmetic", schema.Arithmetic.ToString(), MetadataUse.Compare, "the arithmetic");
        metadata.Add("states", StatesText(schema), MetadataUse.Compare, "the states");
        metadata.Add("read_at", schema.ReadAt ?? "", MetadataUse.Compare, "the point to read at");
        Count(StepKey, progress.Steps);
        Count(AttemptsKey, engine.Seed.Attempts);
        Count(SeedKey, engine.Seed.Seed);
        Count(RefusedKey, progress.Refused);
        Count(RefusedInARowKey, progress.RefusedInARow);
        Count(EvaluationsKey, progress.Evaluations);
        metadata.Add(LossKey, CheckpointMetadata.Text(engine.Loss), MetadataUse.Take);
        AddRule(metadata, engine.Rule, RuleKey(null), MetadataUse.Take);
        foreach (OptimizerGroup<T, TRule> group in groups)
        {
            AddRule(metadata, group.Own, RuleKey(group), MetadataUse.TakeIfAny);
        }

        // Draws are keyed by places, and sums over several tensors take them in this order.
        bool byPlace = schema.Inputs.Any(input => input.Source is InputSource.Gaussian or InputSource.Uniform or InputSource.Rademacher)
            || schema.Reductions.Any(reduction => reduction.Scope is Scope.Group or Scope.Global);
        foreach (TensorUnit<T, TRule> unit in units)
        {
            string name = TensorNames.Escape(unit.Tensor.Name);
            metadata.Add("group/" + name, TensorNames.Escape(unit.Tensor.Group), MetadataUse.Compare,
                $"tensor '{unit.Tensor.Name}' in group", isOfTensor: true);
            metadata.Add("place/" + name, engine.Seed.PlaceOf(unit.Tensor.Offset).ToString(CultureInfo.InvariantCulture),
                byPlace ? MetadataUse.Compare : MetadataUse.Ignore, $"tensor '{unit.Tensor.Name}' at place", isOfTensor: true);
        }

        return metadata;
    }

    private static string StatesText(RuleSchema schema)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartArray();
            foreach (StateSchema state in schema.States)
            {
                json.WriteStartObject();
                json.WriteString("name", state.Name);
                json.WriteString("role", state.Role.ToString());
                json.WriteString("kind", state.Kind.ToString());
                if (state.SavedAs is { } name)
                {
                    json.WriteString("saved_as", name);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static string RuleKey(OptimizerGroup<T, TRule>? group) => group is null ? "rule/"
        : $"groups/{TensorNames.Escape(group.Name)}/rule/";

    /// <summary>Adds the values of a rule. For a group without its own rule, adds only the keys.</summary>
    private static void AddRule(CheckpointMetadata metadata, TRule? rule, string key, MetadataUse use)
    {
        var values = new double[TRule.Schema.Values.Length];
        rule?.GetValues(values);
        for (int i = 0; i < values.Length; i++)
        {
            if (rule is not null || use == MetadataUse.TakeIfAny)
            {
                metadata.Add(key + TRule.Schema.Values[i].Name, rule is null ? "" : CheckpointMetadata.Text(values[i]), use);
            }
        }
    }

    /// <summary>Creates a rule with the values in the file; null if the file has none.</summary>
    private static TRule? ReadRule(TRule rule, CheckpointMetadata metadata, string file, string key)
    {
        var schema = TRule.Schema.Values;
        if (schema.IsEmpty)
        {
            return key == RuleKey(null) ? rule : null;
        }

        if (schema.All(value => metadata.Found(key + value.Name) is null))
        {
            return null;
        }

        double[] wanted = [.. schema.Select(value => metadata.Double(file, key + value.Name))], set = new double[schema.Length];
        var changed = (TRule)rule.WithValues(wanted);
        changed.GetValues(set);
        for (int i = 0; i < set.Length; i++)
        {
            if (BitConverter.DoubleToInt64Bits(set[i]) != BitConverter.DoubleToInt64Bits(wanted[i])
                && !(double.IsNaN(set[i]) && double.IsNaN(wanted[i])))
            {
                throw new CheckpointException(file, null,
                    $"holds a rule whose {schema[i].Name} is {CheckpointMetadata.Text(wanted[i])}, but here it is {CheckpointMetadata.Text(set[i])} and cannot be changed", $"declare {schema[i].Name} with {{ get; init; }}, or bind a rule that has this value");
            }
        }

        try
        {
            changed.Validate();
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new CheckpointException(file, null,
                $"holds a rule whose values are refused ({exception.Message.ReplaceLineEndings(" ").TrimEnd('.')})",
                    "it was saved by another version of the rule: load it into that one", exception);
        }

        return changed;
    }

    private ReadOnlySpan<byte> BytesOf(CheckpointTensor tensor, int start, int count) => tensor.Part switch
    {
        CheckpointPart.Parameters => MemoryMarshal.AsBytes(units[tensor.Owner].Tensor.ReadOnlyValues.Slice(start, count)),
        CheckpointPart.State => MemoryMarshal.AsBytes(StateOf(tensor).Slice(start, count)),
        _ => MemoryMarshal.AsBytes(CarriedOf(tensor).Slice(start, count)),
    };

    private Span<T> StateOf(CheckpointTensor tensor) => engine.State.Buffer(tensor.Slot).Slice(units[tensor.Owner].Place, tensor.Count);

    private Span<double> CarriedOf(CheckpointTensor tensor) => tensor.Part == CheckpointPart.OfTensor
        ? units[tensor.Owner].Frame.AllCarried[tensor.Slot]
        : groups[tensor.Owner].Frame.Carried.Slice(tensor.Slot, 1);

    /// <summary>Puts the values that were read where they belong. It does not throw.</summary>
    internal void TakeOver(CheckpointTensor[] tensors)
    {
        foreach (CheckpointTensor tensor in tensors)
        {
            switch (tensor.Part)
            {
                case CheckpointPart.Parameters:
                    Copy(tensor.Values!, units[tensor.Owner].Tensor.Values);
                    break;
                case CheckpointPart.State:
                    Copy(tensor.Values!, StateOf(tensor));
                    break;
                case CheckpointPart.OfTensor or CheckpointPart.OfGroup:
                    ((double[])tensor.Values!).CopyTo(CarriedOf(tensor));
                    break;
            }
        }
    }

    /// <summary>Copies numbers of the same element type as they are. Numbers of the other type are rounded once, or widened.</summary>
    private static void Copy(Array values, Span<T> destination)
    {
        switch (values)
        {
            case T[] same:
                same.CopyTo(destination);
                break;
            case double[] wide:
                TensorPrimitives.ConvertTruncating(wide, destination);
                break;
            case float[] narrow:
                TensorPrimitives.ConvertTruncating(narrow, destination);
                break;
        }
    }
}
