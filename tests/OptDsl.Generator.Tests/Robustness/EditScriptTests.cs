using Xunit;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>However a project came about, what is emitted for it is the same.</summary>
public class EditScriptTests
{
    private const int Scripts = 1000, LongestScript = 6;

    private static readonly EditKind[] Kinds = Enum.GetValues<EditKind>();

    private static readonly IncrementalRun Start = First();

    [Fact]
    public void After_a_thousand_edit_scripts_the_result_is_that_of_a_run_from_scratch()
    {
        for (int seed = 0; seed < Scripts; seed++)
        {
            Edit[] script = Script(seed);
            if (Play(script) is { } failure)
            {
                (Edit[] shortest, failure) = Shrink(script, failure);
                Assert.Fail($"Script {seed}, shrunk to {string.Join(", ", shortest)}:\n{failure}");
            }
        }
    }

    /// <summary>A file copied onto another and an attribute taken away and put back: what once ended the generator.</summary>
    [Fact]
    public void A_copied_file_and_its_undoing_leave_no_trace()
        => Assert.Null(Play([new(EditKind.CopyFile, 0), new(EditKind.ToggleAttribute, 0), new(EditKind.Undo, 0), new(EditKind.Undo, 0)]));

    private static IncrementalRun First()
    {
        var run = new IncrementalRun();
        run.Follow(new EditedFiles().Files);
        return run;
    }

    private static Edit[] Script(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, random.Next(2, LongestScript + 1))
            .Select(_ => new Edit(Kinds[random.Next(Kinds.Length)], random.Next(1 << 20)))];
    }

    /// <summary>
    /// Follows the script, compares at its end and after about a quarter of its steps, and describes the first difference.
    /// </summary>
    private static string? Play(Edit[] script)
    {
        var files = new EditedFiles();
        var run = new IncrementalRun(Start);
        for (int i = 0; i < script.Length; i++)
        {
            files.Apply(script[i]);
            run.Follow(files.Files);
            bool last = i == script.Length - 1;
            string? difference = (last || script[i].Choice % 4 == 0 ? run.Difference() : null)
                ?? (last ? run.DifferenceWithoutDriver() : null);
            if (difference is not null)
            {
                return difference;
            }
        }

        return null;
    }

    /// <summary>Drops edits as long as what is left still fails.</summary>
    private static (Edit[] Script, string Failure) Shrink(Edit[] script, string failure)
    {
        for (int i = 0; i < script.Length;)
        {
            Edit[] shorter = [.. script[..i], .. script[(i + 1)..]];
            if (Play(shorter) is { } stillFails)
            {
                (script, failure, i) = (shorter, stillFails, 0);
            }
            else
            {
                i++;
            }
        }

        return (script, failure);
    }
}
