using OptDsl.Generator.Tests.RandomRules;
using OptDsl.Generator.Tests.Symbols;
using Xunit;

namespace OptDsl.Generator.Tests.Throwing;

/// <summary>
/// What can throw throws where the author's code does, and then nothing has been written: every operation that can, in values of
/// every kind, for every reader, by one thread and by two. A helper that throws ends the process, and with it this test.
/// </summary>
public class ThrowingTests
{
    // Each kind and each reader meet every operation; each pair of them meets one, and with OPTDSL_THROWING=all every one.
    private static readonly bool All = Environment.GetEnvironmentVariable("OPTDSL_THROWING") == "all";

    public static TheoryData<string> Readers => [.. ThrowingRules.Readers.Select(reader => reader.Name)];

    [Theory]
    [MemberData(nameof(Readers))]
    public void What_throws_throws_before_anything_is_written(string name)
    {
        int reader = Array.FindIndex(ThrowingRules.Readers, other => other.Name == name);
        List<(int Operation, int Kind)> cases = [];
        for (int kind = 0; kind < ThrowingRules.Kinds.Length; kind++)
        {
            int count = ThrowingRules.Operations.Length, first = (kind + (3 * reader)) % count;
            cases.AddRange(Enumerable.Range(first, All ? count : 1).Select(operation => (operation % count, kind)));
        }

        using var rules = new LoadedRules([.. cases.Select(entry => ThrowingRules.Text(entry.Operation, entry.Kind, reader))]);
        foreach (int threads in (ReadOnlySpan<int>)[1, 2])
        {
            // One thread's failures are reported before a helper of two could end the process.
            string[] wrong = [.. cases.Select(entry => Wrong(rules, entry.Operation, entry.Kind, reader, threads)).OfType<string>()];
            Assert.True(wrong.Length == 0, string.Join("\n", wrong));
        }
    }

    /// <summary>
    /// Under a condition per parameter stands what only a uniform condition keeps from throwing. Its value is computed before the pass, and
    /// there, too, only where that condition holds: in the first step it does not.
    /// </summary>
    [Theory]
    [InlineData("step > 1 ? 7 / (step - 1) : 2")]
    [InlineData("step == 1 ? 2 : step % (step - 1)")]
    public void What_a_uniform_condition_keeps_from_throwing_is_computed_under_it(string value)
        => SteppedRule.Requires("new R()", "g > 1.5 ? 1 - 2 * g : 1 - g",
            $"[Optimizer] public sealed partial record R {{ [Update] static double Update(double parameter, double gradient, int step) => gradient > 1.5 ? parameter - ({value}) * gradient : parameter - gradient; }}");

    private static string? Wrong(LoadedRules rules, int operation, int kind, int reader, int threads)
    {
        string rule = ThrowingRules.Name(operation, kind, reader);
        ThrowingRun run = ThrowingRun.Of(rules[rule]);
        foreach (int bad in (ReadOnlySpan<int>)[2, 1])
        {
            // Threads change nothing about which step is the first.
            if (threads > 1 && bad != (ThrowingRules.Readers[reader].Reader == Reader.Initial ? 1 : 2))
            {
                continue;
            }

            if (run.Run(ThrowingRules.Readers[reader].Reader, bad, ThrowingRules.Kinds[kind].Throws, threads) is { } found)
            {
                return $"{rule}, bad in step {bad}, {found}";
            }
        }

        return null;
    }
}
