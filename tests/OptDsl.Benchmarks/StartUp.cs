using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using OptDsl.Rules;

namespace OptDsl.Benchmarks;

/// <summary>What a process's first step costs beyond its tenth, in processes of their own with the runtime's default settings.</summary>
internal static class StartUp
{
    /// <summary>The argument by which a child process is told to make its steps.</summary>
    internal const string Argument = "--first-step";

    private const int Processes = 5;

    /// <summary>In the child: prints the milliseconds of the first step, of its compilation, and of the tenth.</summary>
    internal static int FirstStep()
    {
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("x", [4096]);
        buffer.Gradients.Fill(1);
        Optimizer<float, Adam> adam = buffer.Optimize(new Adam());
        var times = new double[10];
        double compilation = 0;
        for (int i = 0; i < times.Length; i++)
        {
            TimeSpan compiled = JitInfo.GetCompilationTime(currentThread: true);
            long start = Stopwatch.GetTimestamp();
            adam.Step();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            compilation = i == 0 ? (JitInfo.GetCompilationTime(currentThread: true) - compiled).TotalMilliseconds : compilation;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times[0]} {compilation} {times[^1]}"));
        return 0;
    }

    /// <summary>Runs the children and prints the median of each.</summary>
    internal static void Report()
    {
        double[][] runs = [.. Enumerable.Range(0, Processes).Select(_ => Child())];
        double[] medians = [.. Enumerable.Range(0, 3).Select(i => runs.Select(run => run[i]).Order().ElementAt(Processes / 2))];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"start-up: first step of a process {medians[0]:0.00} ms, of which {medians[1]:0.00} ms compile the kernel; tenth {medians[2]:0.000} ms; first - tenth - compilation {medians[0] - medians[1] - medians[2]:0.00} ms (goal: below 5)"));
    }

    private static double[] Child()
        => [.. SelfProcess.Run(Argument).Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
}
