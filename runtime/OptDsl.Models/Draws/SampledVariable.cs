using System.Globalization;

namespace OptDsl.Models;

/// <summary>A variable of a sampler's draws: a number, a vector, a matrix or a larger array, in row-major order within a draw.</summary>
public sealed record SampledVariable
{
    private readonly int[] shape;

    /// <param name="name">A letter or an underscore, then letters, digits, underscores and points.</param>
    /// <param name="shape">Its lengths, each at least 1, outermost first; empty for a number.</param>
    /// <exception cref="ArgumentException">The name is another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1, or the elements are more than an array can hold.</exception>
    public SampledVariable(string name, IReadOnlyList<int> shape)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        if (!IsName(name))
        {
            throw new ArgumentException(
                $"'{name}' is no name of a variable; it begins with a letter (A to Z, a to z) or an underscore, and goes on with these, digits and points.", nameof(name));
        }

        Name = name;
        this.shape = [.. shape];
        long size = 1;
        foreach (int side in this.shape)
        {
            size *= side;
            if (side < 1 || size > Array.MaxLength)
            {
                throw new ArgumentOutOfRangeException(nameof(shape), side,
                    $"Variable '{name}' is [{string.Join(", ", this.shape)}]; every length must be at least 1, and the elements at most {Array.MaxLength}.");
            }
        }

        Size = (int)size;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its lengths, outermost first; empty for a number.</summary>
    public IReadOnlyList<int> Shape => shape;

    /// <summary>Its number of elements.</summary>
    public int Size { get; }

    /// <summary>The name of an element as Stan writes it flat: <c>theta.2.1</c> is that of row 2 and column 1, counted from 1.</summary>
    /// <param name="element">Its place in row-major order, from 0 to <see cref="Size"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public string GetElementName(int element)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(element);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(element, Size);
        string indices = "";
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            indices = $".{(element % shape[axis] + 1).ToString(CultureInfo.InvariantCulture)}{indices}";
            element /= shape[axis];
        }

        return Name + indices;
    }

    /// <summary>Whether name and shape are the same.</summary>
    public bool Equals(SampledVariable? other) => other is not null && Name == other.Name && shape.AsSpan().SequenceEqual(other.shape);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Size);

    /// <summary>The name and shape.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", shape)}]";

    /// <summary>
    /// The place in row-major order of the element that has a place in column-major order, Stan's, in which the first index is the fastest.
    /// </summary>
    internal int FromColumnMajor(int place)
    {
        int element = 0, stride = Size;
        foreach (int side in shape)
        {
            stride /= side;
            element += place % side * stride;
            place /= side;
        }

        return element;
    }

    internal static bool IsName(string name)
        => (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.');
}
