using OptDsl.Rules;
using OptDsl.Runtime.Tests.Passes;
using OptDsl.Threads;
using Xunit;

namespace OptDsl.Runtime.Tests.Threads;

/// <summary>Several optimizers of one buffer on threads of their own.</summary>
public sealed class SharedBufferTests
{
    private static readonly (string, nint[], string)[] Tensors = [("a", [40_003], "x"), ("b", [70, 301], "y"), ("c", [77_001], "x"),
        ("d", [3, 4, 5], "x"), ("e", [60, 500], "y")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Two callers that share one job see each other's tiles: some are done twice, some not at all.</summary>
    [Fact]
    public void A_team_that_is_busy_is_not_waited_for_and_the_second_caller_does_its_own_tiles()
    {
        using var team = new WorkTeam(3);
        using ManualResetEventSlim begun = new(), mayEnd = new();
        var first = new BlockingWork(begun, mayEnd);
        var caller = new Thread(() => team.Run(first, 8, 3, wake: true));
        caller.Start();
        begun.Wait(Token);

        var second = new CountingWork(11);
        team.Run(second, 11, 3, wake: true);
        Assert.All(second.Runs, runs => Assert.Equal(1, runs));
        Assert.All(second.Threads, thread => Assert.Same(Thread.CurrentThread, thread));
        mayEnd.Set();
        caller.Join();
        Assert.All(first.Runs, runs => Assert.Equal(1, runs));
    }

    [Fact]
    public void A_tile_may_use_the_team_that_runs_it()
    {
        using var team = new WorkTeam(2);
        var inner = new CountingWork(5);
        team.Run(new NestedWork(team, inner), 1, 2, wake: true);
        Assert.All(inner.Runs, runs => Assert.Equal(1, runs));
    }

    [Fact]
    public void A_team_that_grows_leaves_the_work_of_the_smaller_one_to_end()
    {
        using var team = new WorkTeam(3);
        using ManualResetEventSlim begun = new(), mayEnd = new();
        var work = new BlockingWork(begun, mayEnd);
        var caller = new Thread(() => team.Run(work, 8, 3, wake: true));
        caller.Start();
        begun.Wait(Token);
        team.End();
        mayEnd.Set();
        caller.Join();
        Assert.All(work.Runs, runs => Assert.Equal(1, runs));
    }

    /// <summary>
    /// One pass, several passes with sums, and noise; more threads than processors. Each optimizer must end where it ends alone.
    /// </summary>
    [Fact]
    public void Optimizers_of_disjoint_tensors_step_at_once_and_make_the_bits_of_one_after_the_other()
    {
        const int Rounds = 12, Steps = 15;
        using ParameterBuffer<float> calm = Sample.Buffer<float>(Tensors);
        Action<int>[] alone = Bind(calm, Steps);
        for (int i = 0; i < alone.Length; i++)
        {
            alone[i](i);
        }

        for (int round = 0; round < Rounds; round++)
        {
            using ParameterBuffer<float> buffer = Sample.Buffer<float>(Tensors);
            Action<int>[] runs = Bind(buffer, Steps);
            var failures = new Exception?[runs.Length];
            Thread[] threads = [.. runs.Select((run, i) => new Thread(() => failures[i] = Record.Exception(() => run(i))))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.All(failures, Assert.Null);
            Sample.Same<float>(calm.Values, buffer.Values);
        }
    }

    [Fact]
    public void Optimizers_of_the_same_tensors_are_refused_while_the_other_is_in_use()
    {
        using ParameterBuffer<float> buffer = Sample.Buffer<float>(Tensors);
        Optimizer<float, Sgd> all = buffer.Optimize(new Sgd()), again = buffer.Optimize(new Sgd());
        Optimizer<float, Sgd> some = buffer.Optimize(new Sgd(), [buffer["a"]]), others = buffer.Optimize(new Sgd(), [buffer["b"]]);
        all.Step(
            () =>
            {
                Assert.Contains("another optimizer of the same tensors",
                    Assert.Throws<InvalidOperationException>(() => again.Step(Token)).Message, StringComparison.Ordinal);
                Assert.Throws<InvalidOperationException>(() => some.Step(Token));
                return 1;
            },
            Token);
        some.Step(
            () =>
            {
                Assert.Throws<InvalidOperationException>(() => all.Step(Token));
                Assert.Contains("evaluates the loss in step 1", Assert.Throws<InvalidOperationException>(() => some.Step(Token)).Message,
                    StringComparison.Ordinal);
                return others.Step(Token) ? 1 : 0;
            },
            Token);
        Assert.True(all.Step(Token) & again.Step(Token) & some.Step(Token) & others.Step(Token));
        Assert.Equal((2, 1, 2, 2), (all.StepCount, again.StepCount, some.StepCount, others.StepCount));
    }

    private static Action<int>[] Bind(ParameterBuffer<float> buffer, int steps)
    {
        var options = new OptimizerOptions { Threads = 3, Seed = 5 };
        buffer.Gradients.Fill(0.25f);
        Optimizer<float, Adam> adam = buffer.Optimize(new Adam(), [buffer["a"]], options);
        Optimizer<float, GroupClip> clip = buffer.Optimize(new GroupClip(), [buffer["b"], buffer["d"]], options);
        Optimizer<float, Noisy> noisy = buffer.Optimize(new Noisy(), [buffer["c"], buffer["e"]], options);
        return [_ => Repeat(() => adam.Step()), _ => Repeat(() => clip.Step()), _ => Repeat(() => noisy.Step())];

        void Repeat(Action step)
        {
            for (int i = 0; i < steps; i++)
            {
                step();
            }
        }
    }

    private sealed class CountingWork(int tiles) : ITiledWork
    {
        internal int[] Runs { get; } = new int[tiles];

        internal List<Thread> Threads { get; } = [];

        public void Run(int tile)
        {
            Interlocked.Increment(ref Runs[tile]);
            lock (Threads)
            {
                Threads.Add(Thread.CurrentThread);
            }
        }
    }

    private sealed class BlockingWork(ManualResetEventSlim begun, ManualResetEventSlim mayEnd) : ITiledWork
    {
        internal int[] Runs { get; } = new int[8];

        public void Run(int tile)
        {
            begun.Set();
            mayEnd.Wait();
            Interlocked.Increment(ref Runs[tile]);
        }
    }

    private sealed class NestedWork(WorkTeam team, ITiledWork inner) : ITiledWork
    {
        public void Run(int tile) => team.Run(inner, 5, 2, wake: true);
    }
}
