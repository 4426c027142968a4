using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Passes;

/// <summary>What a step records of a member is what plain loops make of it.</summary>
public sealed class ObservationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Statistics_are_those_of_plain_loops(int threads)
    {
        using ParameterBuffer<double> buffer = Sample.Buffer<double>(("a", [37], "x"), ("b", [5, 19], "y"), ("c", [], "x"),
            ("large", [70_001], "x"));
        Optimizer<double, Watched> optimizer = buffer.Optimize(new Watched(), new OptimizerOptions { Threads = threads });
        optimizer.Observing = true;
        var square = new double[buffer.Count];
        for (int step = 1; step <= 3; step++)
        {
            Sample.Differentiate(buffer, step);

            // Where there is no gradient yet, neither changes.
            buffer.Gradients[..20].Clear();
            double[] before = buffer.Values.ToArray(), corrected = new double[buffer.Count];
            for (int i = 0; i < square.Length; i++)
            {
                square[i] = (0.999 * square[i]) + (0.001 * buffer.Gradients[i] * buffer.Gradients[i]);
                corrected[i] = square[i] / (1 - Math.Pow(0.999, step));
            }

            optimizer.Step(Token);
            double[] change = [.. buffer.Values.ToArray().Zip(before, (after, was) => after - was)];
            Check(corrected, optimizer.GetObservation("MeanSquare"));
            Check(change, optimizer.GetObservation("Update"));
            foreach (ParameterTensor<double> tensor in buffer.Tensors)
            {
                Check(corrected.AsSpan(tensor.Offset, tensor.Length), optimizer.GetObservation("MeanSquare", tensor));
                Check(change.AsSpan(tensor.Offset, tensor.Length), optimizer.GetObservation("Update", tensor));
            }
        }

        static void Check(ReadOnlySpan<double> values, Observation observed)
        {
            double squares = 0, sum = 0, least = double.PositiveInfinity, greatest = double.NegativeInfinity, present = 0;
            foreach (double value in values)
            {
                squares += value * value;
                sum += value;
                least = Math.Min(least, value);
                greatest = Math.Max(greatest, value);
                present += value != 0 ? 1 : 0;
            }

            Assert.Equal(Math.Sqrt(squares), observed.Norm, 1e-9);
            Assert.Equal(least, observed.Min, 1e-13);
            Assert.Equal(greatest, observed.Max, 1e-13);
            Assert.Equal(sum / values.Length, observed.Mean, 1e-12);
            Assert.Equal(present / values.Length, observed.NonZeroFraction, 1e-15);
        }
    }

    /// <summary>Squares of the values overflow, lose digits, or vanish.</summary>
    [Theory]
    [InlineData(3e200)]
    [InlineData(3e-159)]
    [InlineData(3e-200)]
    [InlineData(3e-320)]
    public void The_norm_is_finite_where_squares_are_none(double size)
    {
        using ParameterBuffer<double> buffer = Sample.Buffer<double>(("a", [3], "x"), ("b", [5, 7], "x"));
        Optimizer<double, WatchedGradient> optimizer = buffer.Optimize(new WatchedGradient());
        optimizer.Observing = true;
        (buffer.Gradients[0], buffer.Gradients[1], buffer.Gradients[2]) = (size, 0, size / 3 * 4);
        buffer["b"].Gradients.Fill(size);
        optimizer.Step(Token);
        Near(size / 3 * 5, optimizer.GetObservation("Slope", buffer["a"]).Norm);
        Near(Math.Sqrt(35) * size, optimizer.GetObservation("Slope", buffer["b"]).Norm);
        Near(Math.Sqrt(35 + (25 / 9.0)) * size, optimizer.GetObservation("Slope").Norm);

        void Near(double expected, double norm)
            => Assert.InRange(norm / expected, 1 - (size < 1e-300 ? 1e-3 : 1e-14), 1 + (size < 1e-300 ? 1e-3 : 1e-14));
    }

    [Fact]
    public void Observing_changes_no_bit_of_a_step()
    {
        using ParameterBuffer<float> buffer = Sample.Mixed<float>(), other = Sample.Mixed<float>();
        Optimizer<float, Watched> observing = buffer.Optimize(new Watched()), plain = other.Optimize(new Watched());
        for (int step = 1; step <= 4; step++)
        {
            // Off again in the third: the one does not leave the other something.
            observing.Observing = step != 3;
            Sample.Differentiate(buffer, step);
            Sample.Differentiate(other, step);
            observing.Step(Token);
            plain.Step(Token);
            Sample.Same<float>(other.Values, buffer.Values);
            Sample.Same(plain.State["Mean"], observing.State["Mean"]);
            Sample.Same(plain.State["MeanSquare"], observing.State["MeanSquare"]);
        }
    }

    [Fact]
    public void Where_nothing_was_observed_it_says_what_to_set()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Watched> optimizer = buffer.Optimize(new Watched());
        optimizer.Step(Token);
        Assert.Contains("Observing", Assert.Throws<InvalidOperationException>(() => optimizer.GetObservation("Update")).Message,
            StringComparison.Ordinal);
        Assert.Contains("Observing",
            Assert.Throws<InvalidOperationException>(() => optimizer.GetObservation("Update", buffer["b"])).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_is_answered_with_those_there_are()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>(), other = Sample.Mixed<double>();
        Optimizer<double, Watched> optimizer = buffer.Optimize(new Watched());
        optimizer.Observing = true;
        optimizer.Step(Token);
        string message = Assert.Throws<KeyNotFoundException>(() => optimizer.GetObservation("Mean")).Message;
        Assert.Contains("'MeanSquare', 'Update'", message, StringComparison.Ordinal);
        Assert.Contains("none", Assert.Throws<KeyNotFoundException>(() => buffer.Optimize(new Sgd()).GetObservation("Update")).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => optimizer.GetObservation("Update", other["a"]));
    }

    /// <summary>NaN is not zero, and makes the other numbers NaN, those of other tensors excepted.</summary>
    [Fact]
    public void NaN_is_seen_in_its_tensor_and_over_all()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Watched> optimizer = buffer.Optimize(new Watched(), new OptimizerOptions { OnNonFinite = OnNonFinite.Ignore });
        optimizer.Observing = true;
        buffer["b"].Gradients[50] = double.NaN;
        optimizer.Step(Token);
        foreach (Observation observed in (Observation[])[optimizer.GetObservation("MeanSquare"),
            optimizer.GetObservation("Update", buffer["b"])])
        {
            Assert.Equal(new Observation(double.NaN, double.NaN, double.NaN, double.NaN, 1), observed);
        }

        Assert.True(double.IsFinite(optimizer.GetObservation("MeanSquare", buffer["a"]).Norm));
    }
}
