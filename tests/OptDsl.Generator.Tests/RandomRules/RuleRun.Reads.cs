using OptDsl.Generator.Model;

namespace OptDsl.Generator.Tests.RandomRules;

/// <content>What is read after a step, and the direction of the step to come.</content>
internal sealed unsafe partial class RuleRun<T, TRule>
{
    /// <summary>
    /// The direction of the step to come; empty where nothing is to be compared, null where it throws, and then it must have written
    /// nothing.
    /// </summary>
    private T[]? Direction(Optimizer<T, TRule> optimizer, Pair run)
    {
        // No loss is known before the step.
        if (!run.Plan.Watches || TRule.Schema.SearchDirection is null || TRule.Schema.ReadsLoss)
        {
            return [];
        }

        T[] direction = NewTarget(run);
        Content content = ContentOf(optimizer);
        Exception? thrown = Thrown(() => optimizer.ComputeSearchDirection(direction));

        // A reduction that is no number may be found when other tensors' directions are written, and then says so.
        bool mayWrite = thrown is NonFiniteException
            && thrown.Message.Contains("elements of the destination were", StringComparison.Ordinal);
        string? written = thrown is null ? null
            : !mayWrite
            && Array.Exists(direction, value => value != Untouched) ? "the direction" : content.Difference(ContentOf(optimizer));
        run.Wrong ??= written is null ? null : $"though the search direction threw {thrown}, it wrote {written}";
        return thrown is null ? direction : thrown is NonFiniteException ? [] : null;
    }

    private static string? Direction(Pair run, T[]? actual, T[]? expected)
    {
        if (run.Interpreter is not null)
        {
            expected = run.Interpreter.Direction;
        }

        return actual is { Length: 0 } || expected is { Length: 0 } ? null
            : actual is null != expected is null
            ? $"the search direction {(actual is null ? "threw" : "did not throw")}, unlike the one beside it ({run.Plan.Beside})"
            : Difference("the search direction", run.Plan, actual ?? [], expected ?? []);
    }

    private string? Read(Pair run, TRule[] with, bool isChanged)
    {
        T[] actual = NewTarget(run);
        Exception? thrown = Thrown(() => run.Kernel.Read(actual));
        if (thrown is not null && Array.Exists(actual, value => value != Untouched))
        {
            return $"though the read threw {thrown}, it wrote a model";
        }

        T[]? expected = NewTarget(run);
        if (run.Interpreter is { } interpreter)
        {
            expected = interpreter.ReadAnew([.. with]);
        }
        else if (Thrown(() => run.Other.Read(expected)) is not null)
        {
            expected = null;
        }

        return thrown is null != expected is not null
            ? $"the read threw {thrown?.ToString() ?? "nothing"}, unlike the one beside it ({run.Plan.Beside})"
            : expected is null ? null
            : Difference("the model to read", run.Plan, actual, expected)
                ?? (!isChanged && !StoresRounded && !ReadsContracted && run.Interpreter?.Read is { } model
                    ? Difference("the model of the step", run.Plan, actual, model) : null);
    }

    /// <summary>
    /// Whether a buffer holds a uniform value in a narrower element than the step computed it in: a read has what is stored.
    /// </summary>
    private bool StoresRounded => typeof(T) == typeof(float) && spec.Element == ScalarType.Float64 && spec.Members
        .Any(member => member.PerElement && (member.Slot >= 0 || member.Role == MemberRole.Update)
            && !spec.Nodes[member.Slot >= 0 ? member.Stored : member.Value].PerElement);

    /// <summary>
    /// Whether the step's model may have one rounding where the read has two: a fused rule contracts an update that is a product with what
    /// it is added to, and a read has the update as it is stored.
    /// </summary>
    private bool ReadsContracted => spec.Fused && spec.Buffers.All(buffer => buffer.Role != MemoryRole.ReadAt);

    private static T[] NewTarget(Pair run) => [.. Enumerable.Repeat(Untouched, run.Plan.Length)];
}
