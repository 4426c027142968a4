using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Passes;

/// <summary>The model to use and save, where it is not the point of the gradient.</summary>
public sealed class ReadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A read that makes the state's initial content, or reads an uninitialised state, is found before the first step.</summary>
    [Fact]
    public void Before_the_first_step_it_is_the_parameters()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Sample.Same<double>(buffer.Values, Read(buffer.Optimize(new Accelerated())));
        Sample.Same<double>(buffer.Values, Read(buffer.Optimize(new Lookback())));
        Sample.Same<double>(buffer.Values, Read(buffer.Optimize(new AveragedIterates())));
    }

    [Fact]
    public void After_each_step_it_is_the_state_of_accelerated_gradients()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Accelerated> optimizer = buffer.Optimize(new Accelerated());
        Assert.Equal("Model", optimizer.Schema.ReadAt);
        double[] point = buffer.Values.ToArray(), last = buffer.Values.ToArray();
        double root = Math.Sqrt(0.05 * 0.1), beta = (1 - root) / (1 + root);
        for (int step = 1; step <= 5; step++)
        {
            Sample.Differentiate(buffer, step);
            for (int i = 0; i < point.Length; i++)
            {
                double next = buffer.Values[i] - (0.05 * buffer.Gradients[i]);
                (last[i], point[i]) = (point[i], next);
            }

            optimizer.Step(Token);
            Sample.Same(point, Read(optimizer));
            for (int i = 0; i < point.Length; i++)
            {
                Assert.Equal(point[i] + (beta * (point[i] - last[i])), buffer.Values[i], 1e-14);
            }
        }
    }

    /// <summary>A correction made for the step to come instead of the last one is off by a factor.</summary>
    [Fact]
    public void The_average_of_the_iterates_is_corrected_for_the_step_that_was_made()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, AveragedIterates> optimizer = buffer.Optimize(new AveragedIterates());
        var average = new double[buffer.Count];
        for (int step = 1; step <= 5; step++)
        {
            Sample.Differentiate(buffer, step);
            optimizer.Step(Token);
            var expected = new double[buffer.Count];
            for (int i = 0; i < average.Length; i++)
            {
                average[i] = (0.9 * average[i]) + (0.1 * buffer.Values[i]);
                expected[i] = average[i] / (1 - Math.Pow(0.9, step));
            }

            Sample.Near(expected, Read(optimizer), 1e-14);
        }
    }

    /// <summary>A draw made again at the read would be another once an attempt was refused, or the gradients have changed.</summary>
    [Fact]
    public void What_nothing_stored_makes_again_is_kept_from_the_step()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Lookback> optimizer = buffer.Optimize(new Lookback(),
            new OptimizerOptions { OnNonFinite = OnNonFinite.Refuse, Seed = 5 });
        Assert.Equal([StateRole.ReadAt], optimizer.Schema.States.Select(state => state.Role));
        double[] before = buffer.Values.ToArray(), gradients = buffer.Gradients.ToArray();
        optimizer.Step(Token);
        double[] model = Read(optimizer);
        Assert.Contains(Enumerable.Range(0, model.Length), i => Math.Abs(model[i] - (before[i] - (0.5 * gradients[i]))) > 0.01);
        Assert.All(Enumerable.Range(0, model.Length), i => Assert.InRange(model[i] - (before[i] - (0.5 * gradients[i])), -0.5, 0.5));
        buffer.Gradients.Fill(double.NaN);
        Assert.False(optimizer.Step(Token));
        Sample.Same(model, Read(optimizer));
    }

    [Fact]
    public void For_a_rule_without_one_it_is_the_parameters_of_the_optimizers_tensors()
    {
        using ParameterBuffer<float> buffer = Sample.Mixed<float>();
        Optimizer<float, Momentum> optimizer = buffer.Optimize(new Momentum(), [buffer["d"], buffer["b"]]);
        Assert.Null(optimizer.Schema.ReadAt);
        optimizer.Step(Token);
        float[] model = Read(optimizer);
        Sample.Same<float>(buffer["b"].Values, model.AsSpan(0, 95));
        Sample.Same<float>(buffer["d"].Values, model.AsSpan(95));
    }

    /// <summary>The model's text names the rate, not the state that keeps it; a state that it names is what the step stored.</summary>
    [Fact]
    public void A_hyperparameter_in_the_models_text_is_the_one_of_now_and_a_state_the_one_of_the_step()
    {
        Assert.Equal([-4.0, -4, -4, -4], ReadAfter(new NamesRate(), new NamesRate(4)));
        Assert.Equal([-4.0, -4, -4, -4], ReadAfter(new HasRate(), new HasRate(4)));
        Assert.Equal([-0.5 + 32, -0.5 + 32, -0.5 + 32, -0.5 + 32], ReadAfter(new ReadsBoth(), new ReadsBoth(4)));
        Assert.Equal([-1.0 + 2 + 4, 5, 5, 5], ReadAfter(new StoresRate(), new StoresRate(4)));
        Assert.Equal([-4.0, -4, -4, -4], ReadAfter(new ReadsThroughMember(), new ReadsThroughMember(4)));
    }

    /// <summary>Whether another member keeps the correction makes no difference.</summary>
    [Fact]
    public void An_average_is_read_with_the_correction_of_now()
    {
        Sample.Near([2.0 / 3, 2.0 / 3, 2.0 / 3, 2.0 / 3], ReadAfter(new KeepsCorrection(), new KeepsCorrection(0.25)), 1e-15);
        Assert.Equal(ReadAfter(new HasCorrection(), new HasCorrection(0.25)), ReadAfter(new KeepsCorrection(), new KeepsCorrection(0.25)));
    }

    [Fact]
    public void A_state_that_is_the_update_is_read_from_the_state()
    {
        using ParameterBuffer<double> buffer = Sample.Buffer<double>(("x", [4], "g"));
        Optimizer<double, StoresRate> optimizer = buffer.Optimize(new StoresRate(Rate: 1));
        optimizer.Step(Token);
        double[] model = Read(optimizer);
        buffer.Values.Fill(77);
        Sample.Same(model, Read(optimizer));
    }

    private static double[] ReadAfter<TRule>(TRule first, TRule then)
        where TRule : class, IUpdateRule<double>
    {
        using ParameterBuffer<double> buffer = Sample.Buffer<double>(("x", [4], "g"));
        buffer.Values.Clear();
        buffer.Gradients.Fill(1);
        Optimizer<double, TRule> optimizer = buffer.Optimize(first);
        optimizer.Step(Token);
        optimizer.Rule = then;
        return Read(optimizer);
    }

    [Theory]
    [InlineData(192)]
    [InlineData(194)]
    [InlineData(0)]
    public void A_destination_of_another_length_is_refused_with_both(int length)
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Accelerated> optimizer = buffer.Optimize(new Accelerated());
        string message = Assert.Throws<ArgumentException>(() => optimizer.Read(new double[length])).Message;
        Assert.Contains($"has {length} elements", message, StringComparison.Ordinal);
        Assert.Contains("needs 193", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_changes_no_bit_of_the_steps_that_follow()
    {
        using ParameterBuffer<float> buffer = Sample.Mixed<float>(), other = Sample.Mixed<float>();
        Optimizer<float, AveragedIterates> read = buffer.Optimize(new AveragedIterates(), new OptimizerOptions { Threads = 3 }),
            left = other.Optimize(new AveragedIterates());
        for (int step = 1; step <= 4; step++)
        {
            Sample.Differentiate(buffer, step);
            Sample.Differentiate(other, step);
            read.Step(Token);
            Read(read);
            left.Step(Token);
            Sample.Same<float>(other.Values, buffer.Values);
            Sample.Same(left.State["Average"], read.State["Average"]);
        }
    }

    [Fact]
    public void A_restored_optimizer_reads_the_same()
    {
        Check(new Accelerated());
        Check(new AveragedIterates());
        Check(new Lookback());

        static void Check<TRule>(TRule rule)
            where TRule : class, IUpdateRule<double>
        {
            using ParameterBuffer<double> buffer = Sample.Mixed<double>(), other = Sample.Mixed<double>();
            Optimizer<double, TRule> one = buffer.Optimize(rule), two = other.Optimize(rule);
            one.Step(Token);
            one.Step(Token);
            two.Restore(one.Snapshot());
            buffer.Values.CopyTo(other.Values);
            Sample.Same(Read(one), Read(two));
        }
    }

    /// <summary>The loss is the step's, which nothing but the model itself has kept; the total is the one after the step.</summary>
    [Fact]
    public void A_model_of_the_loss_and_of_uniform_states_is_that_of_the_step()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>(), other = Sample.Mixed<double>();
        Optimizer<double, Mixing> optimizer = buffer.Optimize(new Mixing()), restored = other.Optimize(new Mixing());
        var mean = new double[buffer.Count];
        double total = 0;
        for (int step = 1; step <= 4; step++)
        {
            double loss = 1.5 / step;
            total += loss;
            optimizer.Step(loss, Token);
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += loss / total * (buffer.Values[i] - mean[i]);
            }

            double[] expected = Array.ConvertAll(mean, value => value + (0.125 * total) + loss);
            Sample.Near(expected, Read(optimizer), 1e-13);
            buffer.Values.CopyTo(other.Values);
            restored.Restore(optimizer.Snapshot());
            Sample.Near(expected, Read(restored), 1e-13);
        }
    }

    private static T[] Read<T, TRule>(Optimizer<T, TRule> optimizer)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        var model = new T[optimizer.Tensors.Sum(tensor => tensor.Length)];
        optimizer.Read(model);
        return model;
    }
}
