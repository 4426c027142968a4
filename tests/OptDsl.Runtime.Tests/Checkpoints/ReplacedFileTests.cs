using System.Collections.Concurrent;
using OptDsl.Checkpoints;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Checkpoints;

/// <summary>What a save leaves of the file it replaces, what it asks of the disk, and several that save at once.</summary>
public sealed class ReplacedFileTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("optdsl-replaced-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(directory.FullName, "model.safetensors");

    private string[] Files
        => [.. directory.EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(directory.FullName, file.FullName)).Order(StringComparer.Ordinal)];

    public void Dispose() => directory.Delete(recursive: true);

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.UserRead)]
    public void The_new_file_has_the_permissions_of_the_old_one_and_never_more(UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var sample = new SingleSample();
        sample.Optimizer.Save(Target, Token);
        File.SetUnixFileMode(Target, mode);
        var seen = new List<UnixFileMode>();
        for (int i = 0; i < 2; i++)
        {
            sample.Step(1).Optimizer.Save(Target, new SaveWatch(_ => { }, step => Note(SaveStep.Written, step, seen)), Token);
            Assert.Equal(mode, File.GetUnixFileMode(Target));
            Assert.Equal(sample.Bytes, File.ReadAllBytes(Target));
        }

        Assert.All(seen, each => Assert.Equal(default, each & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)));
        Assert.Equal(2, seen.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_symbolic_link_stays_and_what_it_leads_to_is_replaced(bool exists)
    {
        string real = Path.Combine(directory.CreateSubdirectory("runs").FullName, "1.safetensors"),
            between = Path.Combine(directory.FullName, "between");
        using var sample = new SingleSample();
        if (exists)
        {
            sample.Optimizer.Save(real, Token);
        }

        byte[] before = sample.Bytes;
        File.CreateSymbolicLink(between, Path.Combine("runs", "1.safetensors"));
        File.CreateSymbolicLink(Target, between);
        sample.Step(1).Optimizer.Save(Target, Token);
        Assert.Equal(between, new FileInfo(Target).LinkTarget);
        Assert.Equal(sample.Bytes, File.ReadAllBytes(real));
        Assert.Equal(sample.Bytes, File.ReadAllBytes(Target));
        Assert.Equal(exists ? before : null, File.Exists(real + ".previous") ? File.ReadAllBytes(real + ".previous") : null);
        Assert.DoesNotContain(Files,
            file => file.EndsWith(".partial", StringComparison.Ordinal) || file.EndsWith(".link", StringComparison.Ordinal));
        sample.Optimizer.Load(Target);
    }

    [Fact]
    public void Links_in_a_circle_are_refused()
    {
        string other = Path.Combine(directory.FullName, "other");
        File.CreateSymbolicLink(other, Target);
        File.CreateSymbolicLink(Target, other);
        using var sample = new SingleSample();
        Assert.ThrowsAny<IOException>(() => sample.Optimizer.Save(Target, Token));
        Assert.Equal(other, new FileInfo(Target).LinkTarget);
    }

    /// <summary>Save, load and import say what is wrong with a path, by its name, and change nothing.</summary>
    [Fact]
    public void Paths_that_are_no_files_are_refused_by_name()
    {
        using var sample = new SingleSample();
        string inside = directory.CreateSubdirectory("inside").FullName, none = Path.Combine(directory.FullName, "none"),
            empty = Path.Combine(directory.FullName, "empty");
        File.WriteAllText(empty, "");
        using var buffer = new ParameterBuffer<double>();
        buffer.Add("w", [1]);
        Optimizer<double, Adam> adam = buffer.Optimize(new Adam());
        foreach (Action<string> use in (Action<string>[])[path => sample.Optimizer.Save(path, Token), sample.Optimizer.Load,
            path => adam.Import(path)])
        {
            foreach (string path in (string[])[inside, inside + Path.DirectorySeparatorChar, directory.FullName + "/inside/../inside"])
            {
                Assert.Contains("is a directory", Assert.Throws<IOException>(() => use(path)).Message, StringComparison.Ordinal);
            }

            Assert.Throws<ArgumentException>(() => use(""));
            Assert.Throws<ArgumentNullException>(() => use(null!));
            Assert.Throws<DirectoryNotFoundException>(() => use(Path.Combine(none, "model")));
        }

        Assert.Throws<FileNotFoundException>(() => sample.Optimizer.Load(none));
        Assert.Throws<FileNotFoundException>(() => adam.Import(none));
        Assert.Contains("is 0 bytes long", Assert.Throws<CheckpointException>(() => sample.Optimizer.Load(empty)).Message,
            StringComparison.Ordinal);
        Assert.Contains("is 0 bytes long", Assert.Throws<CheckpointException>(() => adam.Import(empty)).Message, StringComparison.Ordinal);
        Assert.Equal(["empty"], Files);
    }

    /// <summary>What each makes is whole, nobody's files are taken for left over, and nothing is left.</summary>
    [Fact]
    public void Several_that_save_to_one_path_at_once_do_not_meet()
    {
        const int Savers = 6, Rounds = 60;
        SingleSample[] samples = [.. Enumerable.Range(0, Savers).Select(i => new SingleSample((ulong)i).Step(i))];
        HashSet<string> written = [.. samples.Select(sample => Convert.ToHexString(sample.Bytes))];
        var failures = new ConcurrentBag<Exception>();
        Thread[] threads = [.. samples.Select(sample => new Thread(() =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                if (Record.Exception(Save) is { } thrown)
                {
                    failures.Add(thrown);
                }
            }

            void Save() => sample.Optimizer.Save(Target, CancellationToken.None);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Empty(failures);
        Assert.Contains(Convert.ToHexString(File.ReadAllBytes(Target)), written);
        Assert.Contains(Convert.ToHexString(File.ReadAllBytes(Target + ".previous")), written);
        Assert.Equal(["model.safetensors", "model.safetensors.previous"], Files);
        Array.ForEach(samples, sample => sample.Dispose());
    }

    /// <summary>A second save in the middle of the first, after each of its steps: the first goes on as if it were alone.</summary>
    [Fact]
    public void A_save_is_not_disturbed_by_another_at_any_of_its_steps()
    {
        using SingleSample first = new SingleSample().Step(1), second = new SingleSample(3).Step(2);
        foreach (SaveStep when in Enum.GetValues<SaveStep>())
        {
            second.Optimizer.Save(Target, Token);
            first.Optimizer.Save(Target, new SaveWatch(_ => { }, step => SaveAt(when, step)), Token);
            Assert.Equal((when >= SaveStep.Renamed ? second : first).Bytes, File.ReadAllBytes(Target));
            Assert.Equal(["model.safetensors", "model.safetensors.previous"], Files);
        }

        void SaveAt(SaveStep wanted, SaveStep step)
        {
            if (step == wanted)
            {
                second.Optimizer.Save(Target, Token);
            }
        }
    }

    /// <summary>Somebody who cleans up between the making of the file and its lock takes it for left over.</summary>
    [Fact]
    public void A_file_that_vanishes_as_it_is_made_is_made_again()
    {
        using var sample = new SingleSample();
        var disk = new Disk { Vanishing = 3 };
        sample.Optimizer.Save(Target, disk, Token);
        Assert.Equal(sample.Bytes, File.ReadAllBytes(Target));
        Assert.Equal(["model.safetensors"], Files);
    }

    /// <summary>
    /// Content, flush of the file, then its name, then flush of the directory: in any other order a loss of power leaves an empty file.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_file_is_flushed_before_it_takes_its_name_and_the_directory_after(bool replaces)
    {
        using var sample = new SingleSample();
        if (replaces)
        {
            sample.Optimizer.Save(Target, Token);
        }

        var disk = new Disk { Target = Target };
        sample.Step(1).Optimizer.Save(Target, disk, Token);
        Assert.Equal(replaces ? ["write to the old file's", "flush to the disk of the old file's", "sync of the new file's"]
            : ["write to no file's", "flush to the disk of no file's", "sync of the new file's"], disk.Events.Distinct());
        Assert.EndsWith("sync of the new file's", disk.Events[^1], StringComparison.Ordinal);
        Assert.Equal(directory.FullName, disk.Synced);
        Assert.Equal(sample.Bytes.Length, disk.BytesBeforeFlush);
    }

    [Fact]
    public void Flushing_a_directory_asks_the_system_for_that_directory_and_says_what_it_answers()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such call.");
        string? flushed = null;
        FileSystem.SyncDirectory(directory.FullName, handle =>
        {
            flushed = Directory.Exists("/proc/self/fd") ? new FileInfo($"/proc/self/fd/{handle}").LinkTarget : directory.FullName;
            return 0;
        });
        Assert.Equal(directory.FullName, flushed);
        Assert.Contains("cannot be flushed", Assert.Throws<IOException>(() => FileSystem.SyncDirectory(directory.FullName, _ =>
        {
            System.Runtime.InteropServices.Marshal.SetLastPInvokeError(5);
            return -1;
        })).Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => FileSystem.SyncDirectory(Path.Combine(directory.FullName, "none")));
    }

    private void Note(SaveStep wanted, SaveStep step, List<UnixFileMode> seen)
    {
        if (step == wanted && !OperatingSystem.IsWindows())
        {
            seen.Add(File.GetUnixFileMode(Directory.EnumerateFiles(directory.FullName, "*.partial").Single()));
        }
    }

    /// <summary>Records what is asked of the disk, and which file had the name at that moment.</summary>
    private sealed class Disk : ISaveWatch
    {
        internal string? Target { get; init; }

        internal int Vanishing { get; set; }

        internal List<string> Events { get; } = [];

        internal string? Synced { get; private set; }

        internal long BytesBeforeFlush { get; private set; }

        private byte[]? Before { get; set; }

        FileStream ISaveWatch.Create(string path, FileStreamOptions options)
        {
            Before = File.Exists(Target) ? File.ReadAllBytes(Target) : null;
            var file = new RecordedFile(path, options, this);
            if (Vanishing-- > 0)
            {
                File.Delete(path);
            }

            return file;
        }

        void ISaveWatch.SyncDirectory(string path)
        {
            Synced = path;
            Add("sync of");
        }

        private void Add(string what)
        {
            string whose = !File.Exists(Target) ? "no file's"
                : Before is not null && File.ReadAllBytes(Target).AsSpan().SequenceEqual(Before) ? "the old file's" : "the new file's";
            Events.Add(Target is null ? what : $"{what} {whose}");
        }

        private sealed class RecordedFile(string path, FileStreamOptions options, Disk disk) : FileStream(path, options)
        {
            public override void Write(ReadOnlySpan<byte> buffer)
            {
                disk.Add("write to");
                base.Write(buffer);
            }

            public override void Flush(bool flushToDisk)
            {
                // One that does not reach the disk comes with other uses of the handle.
                if (flushToDisk)
                {
                    disk.BytesBeforeFlush = Length;
                    disk.Add("flush to the disk of");
                }

                base.Flush(flushToDisk);
            }
        }
    }
}
