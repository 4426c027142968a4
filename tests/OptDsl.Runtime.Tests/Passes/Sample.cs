using System.Numerics;
using System.Runtime.InteropServices;
using Xunit;

namespace OptDsl.Runtime.Tests.Passes;

/// <summary>Buffers filled by formulas, and comparison by bits.</summary>
internal static class Sample
{
    internal static ParameterBuffer<T> Buffer<T>(params (string Name, nint[] Shape, string Group)[] tensors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var buffer = new ParameterBuffer<T>();
        foreach ((string name, nint[] shape, string group) in tensors)
        {
            buffer.Add(name, shape, group);
        }

        for (int i = 0; i < buffer.Count; i++)
        {
            buffer.Values[i] = T.CreateTruncating(Math.Sin((0.7 * i) + 1));
        }

        Differentiate(buffer, 1);
        return buffer;
    }

    /// <summary>A vector, a matrix, a number and a cube, in two groups.</summary>
    internal static ParameterBuffer<T> Mixed<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Buffer<T>(("a", [37], "x"), ("b", [5, 19], "y"), ("c", [], "x"), ("d", [3, 4, 5], "x"));

    /// <summary>Fills the gradients of a step.</summary>
    internal static void Differentiate<T>(ParameterBuffer<T> buffer, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < buffer.Count; i++)
        {
            buffer.Gradients[i] = T.CreateTruncating(Math.Cos((1.3 * i) + (0.9 * step)) + (0.2 * Math.Sin(0.01 * i)));
        }
    }

    internal static void Same<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual)
        where T : unmanaged
    {
        Assert.Equal(expected.Length, actual.Length);
        if (!MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes(actual)))
        {
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(MemoryMarshal.AsBytes(expected.Slice(i, 1)).SequenceEqual(MemoryMarshal.AsBytes(actual.Slice(i, 1))),
                    $"{i}: {expected[i]} and {actual[i]}");
            }
        }
    }

    internal static void Same<T>(T[] expected, ReadOnlySpan<T> actual)
        where T : unmanaged
        => Same((ReadOnlySpan<T>)expected, actual);

    internal static void Near(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }
}
