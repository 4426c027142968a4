using System.Numerics;

namespace OptDsl.Models;

/// <summary>Argument checks shared by the models of tensors.</summary>
internal static class TensorChecks
{
    internal static void Sides(ReadOnlySpan<int> sides)
    {
        if (sides.IsEmpty)
        {
            throw new ArgumentException("A tensor needs at least one mode, but no side is given.", nameof(sides));
        }

        for (int mode = 0; mode < sides.Length; mode++)
        {
            if (sides[mode] < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(sides), sides[mode],
                    $"Mode {mode} has {sides[mode]} indices; every side must be at least 1.");
            }
        }
    }

    /// <summary>Throws unless each value has one index per mode, and every index is within its mode.</summary>
    internal static void Indices(ReadOnlySpan<int> sides, ReadOnlySpan<int> indices, int count, string values)
    {
        if (indices.Length != (long)count * sides.Length)
        {
            throw new ArgumentException(
                $"There are {indices.Length} indices and {count} values in {sides.Length} modes; each value needs one index per mode.",
                    values);
        }

        for (int i = 0; i < indices.Length; i++)
        {
            int mode = i % sides.Length;
            if ((uint)indices[i] >= (uint)sides[mode])
            {
                throw new ArgumentOutOfRangeException(nameof(indices), indices[i],
                    $"Entry {i / sides.Length} has index {indices[i]} in mode {mode}; it must be between 0 and {sides[mode] - 1}.");
            }
        }
    }

    internal static void Length(ReadOnlySpan<int> sides, int length, string name)
    {
        long entries = Entries(sides);
        if (entries != length)
        {
            throw new ArgumentException(
                $"The tensor is {string.Join(" x ", sides.ToArray())}, {(entries == long.MaxValue ? "more than 2^62" : entries)} entries, but the span has {length}.", name);
        }
    }

    internal static void Finite<T>(T value, int entry, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!T.IsFinite(value))
        {
            throw new ArgumentException($"Entry {entry} is {value}; entries must be finite.", name);
        }
    }

    internal static void SameSides(ReadOnlySpan<int> factorization, ReadOnlySpan<int> entries)
    {
        if (!factorization.SequenceEqual(entries))
        {
            throw new ArgumentException(
                $"The factorization is {string.Join(" x ", factorization.ToArray())}, but the entries belong to a tensor of {string.Join(" x ", entries.ToArray())}.", nameof(entries));
        }
    }

    /// <summary>The number of entries of the tensor; long.MaxValue if it is above 2^62.</summary>
    internal static long Entries(ReadOnlySpan<int> sides)
    {
        long entries = 1;
        foreach (int side in sides)
        {
            if (entries > (1L << 62) / side)
            {
                return long.MaxValue;
            }

            entries *= side;
        }

        return entries;
    }
}
