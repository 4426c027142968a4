using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Threads;

public sealed class ThreadedStepTests
{
    // Tensors of two groups in turn: segments smaller than a tile, as large, and larger, with tails.
    private static readonly int[] Lengths = [3, 16_384, 100, 50_001, 7, 64, 16_385, 33];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void The_bits_do_not_depend_on_the_threads(int threads)
    {
        using ParameterBuffer<float> single = Create(), several = Create();
        Optimizer<float, Adam> one = Bind(single, 1), many = Bind(several, threads);
        Assert.Equal(threads, many.Threads);
        for (int step = 0; step < 20; step++)
        {
            one.Step(Token);
            many.Step(Token);
            Assert.Equal(single.Values, several.Values);
            Assert.Equal(one.State["Mean"], many.State["Mean"]);
            Assert.Equal(one.State["MeanSquare"], many.State["MeanSquare"]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    [InlineData(82_976)]
    public void A_fault_is_noticed_on_any_thread_and_in_that_step_only(int place)
    {
        using ParameterBuffer<float> buffer = Create();
        Optimizer<float, Sgd> sgd = buffer.Optimize(new Sgd(1e-3), new OptimizerOptions { Threads = 3 });
        sgd.Step(Token);
        float was = buffer.Gradients[place];
        buffer.Gradients[place] = float.NaN;
        Assert.Throws<NonFiniteException>(() => sgd.Step(Token));
        buffer.Values[place] = 0;
        buffer.Gradients[place] = was;
        sgd.Step(Token);
        Assert.Equal(3, sgd.StepCount);
    }

    [Fact]
    public void Large_buffers_use_every_processor_and_small_ones_the_callers()
    {
        using var small = new ParameterBuffer<float>();
        small.Add("x", [16_384]);
        Assert.Equal(1, small.Optimize(new Sgd()).Threads);
        using var large = new ParameterBuffer<float>();
        large.Add("x", [1_000_000]);
        Assert.Equal(Environment.ProcessorCount, large.Optimize(new Sgd()).Threads);
        Assert.Equal(1, large.Optimize(new Sgd(), new OptimizerOptions { Threads = 1 }).Threads);
    }

    [Fact]
    public void Optimizers_of_one_buffer_share_its_threads()
    {
        using ParameterBuffer<float> buffer = Create();
        var two = buffer.Optimize(new Sgd(), new OptimizerOptions { Threads = 2 });
        two.Step(Token);
        var five = buffer.Optimize(new Momentum(), new OptimizerOptions { Threads = 5 });
        var three = buffer.Optimize(new Adam(), new OptimizerOptions { Threads = 3 });
        Assert.Equal(5, buffer.Team.Threads);
        Assert.True(two.Step(Token) & five.Step(Token) & three.Step(Token));
    }

    [Fact]
    public void A_step_on_several_threads_allocates_nothing()
    {
        using ParameterBuffer<float> buffer = Create();
        Optimizer<float, Adam> adam = Bind(buffer, 3);
        CancellationToken token = Token;
        adam.Step(token);
        adam.Step(token);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
        {
            adam.Step(token);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void An_empty_buffer_can_be_stepped_by_several()
    {
        using var buffer = new ParameterBuffer<double>();
        Optimizer<double, Sgd> sgd = buffer.Optimize(new Sgd(), new OptimizerOptions { Threads = 4 });
        Assert.True(sgd.Step(Token));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1025)]
    public void A_number_of_threads_out_of_range_is_refused(int threads)
    {
        using ParameterBuffer<float> buffer = Create();
        ArgumentOutOfRangeException thrown = Assert.Throws<ArgumentOutOfRangeException>(
            () => buffer.Optimize(new Sgd(), new OptimizerOptions { Threads = threads }));
        Assert.Equal(threads, thrown.ActualValue);
    }

    private static ParameterBuffer<float> Create()
    {
        var buffer = new ParameterBuffer<float>();
        for (int i = 0; i < Lengths.Length; i++)
        {
            buffer.Add($"t{i}", [Lengths[i]], i % 2 == 0 ? "even" : "odd");
        }

        for (int i = 0; i < buffer.Count; i++)
        {
            buffer.Values[i] = MathF.Sin(i);
            buffer.Gradients[i] = MathF.Cos(i * 3);
        }

        return buffer;
    }

    private static Optimizer<float, Adam> Bind(ParameterBuffer<float> buffer, int threads)
    {
        Optimizer<float, Adam> adam = buffer.Optimize(new Adam(), new OptimizerOptions { Threads = threads });
        adam.Groups["odd"].Rule = new Adam(0.1);
        return adam;
    }
}
