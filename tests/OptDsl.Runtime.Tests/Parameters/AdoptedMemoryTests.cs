using System.Runtime.InteropServices;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Parameters;

public sealed unsafe class AdoptedMemoryTests : IDisposable
{
    private readonly float* memory = (float*)NativeMemory.AlignedAlloc(4096, 64);

    public AdoptedMemoryTests() => new Span<float>(memory, 1024).Clear();

    public void Dispose() => NativeMemory.AlignedFree(memory);

    [Fact]
    public void Tensors_are_views_of_the_memory_and_a_step_writes_it()
    {
        // Neither run starts at a vector's boundary, and what lies around them is not ours.
        float* values = memory + 3, gradients = memory + 203;
        new Span<float>(memory, 1024).Fill(7);
        using var buffer = ParameterBuffer<float>.Adopt(values, gradients, 100);
        Assert.Equal(0, buffer.Count);
        ParameterTensor<float> a = buffer.Add("a", [60]), b = buffer.Add("b", [4, 10]);
        Assert.Equal(7, a.Values[0]);
        b.Values[0] = 5;
        Assert.Equal(5, values[60]);
        a.Gradients.Fill(1);
        b.Gradients.Fill(-1);
        buffer.Optimize(new Adam(LearningRate: .5)).Step(TestContext.Current.CancellationToken);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(i == 60 ? 5.5f : i < 60 ? 6.5f : 7.5f, values[i], 1e-6f);
        }

        Assert.All(Enumerable.Range(0, 1024).Where(i => i is < 3 or (>= 103 and < 203) or >= 303), i => Assert.Equal(7, memory[i]));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var buffer = ParameterBuffer<float>.Adopt(memory, memory + 100, 100);
        buffer.Add("a", [60]);
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Add("b", [41]));
        Assert.Equal("shape", error.ParamName);
        Assert.Contains("40 of the 100", error.Message, StringComparison.Ordinal);
        buffer.Add("b", [40]);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0, 99, 100)]
    [InlineData(99, 0, 100)]
    [InlineData(10, 20, 50)]
    public void Overlaps_are_refused(int values, int gradients, int length)
        => Assert.Equal("gradients",
            Assert.Throws<ArgumentException>(() => ParameterBuffer<float>.Adopt(memory + values, memory + gradients, length)).ParamName);

    [Fact]
    public void Neighbours_do_not_overlap()
    {
        ParameterBuffer<float>.Adopt(memory, memory + 100, 100).Dispose();
        ParameterBuffer<float>.Adopt(memory + 100, memory, 100).Dispose();
    }

    [Fact]
    public void Null_misaligned_and_negative_are_refused()
    {
        Assert.Equal("values", Assert.Throws<ArgumentException>(() => ParameterBuffer<float>.Adopt(null, memory, 1)).ParamName);
        Assert.Equal("gradients", Assert.Throws<ArgumentException>(() => ParameterBuffer<float>.Adopt(memory, null, 1)).ParamName);
        Assert.Equal("values",
            Assert.Throws<ArgumentException>(() => ParameterBuffer<float>.Adopt((float*)((byte*)memory + 2), memory + 100, 1)).ParamName);
        Assert.Equal("gradients",
            Assert.Throws<ArgumentException>(() => ParameterBuffer<double>.Adopt((double*)memory, (double*)(memory + 101), 1)).ParamName);
        Assert.Equal("length",
            Assert.Throws<ArgumentOutOfRangeException>(() => ParameterBuffer<float>.Adopt(memory, memory + 100, -1)).ParamName);
    }

    [Fact]
    public void Nothing_can_be_adopted_too()
    {
        using var buffer = ParameterBuffer<float>.Adopt(null, null, 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Add("a", []));
        Assert.True(buffer.Optimize(new Adam()).Step(TestContext.Current.CancellationToken));
    }
}
