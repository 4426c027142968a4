using System.Diagnostics;
using System.Globalization;
using OptDsl.Checkpoints;
using Xunit;

namespace OptDsl.Runtime.Tests.Checkpoints;

/// <summary>
/// A process that is killed while it saves leaves a whole file. The process kills itself after a given byte or step, so that it
/// dies there every time; <see cref="SavingTests"/> looks at the directory after every single byte.
/// </summary>
public sealed class KilledProcessTests
{
    private const string PathVariable = "OPTDSL_KILLED_SAVE", PlaceVariable = "OPTDSL_KILLED_AT";
    private const int Saves = 2;

    public static TheoryData<string> Places
    {
        get
        {
            int length = Trained(Saves).Bytes.Length;
            return [.. Enum.GetNames<SaveStep>(),
                .. ((int[])[1, 8, 9, 100, length / 4, length / 2, length * 3 / 4, length - 1, length])
                .Select(place => place.ToString(CultureInfo.InvariantCulture))];
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_killed_process_leaves_a_whole_file(string place)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("optdsl-killed-");
        try
        {
            string path = Path.Combine(directory.FullName, "model.safetensors");
            await KillAt(path, place);
            bool isRenamed = Enum.TryParse(place, out SaveStep step) && Enum.IsDefined(step) && step >= SaveStep.Renamed;
            bool isKept = Enum.TryParse(place, out step) && Enum.IsDefined(step) && step >= SaveStep.PreviousKept;
            using SingleSample now = Trained(isRenamed ? Saves + 1 : Saves), before = Trained(isKept ? Saves : Saves - 1),
                loaded = new(seed: 1);
            loaded.Optimizer.Load(path);
            Assert.Equal(now.Bytes, loaded.Bytes);
            loaded.Optimizer.Load(path + AtomicFile.Previous);
            Assert.Equal(before.Bytes, loaded.Bytes);

            // The next save cleans up what was left.
            loaded.Optimizer.Save(path, TestContext.Current.CancellationToken);
            Assert.Equal(2, directory.EnumerateFiles().Count());
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static SingleSample Trained(int steps) => new SingleSample().Step(steps);

    /// <summary>Runs <see cref="Killed"/> in a process of its own.</summary>
    private static async Task KillAt(string path, string place)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(KilledProcessTests).Assembly.Location);
        }

        foreach (string argument in (string[])["-class", typeof(Killed).FullName!, "-explicit", "only", "-noLogo"])
        {
            start.ArgumentList.Add(argument);
        }

        (start.Environment[PathVariable], start.Environment[PlaceVariable]) = (path, place);
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode is not (0 or 1), $"The process was not killed ({child.ExitCode}): {output}{await errors}");
    }

    /// <summary>What the child runs: it saves after every step, and dies in the last save.</summary>
    public sealed class Killed
    {
        [Fact(Explicit = true)]
        public void Saves_until_it_dies()
        {
            string path = Environment.GetEnvironmentVariable(PathVariable)!, place = Environment.GetEnvironmentVariable(PlaceVariable)!;
            using var sample = new SingleSample();
            for (int i = 0; i < Saves; i++)
            {
                sample.Step(1).Optimizer.Save(path, TestContext.Current.CancellationToken);
            }

            void Die(bool here)
            {
                if (here)
                {
                    using var self = Process.GetCurrentProcess();
                    self.Kill();

                    // Kill may return before the process has ended, and nothing more may be written.
                    Thread.Sleep(Timeout.Infinite);
                }
            }

            var watch = new SaveWatch(written => Die(written.ToString(CultureInfo.InvariantCulture) == place),
                step => Die(step.ToString() == place));
            sample.Step(1).Optimizer.Save(path, watch, TestContext.Current.CancellationToken);
        }
    }
}
