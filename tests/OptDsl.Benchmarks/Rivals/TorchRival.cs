using System.Diagnostics;
using System.Globalization;

namespace OptDsl.Benchmarks;

/// <summary>PyTorch's Adam, and its loops of tensor completion, in a process of its own, on one thread, in processor time.</summary>
internal sealed class TorchRival : IDisposable
{
    private readonly Process process;

    private TorchRival(Process process, string version)
    {
        this.process = process;
        Version = version;
    }

    internal string Version { get; }

    /// <summary>Starts it under the first Python that has torch; null if none has.</summary>
    internal static TorchRival? Start()
    {
        using var reader = new StreamReader(typeof(TorchRival).Assembly.GetManifestResourceStream("torch_rival.py")!);
        string script = reader.ReadToEnd();
        foreach (string python in (string[])["python3", "/usr/bin/python3"])
        {
            try
            {
                var start = new ProcessStartInfo(python) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
                start.ArgumentList.Add("-c");
                start.ArgumentList.Add(script);
                start.Environment["OMP_NUM_THREADS"] = start.Environment["OPENBLAS_NUM_THREADS"] = "1";
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

    /// <summary>Nanoseconds of each step, sorted.</summary>
    /// <param name="work">What is timed, and its sizes, as the script reads them.</param>
    /// <param name="time">For how long.</param>
    internal double[] Samples(string work, TimeSpan time)
    {
        process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{work} {time.TotalSeconds}"));
        string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("PyTorch ended before it answered.");
        return [.. line.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).Order()];
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
