using System.Numerics;

namespace OptDsl.Models;

/// <summary>Argument checks shared by the losses over examples.</summary>
internal static class LossChecks
{
    /// <summary>Throws unless the data are finite and consist of whole examples, at least one.</summary>
    /// <returns>The number of examples.</returns>
    internal static int Examples<T>(ReadOnlySpan<T> values, int side, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (values.IsEmpty || values.Length % side != 0)
        {
            throw new ArgumentException(
                $"There are {values.Length} numbers, but an example has {side}; the data must hold a whole number of examples, at least one.", name);
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!T.IsFinite(values[i]))
            {
                throw new ArgumentException($"Number {i % side} of example {i / side} is {values[i]}; data must be finite.", name);
            }
        }

        return values.Length / side;
    }

    internal static void SameExamples(int inputs, int targets)
    {
        if (inputs != targets)
        {
            throw new ArgumentException($"There are inputs of {inputs} examples, but targets of {targets}; every example needs both.",
                nameof(targets));
        }
    }

    internal static void Length<T>(ReadOnlySpan<T> span, ParameterBuffer<T> parameters, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (span.Length != parameters.Count)
        {
            throw new ArgumentException(
                $"The span has {span.Length} elements, but the buffer has {parameters.Count} parameters; it needs one element per parameter.", name);
        }
    }

    internal static void Product<T>(ReadOnlySpan<T> vector, ReadOnlySpan<T> product, ParameterBuffer<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Length(vector, parameters, nameof(vector));
        Length(product, parameters, nameof(product));
        if (vector.Overlaps(product))
        {
            throw new ArgumentException("The product overlaps the vector, which would be overwritten while it is read. Pass two separate spans.",
                nameof(product));
        }
    }
}
