using System.Globalization;

namespace OptDsl.Models;

/// <summary>A variable of a sampler's draws: a number, vector, matrix or larger array, stored in row-major order within a draw.</summary>
public sealed record SampledVariable
{
    private readonly int[] shape;

    /// <param name="name">The name: a letter or an underscore, then letters, digits, underscores and points.</param>
    /// <param name="shape">The lengths of the axes, each at least 1, outermost first; empty for a number.</param>
    /// <exception cref="ArgumentException">The name is invalid.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1, or there are more elements than an array can hold.</exception>
    public SampledVariable(string name, IReadOnlyList<int> shape)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        if (!IsName(name))
        {
            throw new ArgumentException(
                $"'{name}' is not a valid name of a variable; it must begin with a letter (A to Z, a to z) or an underscore, followed by letters, underscores, digits and points.", nameof(name));
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

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The lengths of the axes, outermost first; empty for a number.</summary>
    public IReadOnlyList<int> Shape => shape;

    /// <summary>The number of elements.</summary>
    public int Size { get; }

    /// <summary>
    /// The name of an element in Stan's flat form: <c>theta.2.1</c> is the element in row 2 and column 1, counted from 1.
    /// </summary>
    /// <param name="element">The index of the element in row-major order, from 0 to <see cref="Size"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
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
    /// Converts an index in Stan's column-major order, in which the first index varies fastest, to one in row-major order.
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
