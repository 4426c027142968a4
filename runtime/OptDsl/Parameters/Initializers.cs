using System.Numerics;

namespace OptDsl;

/// <summary>Initial values for tensors. Models do not initialise their parameters: call these methods before the first step.</summary>
public static class Initializers
{
    /// <summary>
    /// Fills a tensor with independent normal numbers of mean zero. The bits depend only on the seed and on the tensor's place in its
    /// buffer, so one seed serves all tensors of a buffer. They are the same on every machine.
    /// </summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="scale">The standard deviation; finite and not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> is negative or not finite.</exception>
    public static void FillGaussian<T>(this ParameterTensor<T> tensor, ulong seed, double scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => tensor.FillGaussian(seed, scale, mean: 0);

    /// <summary>
    /// Fills a tensor with independent normal numbers of the given mean: <paramref name="mean"/> plus the numbers of mean zero.
    /// </summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="scale">The standard deviation; finite and not negative.</param>
    /// <param name="mean">The mean; finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="scale"/> is negative or not finite, or <paramref name="mean"/> is not finite.
    /// </exception>
    public static void FillGaussian<T>(this ParameterTensor<T> tensor, ulong seed, double scale, double mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!double.IsFinite(scale) || scale < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale,
                $"The scale of tensor '{tensor.Name}' must be finite and at least 0.");
        }

        if (!double.IsFinite(mean))
        {
            throw new ArgumentOutOfRangeException(nameof(mean), mean, $"The mean of tensor '{tensor.Name}' must be finite.");
        }

        var random = new Xoshiro256(seed, (ulong)tensor.Offset);
        Span<T> values = tensor.Values;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = T.CreateTruncating(mean + (scale * random.NextGaussian()));
        }
    }

    /// <summary>Fills a tensor with one value.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="value">The value; finite.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not finite.</exception>
    public static void FillConstant<T>(this ParameterTensor<T> tensor, T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!T.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"The value of tensor '{tensor.Name}' must be finite.");
        }

        tensor.Values.Fill(value);
    }

    /// <summary>Fills a tensor with the given values, for instance from an earlier run.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="values">One value per element, in row-major order; all finite.</param>
    /// <exception cref="ArgumentException">
    /// The number of values differs from the tensor's length, or a value is not finite. Nothing was written.
    /// </exception>
    public static void FillFrom<T>(this ParameterTensor<T> tensor, ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (values.Length != tensor.Length)
        {
            throw new ArgumentException($"Tensor '{tensor.Name}' has {tensor.Length} elements, but {values.Length} values were given.",
                nameof(values));
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!T.IsFinite(values[i]))
            {
                throw new ArgumentException($"Value {i} for tensor '{tensor.Name}' is {values[i]}; all must be finite.", nameof(values));
            }
        }

        values.CopyTo(tensor.Values);
    }

    /// <summary>Fills a matrix with one value on its diagonal and zeros elsewhere.</summary>
    /// <param name="tensor">A tensor of two dimensions.</param>
    /// <param name="value">The value on the diagonal; finite.</param>
    /// <exception cref="ArgumentException">The tensor is not a matrix.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not finite.</exception>
    public static void FillIdentity<T>(this ParameterTensor<T> tensor, T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Shape.Length != 2)
        {
            throw new ArgumentException($"Tensor {tensor} is not a matrix; only one of two dimensions has a diagonal.", nameof(tensor));
        }

        if (!T.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"The value of tensor '{tensor.Name}' must be finite.");
        }

        (int rows, int columns) = ((int)tensor.Shape[0], (int)tensor.Shape[1]);
        Span<T> values = tensor.Values;
        values.Clear();
        for (int i = 0; i < Math.Min(rows, columns); i++)
        {
            values[(i * columns) + i] = value;
        }
    }
}
