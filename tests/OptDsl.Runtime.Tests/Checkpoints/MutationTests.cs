using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace OptDsl.Runtime.Tests.Checkpoints;

/// <summary>
/// Files that somebody changed: Load gives back the bits that were saved, or says what is wrong and changes nothing; and it allocates no
/// more than the file is long. <c>OPTDSL_CHECKPOINT_FILES</c> says how many files, <c>OPTDSL_CHECKPOINT_SEED</c> which.
/// </summary>
public sealed class MutationTests : IDisposable
{
    private const int Files = 20_000, MostChoices = 30;

    // What is made for the optimizer's own tensors and metadata, for a message, and by the runtime for its first exception.
    private const long Besides = 96 * 1024;

    private readonly byte[] good, before;
    private readonly SingleSample sample = new SingleSample(seed: 3).Step(1);
    private int refused, loaded;
    private long most;

    public MutationTests()
    {
        using SingleSample saved = new SingleSample().Step(2);
        good = saved.Bytes;
        before = sample.Bytes;
    }

    public void Dispose() => sample.Dispose();

    [Fact]
    public void No_changed_file_does_harm()
    {
        int count = Setting("OPTDSL_CHECKPOINT_FILES", Files), seed = Setting("OPTDSL_CHECKPOINT_SEED", 1);
        Arbitrary<int[]> choices = Arb.From(Gen.Choose(0, int.MaxValue).ArrayOf(MostChoices), Shrink);
        Config config = Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay((ulong)seed, 1);
        Prop.ForAll(choices, Check).Check(config);

        // The mutator would be of no use if everything were refused for the same reason, or nothing at all.
        TestContext.Current.TestOutputHelper!.WriteLine($"{refused} refused, {loaded} loaded; {most} bytes at most beside the file's");
        Assert.True(refused > count / 2, $"{refused} of {count} were refused.");
        Assert.True(count < Files || loaded > 0, "None was loaded.");
    }

    /// <summary>
    /// A file that another program wrote says nothing of hashes: what is taken over must be a file's whole content, or nothing.
    /// </summary>
    [Fact]
    public void No_changed_file_of_another_program_does_harm()
    {
        int count = Setting("OPTDSL_CHECKPOINT_FILES", Files) / 4, seed = Setting("OPTDSL_CHECKPOINT_SEED", 1);
        using Sample<float, Twin> other = new Sample<float, Twin>().Step(2);
        byte[] foreign = CheckpointBytes.WithHeader(other.Bytes, text => Foreign(text)), state = other.Bytes;
        other.Optimizer.Import(new MemoryStream(foreign), "memory", step: 2);
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue).ArrayOf(MostChoices), Shrink), choices =>
        {
            MutatedFile file = new FileMutator(foreign, choices).Mutate();
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                other.Optimizer.Import(new MemoryStream(file.Bytes), "memory", step: 2);
                allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
                other.Load(state);
                loaded++;
            }
            catch (CheckpointException)
            {
                allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
                refused++;
                Assert.True(other.Bytes.AsSpan().SequenceEqual(state), $"{file.Story}: something was changed");
            }

            Assert.True(allocated <= file.Bytes.Length + Besides, $"{file.Story}: {allocated} bytes were allocated");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay((ulong)seed, 1));
        Assert.True(refused > count / 4 && loaded > 0, $"{refused} refused, {loaded} loaded");
    }

    private static string Foreign(string text)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(text)!.AsObject();
        json.Remove("__metadata__");
        return json.ToJsonString().Replace("/momentum_buffer", ".momentum_buffer", StringComparison.Ordinal);
    }

    private void Check(int[] choices)
    {
        MutatedFile file = new FileMutator(good, choices).Mutate();
        using var stream = new MemoryStream(file.Bytes, writable: false);
        bool isSame = file.Bytes.AsSpan().SequenceEqual(good);
        string? problem = null;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            sample.Optimizer.Load(stream, "memory");
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            loaded++;
            problem = !file.IsRehashed && !sample.Bytes.AsSpan().SequenceEqual(good) ? "other bits were loaded than were saved" : null;
            sample.Load(before);
        }
        catch (CheckpointException)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            refused++;
            problem = isSame ? "the file that was not changed is refused"
                : !sample.Bytes.AsSpan().SequenceEqual(before) ? "it was refused and something was changed" : null;
        }
        catch (Exception exception)
        {
            problem = exception.ToString();
        }

        most = Math.Max(most, allocated - file.Bytes.Length);
        problem ??= allocated > file.Bytes.Length + Besides ? $"{allocated} bytes were allocated" : null;
        Assert.True(problem is null, $"{file.Story} {(file.IsRehashed ? "rehashed, " : "")}{file.Bytes.Length} bytes: {problem}");
    }

    /// <summary>Fewer choices, and smaller ones.</summary>
    private static IEnumerable<int[]> Shrink(int[] choices)
    {
        for (int length = choices.Length / 2; length < choices.Length; length += Math.Max(1, (choices.Length - length) / 2))
        {
            yield return choices[..length];
        }

        for (int i = 0; i < choices.Length; i++)
        {
            if (choices[i] > 0)
            {
                yield return [.. choices[..i], 0, .. choices[(i + 1)..]];
            }
        }
    }

    private static int Setting(string name, int otherwise)
        => Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
