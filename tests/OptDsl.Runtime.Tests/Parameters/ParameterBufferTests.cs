using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Parameters;

public sealed class ParameterBufferTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(4096)]
    [InlineData(100_003)]
    public void Memory_is_aligned_zeroed_and_apart(int length)
    {
        using var single = new ParameterBuffer<float>();
        single.Add("a", [length]);
        using var twice = new ParameterBuffer<double>();
        twice.Add("a", [length]);
        Assert.Equal(0, Address(single.Values) % 64);
        Assert.Equal(0, Address(single.Gradients) % 64);
        Assert.Equal(0, Address(twice.Values) % 64);
        Assert.Equal(0, Address(twice.Gradients) % 64);
        Assert.True(single.Values.IndexOfAnyExcept(0f) < 0 && single.Gradients.IndexOfAnyExcept(0f) < 0);
        Assert.False(single.Values.Overlaps(single.Gradients));
    }

    [Fact]
    public void Buffers_that_are_streamed_together_start_at_different_places_of_a_page()
    {
        foreach (int length in new[] { 5, 1024, 4096, 65_536, 70_001 })
        {
            using var buffer = new ParameterBuffer<float>();
            buffer.Add("a", [length]);
            var adam = buffer.Optimize(new Adam());
            long[] places = [.. new[] { Address(buffer.Values), Address(buffer.Gradients), Address(adam.State["Mean"]),
                Address(adam.State["MeanSquare"]) }.Select(address => address % 4096)];
            Assert.All(places, place => Assert.Equal(0, place % 64));
            Assert.All(places.SelectMany((a, i) => places.Skip(i + 1).Select(b => Math.Abs(a - b))),
                distance => Assert.InRange(distance, 512, 4096 - 512));
        }
    }

    [Fact]
    public void Tensors_are_views_one_after_the_other()
    {
        using var buffer = new ParameterBuffer<double>();
        ParameterTensor<double> matrix = buffer.Add("matrix", [2, 3]), scalar = buffer.Add("scalar", []),
            vector = buffer.Add("vector", [4], group: "g");
        Assert.Equal(11, buffer.Count);
        Assert.Equal([matrix, scalar, vector], buffer.Tensors);
        Assert.Same(scalar, buffer["scalar"]);
        Assert.Equal((6, 0, 6, 1, 7, 4), (matrix.Length, matrix.Offset, scalar.Offset, scalar.Length, vector.Offset, vector.Length));
        Assert.Equal((ParameterGroup.Default, "g"), (matrix.Group, vector.Group));
        Assert.Equal([2, 3], matrix.Shape.ToArray());
        Assert.Equal(0, scalar.Shape.Length);
        Assert.Equal("matrix [2, 3]", matrix.ToString());

        for (int i = 0; i < 11; i++)
        {
            buffer.Values[i] = i;
            buffer.Gradients[i] = -i;
        }

        Assert.Equal([7, 8, 9, 10], vector.Values.ToArray());
        Assert.Equal([-7, -8, -9, -10], vector.Gradients.ToArray());
        Assert.Equal([7, 8, 9, 10], vector.ReadOnlyValues.ToArray());
        Assert.Equal(11, buffer.ReadOnlyValues.Length);
        vector.Values[0] = 70;
        Assert.Equal(70, buffer.Values[7]);
    }

    [Fact]
    public void Tensor_spans_have_the_shape_and_share_the_memory()
    {
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("before", [5]);
        ParameterTensor<float> matrix = buffer.Add("matrix", [2, 3]);
        TensorSpan<float> values = matrix.ValuesTensor, gradients = matrix.GradientsTensor;
        values[1, 2] = 4;
        gradients[0, 1] = 9;
        Assert.Equal(2, matrix.ReadOnlyValuesTensor.Rank);
        Assert.Equal(4, matrix.ReadOnlyValuesTensor[1, 2]);
        Assert.Equal(4, buffer.Values[10]);
        Assert.Equal(9, buffer.Gradients[6]);
    }

    [Fact]
    public void Growth_keeps_what_was_written()
    {
        using var buffer = new ParameterBuffer<float>();
        for (int i = 0; i < 50; i++)
        {
            ParameterTensor<float> tensor = buffer.Add($"t{i}", [i + 1]);
            tensor.Values.Fill(i + 1);
            tensor.Gradients.Fill(-i - 1);
        }

        Assert.Equal(50 * 51 / 2, buffer.Count);
        Assert.Equal(0, Address(buffer.Values) % 64);
        foreach (ParameterTensor<float> tensor in buffer.Tensors)
        {
            Assert.True(tensor.Values.IndexOfAnyExcept((float)tensor.Length) < 0);
            Assert.True(tensor.Gradients.IndexOfAnyExcept(-(float)tensor.Length) < 0);
        }
    }

    [Fact]
    public void Names_are_unique_and_not_blank()
    {
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("a", [1]);
        ArgumentException taken = Assert.Throws<ArgumentException>(() => buffer.Add("a", [2]));
        Assert.Equal("name", taken.ParamName);
        Assert.Contains("'a'", taken.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => buffer.Add(" ", [1]));
        Assert.Throws<ArgumentNullException>(() => buffer.Add(null!, [1]));
        Assert.Equal("group", Assert.Throws<ArgumentException>(() => buffer.Add("b", [1], group: "")).ParamName);
        buffer.Add("A", [1]);
        Assert.Equal(2, buffer.Count);
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones()
    {
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("weight", [1]);
        KeyNotFoundException error = Assert.Throws<KeyNotFoundException>(() => buffer["wieght"]);
        Assert.Contains("'wieght'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'weight'", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<nint[]> BadShapes =>
        new((nint[][])[[0], [-1], [3, 0], [0, nint.MaxValue], [nint.MaxValue], [1 << 20, 1 << 20], [nint.MaxValue, nint.MaxValue],
            [int.MaxValue], [Array.MaxLength]]);

    [Theory]
    [MemberData(nameof(BadShapes), DisableDiscoveryEnumeration = true)]
    public void Bad_shapes_are_refused_and_leave_no_trace(nint[] shape)
    {
        using var buffer = new ParameterBuffer<double>();
        buffer.Add("a", [3]);
        Assert.Equal("shape", Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Add("b", shape)).ParamName);
        Assert.Equal(3, buffer.Count);
        Assert.Single(buffer.Tensors);
        buffer.Add("b", [2]);
        Assert.Equal(5, buffer.Count);
    }

    [Fact]
    public void Only_float_and_double_are_elements() => Assert.Throws<NotSupportedException>(() => new ParameterBuffer<Half>());

    [Fact]
    public void The_layout_is_fixed_once_an_optimizer_is_bound()
    {
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("a", [3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Optimize(new Adam(Beta1: 1)));
        buffer.Add("b", [3]);
        buffer.Optimize(new Adam());
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => buffer.Add("late", [1]));
        Assert.Contains("'late'", error.Message, StringComparison.Ordinal);
        Assert.Equal(6, buffer.Count);
        buffer.Optimize(new Adam());
    }

    [Fact]
    public void After_disposal_every_use_throws_and_old_spans_stay_memory()
    {
        var buffer = new ParameterBuffer<float>();
        ParameterTensor<float> tensor = buffer.Add("a", [1000]);
        Optimizer<float, Adam> adam = buffer.Optimize(new Adam());
        Span<float> old = tensor.Values;
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Values.Length);
        Assert.Throws<ObjectDisposedException>(() => buffer.ReadOnlyValues.Length);
        Assert.Throws<ObjectDisposedException>(() => buffer.Gradients.Length);
        Assert.Throws<ObjectDisposedException>(() => tensor.Values.Length);
        Assert.Throws<ObjectDisposedException>(() => tensor.GradientsTensor.Rank);
        Assert.Throws<ObjectDisposedException>(() => buffer.Add("b", [1]));
        Assert.Throws<ObjectDisposedException>(() => buffer.Optimize(new Adam()));
        Assert.Throws<ObjectDisposedException>(() => adam.Step(TestContext.Current.CancellationToken));
        Assert.Throws<ObjectDisposedException>(() => adam.StepReference(TestContext.Current.CancellationToken));
        GC.Collect();
        old.Fill(1);
        Assert.Equal(1, old[999]);
    }

    private static unsafe long Address<T>(ReadOnlySpan<T> span)
        where T : unmanaged
        => (long)Unsafe.AsPointer(ref MemoryMarshal.GetReference(span));

    private static long Address<T>(Span<T> span)
        where T : unmanaged
        => Address((ReadOnlySpan<T>)span);
}
