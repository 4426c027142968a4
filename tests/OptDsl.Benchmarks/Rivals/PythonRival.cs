using System.Diagnostics;
using System.Globalization;

namespace OptDsl.Benchmarks;

/// <summary>PyTorch or NumPy in a process of its own, on one thread, in processor time.</summary>
internal sealed class PythonRival : IDisposable
{
    private readonly Process process;

    private PythonRival(Process process, string version)
    {
        this.process = process;
        Version = version;
    }

    internal string Version { get; }

    /// <summary>Starts a script under the first Python that has what it imports; null if none has.</summary>
    internal static PythonRival? Start(string name)
    {
        using var reader = new StreamReader(typeof(PythonRival).Assembly.GetManifestResourceStream(name)!);
        string script = reader.ReadToEnd();
        foreach (string python in (string[])["python3", "/usr/bin/python3"])
        {
            try
            {
                var start = new ProcessStartInfo(python)
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true
                };
                start.ArgumentList.Add("-c");
                start.ArgumentList.Add(script);
                start.Environment["OMP_NUM_THREADS"] = start.Environment["OPENBLAS_NUM_THREADS"] = "1";

                // As it comes, the C library gives the memory of large arrays back each time, and NumPy spends a third of its time on
                // getting it anew.
                start.Environment["MALLOC_MMAP_THRESHOLD_"] = start.Environment["MALLOC_TRIM_THRESHOLD_"] = "1000000000";
                Process process = Process.Start(start)!;
                process.ErrorDataReceived += (_, _) => { };
                process.BeginErrorReadLine();
                if (process.StandardOutput.ReadLine() is string version)
                {
                    return new(process, version);
                }

                process.Dispose();
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // No such Python.
            }
        }

        return null;
    }

    /// <summary>Nanoseconds of each step of the work that a line for the script names, sorted.</summary>
    internal double[] Samples(string work, TimeSpan time)
    {
        process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{work} {time.TotalSeconds}"));
        string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The script ended before it answered.");
        return [.. line.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).Order()];
    }

    /// <summary>The ratios of a contest whose rival is that work.</summary>
    internal Ratios Compare(string work, Contest contest, Sampler sampler)
    {
        // In turns, for it runs in another process: what disturbs one disturbs the other.
        var theirs = new double[5][];
        var ours = new double[theirs.Length][];
        for (int i = 0; i < theirs.Length; i++)
        {
            theirs[i] = Samples(work, TimeSpan.FromSeconds(.2));
            ours[i] = sampler.Samples(contest.Works(1).Ours, contest.Clock);
        }

        double Best(IEnumerable<double[]> batches, double quantile) => batches.Min(batch => Sampler.At(batch, quantile));
        double part = contest.PartOfWhole;
        return new(
            Best(theirs, .05) * part / Best(ours, .05), Best(theirs, .5) * part / Best(ours, .5),
            Best(theirs.Where((_, i) => i % 2 == 0), .05) / Best(theirs.Where((_, i) => i % 2 == 1), .05));
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
