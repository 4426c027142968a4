using OptDsl.Checkpoints;
using Xunit;

namespace OptDsl.Runtime.Tests.Checkpoints;

/// <summary>What a directory holds while a file is saved, and after a save that failed.</summary>
public sealed class SavingTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("optdsl-saving-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(directory.FullName, "model.safetensors");

    private string[] Files => [.. directory.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void The_last_two_are_kept_and_nothing_else()
    {
        using var sample = new SingleSample();
        var saved = new List<byte[]>();
        for (int i = 0; i < 4; i++)
        {
            saved.Add(sample.Step(1).Bytes);
            sample.Optimizer.Save(Target, Token);
            Assert.Equal(saved[^1], File.ReadAllBytes(Target));
            if (i > 0)
            {
                Assert.Equal(saved[^2], File.ReadAllBytes(Target + ".previous"));
            }
        }

        Assert.Equal(["model.safetensors", "model.safetensors.previous"], Files);
    }

    /// <summary>What lies in the directory after each byte and each step is what a process ended there leaves.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void At_every_byte_and_every_step_there_is_a_whole_file(int saves)
    {
        using var sample = new SingleSample();
        byte[]? older = null, old = null;
        for (int i = 0; i < saves; i++)
        {
            sample.Step(1).Optimizer.Save(Target, Token);
            (older, old) = (old, sample.Bytes);
        }

        byte[] current = sample.Step(1).Bytes;
        long bytes = 0;
        var steps = new List<SaveStep>();

        void RequireWhole(bool isRenamed, bool isKept)
        {
            byte[]? there = File.Exists(Target) ? File.ReadAllBytes(Target)
                : null, previous = File.Exists(Target + ".previous") ? File.ReadAllBytes(Target + ".previous") : null;
            Assert.Equal(isRenamed ? current : old, there);
            Assert.Equal(isKept ? old : older, previous);
        }

        sample.Optimizer.Save(
            Target,
            new SaveWatch(
                written =>
                {
                    Assert.Equal(++bytes, written);
                    RequireWhole(isRenamed: false, isKept: false);
                },
                step =>
                {
                    steps.Add(step);
                    RequireWhole(step >= SaveStep.Renamed, step >= SaveStep.PreviousKept);
                }),
            Token);
        Assert.Equal(current.Length, bytes);
        Assert.Equal(saves == 0 ? [SaveStep.Written, SaveStep.Flushed, SaveStep.Renamed, SaveStep.DirectorySynced]
            : Enum.GetValues<SaveStep>(), steps);
        Assert.Equal(saves == 0 ? ["model.safetensors"] : ["model.safetensors", "model.safetensors.previous"], Files);
    }

    [Fact]
    public void A_save_that_fails_or_is_cancelled_leaves_what_was_there()
    {
        using var sample = new SingleSample();
        sample.Optimizer.Save(Target, Token);
        byte[] before = File.ReadAllBytes(Target);
        sample.Step(1);
        Assert.Throws<IOException>(() =>
            sample.Optimizer.Save(Target, new SaveWatch(written => _ = written == 500 ? throw new IOException("full") : 0, _ => { }),
                Token));
        using var cancelled = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            sample.Optimizer.Save(Target, new SaveWatch(_ => { }, step => CancelAt(SaveStep.Flushed, step, cancelled)), cancelled.Token));
        Assert.Throws<OperationCanceledException>(() => sample.Optimizer.Save(Target, cancelled.Token));
        Assert.Equal(before, File.ReadAllBytes(Target));
        Assert.Equal(["model.safetensors"], Files);
    }

    [Fact]
    public void What_an_ended_process_left_is_cleaned_up_and_what_is_open_is_not()
    {
        using var sample = new SingleSample();
        string left = $"{Target}.{new string('a', 32)}.partial", link = $"{Target}.{new string('b', 32)}.link",
            open = $"{Target}.{new string('c', 32)}.partial";
        string[] strangers = [Target + ".partial", $"{Target}.{new string('x', 32)}.partial",
            Target + "2." + new string('a', 32) + ".partial", Target + ".previous"];
        foreach (string file in (string[])[left, link, .. strangers])
        {
            File.WriteAllText(file, "");
        }

        using (new FileStream(open, FileMode.CreateNew, FileAccess.Write, FileShare.Delete))
        {
            sample.Optimizer.Save(Target, Token);
            Assert.Equal([.. strangers.Append(open).Append(Target).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)],
                Files);
        }

        sample.Optimizer.Save(Target, Token);
        Assert.DoesNotContain(Path.GetFileName(open), Files);
    }

    /// <summary>
    /// After a process was ended between its two renames, both names are one file's: a rename of one over the other does nothing.
    /// </summary>
    [Fact]
    public void Two_names_of_one_file_are_no_obstacle()
    {
        using var sample = new SingleSample();
        sample.Optimizer.Save(Target, Token);
        byte[] first = sample.Bytes;
        Assert.Throws<IOException>(() =>
            sample.Step(1).Optimizer.Save(Target,
                new SaveWatch(_ => { }, step => _ = step == SaveStep.PreviousKept ? throw new IOException("ended") : 0), Token));
        Assert.Equal(first, File.ReadAllBytes(Target + ".previous"));
        sample.Optimizer.Save(Target, Token);
        Assert.Equal(first, File.ReadAllBytes(Target + ".previous"));
        Assert.Equal(sample.Bytes, File.ReadAllBytes(Target));
        Assert.Equal(["model.safetensors", "model.safetensors.previous"], Files);
    }

    private static void CancelAt(SaveStep wanted, SaveStep step, CancellationTokenSource source)
    {
        if (step == wanted)
        {
            source.Cancel();
        }
    }
}
