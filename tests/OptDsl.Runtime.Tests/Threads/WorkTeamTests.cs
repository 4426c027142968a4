using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OptDsl.Threads;
using Xunit;

namespace OptDsl.Runtime.Tests.Threads;

public sealed class WorkTeamTests
{
    /// <summary>More threads than processors, jobs of every size one after the other: a helper is late for most of them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    public void Every_tile_runs_once_and_before_the_call_returns(int threads)
    {
        using var team = new WorkTeam(threads);
        for (int job = 0; job < 20_000; job++)
        {
            var work = new CountingWork(job % 19);
            team.Run(work, work.Runs.Length, 1 + (job % threads), wake: job % 3 != 0);
            Assert.All(work.Runs, runs => Assert.Equal(1, runs));
        }
    }

    [Fact]
    public void Several_teams_at_once_do_not_disturb_each_other()
    {
        Parallel.For(0, 8, _ =>
        {
            using var team = new WorkTeam(3);
            for (int job = 0; job < 3_000; job++)
            {
                var work = new CountingWork(7);
                team.Run(work, 7, 3, wake: true);
                Assert.All(work.Runs, runs => Assert.Equal(1, runs));
            }
        });
    }

    [Fact]
    public void Helpers_take_part_and_none_more_than_asked_for()
    {
        using var team = new WorkTeam(4);
        Assert.Equal(3, Together(team, 3).Count);
        Assert.Equal(4, Together(team, 4).Count);
        Assert.Equal(4, Together(team, 5, tiles: 4).Count);
        for (int job = 0; job < 2_000; job++)
        {
            var work = new ThreadWork();
            team.Run(work, 64, 2, wake: true);
            Assert.InRange(work.Threads.Count, 1, 2);
        }
    }

    [Fact]
    public void A_caller_does_not_wait_for_sleepers()
    {
        using var team = new WorkTeam(2);
        var work = new ThreadWork();
        for (int job = 0; job < 100; job++)
        {
            // Longer than a helper stays awake, so that it sleeps; whether or not it does by now, the caller returns.
            Thread.SpinWait(20_000);
            team.Run(work, 3, 2, wake: false);
        }

        Assert.Contains(Thread.CurrentThread, work.Threads.Keys);
    }

    [Fact]
    public void No_thread_is_left_after_disposal()
    {
        var team = new WorkTeam(4);
        HashSet<Thread> threads = Together(team, 4);
        team.Dispose();
        team.Dispose();
        threads.Remove(Thread.CurrentThread);
        Assert.Equal(3, threads.Count);
        Assert.All(threads, thread => Assert.False(thread.IsAlive));
    }

    [Fact]
    public void A_team_nobody_disposed_ends_its_threads_when_it_is_collected()
    {
        HashSet<Thread> threads = Abandon();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(3, threads.Count);
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromMinutes(1))));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static HashSet<Thread> Abandon()
    {
        HashSet<Thread> threads = Together(new WorkTeam(4), 4);
        threads.Remove(Thread.CurrentThread);
        return threads;
    }

    /// <summary>The threads that run tiles of which each waits until all have begun: one tile a thread.</summary>
    private static HashSet<Thread> Together(WorkTeam team, int threads, int? tiles = null)
    {
        int parties = tiles ?? threads;
        var work = new MeetingWork(parties);
        team.Run(work, parties, threads, wake: true);
        return [.. work.Threads.Keys];
    }

    private sealed class CountingWork(int tiles) : ITiledWork
    {
        internal int[] Runs { get; } = new int[tiles];

        public void Run(int tile) => Interlocked.Increment(ref Runs[tile]);
    }

    private class ThreadWork : ITiledWork
    {
        internal ConcurrentDictionary<Thread, bool> Threads { get; } = new();

        public virtual void Run(int tile) => Threads.TryAdd(Thread.CurrentThread, true);
    }

    private sealed class MeetingWork(int parties) : ThreadWork
    {
        private int missing = parties;

        public override void Run(int tile)
        {
            base.Run(tile);
            Interlocked.Decrement(ref missing);
            SpinWait.SpinUntil(() => Volatile.Read(ref missing) == 0);
        }
    }
}
