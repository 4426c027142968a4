using System.Runtime.InteropServices;

namespace OptDsl.Benchmarks;

/// <summary>The processor time of the calling thread: time a busy neighbour takes away is not counted.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    internal static long Nanoseconds
    {
        get
        {
            _ = GetTime(ThreadCpuTime, out TimeSpec time);
            return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
