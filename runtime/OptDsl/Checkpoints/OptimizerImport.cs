using System.Numerics;
using OptDsl.Engine;

namespace OptDsl.Checkpoints;

/// <summary>Imports files that other programs wrote.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
/// <param name="engine">The optimizer's engine.</param>
internal sealed class OptimizerImport<T, TRule>(StepEngine<T, TRule> engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    // This many take some seconds. A float, in which PyTorch writes the number of steps, cannot count so many.
    private const int MostCarried = 1 << 25;

    private readonly TensorUnit<T, TRule>[] units = engine.Layout.Units;
    private readonly OptimizerGroup<T, TRule>[] groups = engine.Layout.Groups;

    /// <summary>Imports the content of a file.</summary>
    /// <param name="stream">The content.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="step">The number of steps made so far, if the file does not tell.</param>
    /// <returns>The names of the tensors that were not read.</returns>
    internal IReadOnlyList<string> Import(Stream stream, string file, int? step)
    {
        engine.Enter();
        try
        {
            return ImportAlone(stream, file, step);
        }
        finally
        {
            engine.Leave();
        }
    }

    private IReadOnlyList<string> ImportAlone(Stream stream, string file, int? step)
    {
        if (step is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(given, nameof(step));
        }

        // An optimizer that starts anew needs no states, even if the file has some.
        bool anew = step == 0;
        CheckpointTensor[] tensors = ForeignTensors(file, anew);
        var reader = new CheckpointReader(file, tensors, metadata: null) { Elsewhere = NamesElsewhere(), ReadsParametersOnly = anew };
        reader.Read(stream);
        int steps = StepsOf(tensors, file, step);
        RequireStates(tensors, file, steps);
        CarryAgain(steps, file, given: step is not null);
        if (steps == 0)
        {
            engine.ClearStates();
        }

        new OptimizerCheckpoint<T, TRule>(engine).TakeOver([.. tensors.Where(tensor => tensor.Values is not null)]);
        StepProgress progress = engine.Progress;
        engine.Seed.Attempts = (ulong)steps;
        (progress.Steps, progress.Refused, progress.Evaluations, progress.RefusedInARow) = (steps, 0, 0, 0);
        return reader.NotRead;
    }

    /// <summary>The names of the buffer's tensors that other optimizers step.</summary>
    private HashSet<string>? NamesElsewhere() => engine.Buffer.Tensors.Count == units.Length ? null
        : engine.Buffer.Tensors.Where(tensor => !engine.State.Has(tensor)).Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>Requires states of every tensor, if a step was made.</summary>
    private static void RequireStates(CheckpointTensor[] tensors, string file, int steps)
    {
        if (steps > 0 && tensors.FirstOrDefault(tensor => tensor.Part == CheckpointPart.State && tensor.Values is null) is { } missing)
        {
            throw new CheckpointException(
                file, missing.Name, "is missing",
                $"import it into an optimizer of the rule that wrote it and made {steps} steps; a tensor that was never stepped there, into an optimizer of its own, bound with Optimize(rule, tensors), with the argument step: 0");
        }
    }

    private CheckpointTensor[] ForeignTensors(string file, bool anew)
    {
        RuleSchema schema = TRule.Schema;
        StateSchema? unnamed = schema.States.FirstOrDefault(state => state.Kind == StateKind.PerParameter ? state.SavedAs is null
            : state.Kind != StateKind.Uniform);
        if (unnamed is not null && !anew)
        {
            throw new InvalidOperationException(
                $"{schema.Name}'s state '{unnamed.Name}' has no name in other programs' files. If another program keeps the same numbers, set SavedAs to its name for them, which per-parameter states can have. To begin anew from the parameters, give Import step: 0.");
        }

        if (schema.CarriedCount > 0 && !StepEngine<T, TRule>.DependsOnStepAlone && !anew)
        {
            throw new InvalidOperationException(
                $"{schema.Name} carries values from step to step that depend on more than the step, and no other program's file has them. To begin anew from the parameters, give Import step: 0.");
        }

        bool isDouble = typeof(T) == typeof(double);
        var tensors = new Dictionary<string, CheckpointTensor>(StringComparer.Ordinal);
        void Add(string name, CheckpointPart part, int owner, int slot, bool inDouble, nint[] shape, int count)
        {
            if (!tensors.TryAdd(name, new CheckpointTensor(name, part, owner, slot, inDouble, shape, count)))
            {
                throw new CheckpointException(file, name, "would be a parameter and also a state of another parameter",
                    "rename the buffer's tensors, so that no name is another name followed by the name of a state");
            }
        }

        for (int i = 0; i < units.Length; i++)
        {
            ParameterTensor<T> tensor = units[i].Tensor;
            nint[] shape = tensor.Shape.ToArray();
            Add(tensor.Name, CheckpointPart.Parameters, i, 0, isDouble, shape, tensor.Length);
            if (anew)
            {
                continue;
            }

            for (int state = 0; state < schema.BufferCount; state++)
            {
                Add($"{tensor.Name}.{schema.States[state].SavedAs}", CheckpointPart.State, i, state, isDouble, shape, tensor.Length);
            }

            Add(tensor.Name + ".step", CheckpointPart.Step, i, 0, inDouble: true, [], 1);
        }

        return [.. tensors.Values];
    }

    /// <summary>The number of steps made, which must be the same for all tensors.</summary>
    private static int StepsOf(CheckpointTensor[] tensors, string file, int? given)
    {
        int? steps = null;
        foreach (CheckpointTensor tensor in tensors.Where(tensor => tensor.Part == CheckpointPart.Step && tensor.Values is not null))
        {
            double value = Convert.ToDouble(tensor.Values!.GetValue(0), System.Globalization.CultureInfo.InvariantCulture);
            if (!(value >= 0 && value <= int.MaxValue && value == Math.Floor(value)))
            {
                throw new CheckpointException(file, tensor.Name, $"is {CheckpointMetadata.Text(value)}, which is not a number of steps",
                    "write the number of steps made, from 0");
            }

            if ((steps ?? given) is { } other && other != (int)value)
            {
                throw new CheckpointException(file, tensor.Name,
                    $"is {CheckpointMetadata.Text(value)}, but {(steps is null ? "the argument step is" : "another tensor has")} {other}",
                        steps is null ? "leave the argument step out, or give that number"
                            : "an optimizer here steps all its tensors together: for each number of steps bind an optimizer to its tensors, with Optimize(rule, tensors), and import the file into each");
            }

            steps = (int)value;
        }

        bool hasStates = tensors.Any(tensor => tensor.Part == CheckpointPart.State && tensor.Values is not null);
        return steps ?? given ?? throw new CheckpointException(
            file, tensors.FirstOrDefault(tensor => tensor.Part == CheckpointPart.Step)?.Name, "is missing",
            $"give Import the number of steps made as the argument step{(hasStates ? "" : "; 0 begins anew from the parameters")}");
    }

    /// <summary>Computes the values that depend only on the step as after that many steps. If that fails, it restores them.</summary>
    private void CarryAgain(int steps, string file, bool given)
    {
        if (TRule.Schema.CarriedCount == 0)
        {
            return;
        }

        if ((long)steps * groups.Length > MostCarried)
        {
            string what =
                $"{TRule.Schema.Name} computes the values that it keeps per group again with that many steps, but at most {MostCarried / groups.Length} steps are allowed";
            throw given ? new ArgumentOutOfRangeException("step", steps, $"{what}. Give 0 to begin anew from the parameters.")
                : new CheckpointException(file, null, $"says that {steps} steps were made, and {what}",
                    "to begin anew from its parameters, give Import step: 0");
        }

        double[][] before = [.. groups.Select(group => group.Frame.Carried.ToArray())];
        try
        {
            for (int step = 1; step <= steps; step++)
            {
                foreach (OptimizerGroup<T, TRule> group in groups)
                {
                    group.Prepare(step);
                    group.Frame.Commit(group.Frame.Loss);
                }
            }
        }
        catch (ArgumentException)
        {
            for (int i = 0; i < before.Length; i++)
            {
                groups[i].Frame.Restore(before[i]);
            }

            throw;
        }
    }
}
