using OptDsl.Rules;
using OptDsl.Schedules;
using Xunit;

namespace OptDsl.Runtime.Tests.Checkpoints;

/// <summary>
/// What the caller keeps beside an optimizer and must go on from its bits: a plateau schedule, a generator, something of one's own.
/// </summary>
public sealed class BesideTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"optdsl-beside-{Guid.NewGuid():N}.safetensors");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        File.Delete(path);
        File.Delete(path + ".previous");
    }

    /// <summary>
    /// A best loss, a count or a normal number in stock that is forgotten shows in the bits after the resumption, wherever it is stopped.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(11)]
    public void A_run_that_is_resumed_anywhere_makes_the_same_bits(int stop)
    {
        const int Steps = 20;
        using var whole = new Run();
        whole.Go(Steps);
        using var stopped = new Run();
        stopped.Go(stop);
        stopped.Optimizer.Save(path, stopped.Beside, Token);
        using var resumed = new Run(seed: 99);
        resumed.Go(3);
        resumed.Optimizer.Load(path, resumed.Beside);
        resumed.Go(Steps - stop);
        Assert.Equal(whole.Parameters.Values.ToArray(), resumed.Parameters.Values.ToArray());
        Assert.Equal((whole.Plateau.Rate, whole.Plateau.Best, whole.Generator.NextGaussian(), whole.Generator.NextUInt64()),
            (resumed.Plateau.Rate, resumed.Plateau.Best, resumed.Generator.NextGaussian(), resumed.Generator.NextUInt64()));
        Assert.True(whole.Plateau.Rate < 0.1, "The schedule never cut the rate.");
    }

    [Fact]
    public void Each_object_must_be_there_by_its_name_and_kind_and_nothing_is_changed_otherwise()
    {
        using var run = new Run();
        run.Go(4);

        // In the middle of its patience, or of its cooldown: neither is a state of a schedule that has none.
        double[] state = new double[4];
        while (state[2] + state[3] == 0)
        {
            run.Plateau.Observe(double.PositiveInfinity);
            ((ICheckpointed)run.Plateau).GetState(state);
        }

        run.Optimizer.Save(path, run.Beside, Token);
        run.Go(1);
        byte[] before = run.Bytes;
        string Refused(IReadOnlyDictionary<string, ICheckpointed>? beside)
        {
            string message = Assert.Throws<CheckpointException>(
                () => { if (beside is null) { run.Optimizer.Load(path); } else { run.Optimizer.Load(path, beside); } }).Message;
            Assert.Equal(before, run.Bytes);
            return message;
        }

        Assert.Contains("give Load the same names and objects beside the optimizer that Save was given", Refused(null),
            StringComparison.Ordinal);
        Assert.Contains("give Load the same names and objects", Refused(new Dictionary<string, ICheckpointed> { ["rate"] = run.Plateau }),
            StringComparison.Ordinal);
        Assert.Contains("was not saved by an optimizer with 'generator', 'more', 'rate' beside it",
            Refused(new Dictionary<string, ICheckpointed>(run.Beside) { ["more"] = new Xoshiro256(1) }), StringComparison.Ordinal);
        Assert.Contains("holds 'rate' beside the optimizer, of type 'PlateauRate', and this one has 'Xoshiro256'",
            Refused(new Dictionary<string, ICheckpointed> { ["rate"] = new Xoshiro256(1), ["generator"] = run.Generator }),
                StringComparison.Ordinal);

        // The generator, which comes first, gets back what it had.
        Assert.Contains("'beside/rate/state' is refused",
            Refused(new Dictionary<string, ICheckpointed>(run.Beside) { ["rate"] = new PlateauRate(1, patience: 0) }),
                StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() =>
            run.Optimizer.Save(path, new Dictionary<string, ICheckpointed> { [" "] = run.Plateau }, Token));
        Assert.Throws<ArgumentException>(() => run.Optimizer.Load(path, new Dictionary<string, ICheckpointed> { ["rate"] = null! }));
        Assert.Throws<ArgumentNullException>(() => run.Optimizer.Load(path, (IReadOnlyDictionary<string, ICheckpointed>)null!));
        run.Optimizer.Load(path, run.Beside);
    }

    [Fact]
    public void A_plain_file_has_nothing_beside_it()
    {
        using var run = new Run();
        run.Optimizer.Save(path, Token);
        Assert.Contains("was not saved by an optimizer with 'generator', 'rate' beside it",
            Assert.Throws<CheckpointException>(() => run.Optimizer.Load(path, run.Beside)).Message, StringComparison.Ordinal);
        run.Optimizer.Save(path, new Dictionary<string, ICheckpointed>(), Token);
        run.Optimizer.Load(path);
    }

    [Theory]
    [InlineData(new double[] { -1, 1, 0, 0 })]
    [InlineData(new double[] { double.NaN, 1, 0, 0 })]
    [InlineData(new double[] { double.PositiveInfinity, 1, 0, 0 })]
    [InlineData(new double[] { 1, double.NaN, 0, 0 })]
    [InlineData(new double[] { 1, -1, 0, 0 })]
    [InlineData(new double[] { 1, 1, 0.5, 0 })]
    [InlineData(new double[] { 1, 1, 3, 0 })]
    [InlineData(new double[] { 1, 1, 0, 2 })]
    [InlineData(new double[] { 1, 1, 0 })]
    public void A_plateau_takes_no_state_that_it_could_not_be_in(double[] state)
    {
        var plateau = new PlateauRate(0.5, patience: 2, cooldown: 1);
        Assert.Throws<ArgumentException>(() => ((ICheckpointed)plateau).SetState(state));
        Assert.Equal((0.5, double.PositiveInfinity), (plateau.Rate, plateau.Best));
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(3, 0.5)]
    [InlineData(7, 4294967296.0)]
    [InlineData(1, double.NaN)]
    [InlineData(8, 2)]
    [InlineData(9, double.NaN)]
    public void A_generator_takes_no_state_that_it_could_not_be_in(int place, double value)
    {
        var generator = new Xoshiro256(5);
        double[] state = new double[10];
        ((ICheckpointed)generator).GetState(state);
        state[place] = value;
        Assert.Throws<ArgumentException>(() => ((ICheckpointed)generator).SetState(state));
        Assert.Throws<ArgumentException>(() => ((ICheckpointed)generator).SetState(new double[10]));
        Assert.Throws<ArgumentException>(() => ((ICheckpointed)generator).SetState(state.AsSpan(1)));
        Assert.Equal(new Xoshiro256(5).NextUInt64(), generator.NextUInt64());
    }

    [Fact]
    public void An_object_of_ones_own_cannot_reach_into_the_middle_of_a_load()
    {
        using var run = new Run();
        var own = new Reaching(() => run.Parameters.Dispose());
        var beside = new Dictionary<string, ICheckpointed> { ["own"] = own };
        run.Optimizer.Save(path, beside, Token);
        byte[] before = run.Bytes;
        Assert.Throws<InvalidOperationException>(() => run.Optimizer.Load(path, beside));
        Assert.Equal(before, run.Bytes);
    }

    /// <summary>Noisy gradients from the generator, at a rate that is cut where the loss stays.</summary>
    private sealed class Run : IDisposable
    {
        internal Run(ulong seed = 3)
        {
            Generator = new Xoshiro256(seed);
            Parameters.Add("w", [3]).Values.Fill(1);
            Optimizer = Parameters.Optimize(new Momentum(0.1));
            Beside = new() { ["rate"] = Plateau, ["generator"] = Generator };
        }

        internal ParameterBuffer<double> Parameters { get; } = new();

        internal Optimizer<double, Momentum> Optimizer { get; }

        internal PlateauRate Plateau { get; } = new(0.1, factor: 0.5, patience: 1, cooldown: 1);

        internal Xoshiro256 Generator { get; }

        internal Dictionary<string, ICheckpointed> Beside { get; }

        internal byte[] Bytes
        {
            get
            {
                using var stream = new MemoryStream();
                Optimizer.Save(stream, "memory");
                double[] state = new double[14];
                ((ICheckpointed)Plateau).GetState(state);
                ((ICheckpointed)Generator).GetState(state.AsSpan(4));
                return [.. stream.ToArray(), .. System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(state)];
            }
        }

        public void Dispose() => Parameters.Dispose();

        internal void Go(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                double loss = 0;
                for (int k = 0; k < Parameters.Count; k++)
                {
                    Parameters.Gradients[k] = Parameters.Values[k] + (0.5 * Generator.NextGaussian());
                    loss += Parameters.Values[k] * Parameters.Values[k];
                }

                // An odd number of normal numbers for each step: one stays in stock every other time.
                Optimizer.Rule = new Momentum(Plateau.Observe(loss + 1));
                Optimizer.Step(Token);
            }
        }
    }

    private sealed class Reaching(Action act) : ICheckpointed
    {
        public int StateLength => 1;

        public void GetState(Span<double> state) => state[0] = 1;

        public void SetState(ReadOnlySpan<double> state) => act();
    }
}
