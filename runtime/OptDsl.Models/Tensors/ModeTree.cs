namespace OptDsl.Models;

/// <summary>
/// The shape of a <see cref="HierarchicalFactorization{T}"/>: a binary tree whose leaves are the modes of the tensor. Every inner node has
/// a width, which is its number of components. Immutable.
/// </summary>
public sealed class ModeTree
{
    private ModeTree(int mode, ModeTree? left, ModeTree? right, int width)
    {
        Mode = mode;
        Left = left;
        Right = right;
        Width = width;
    }

    /// <summary>The mode of a leaf, from 0; -1 for an inner node.</summary>
    public int Mode { get; }

    /// <summary>The first child; null for a leaf.</summary>
    public ModeTree? Left { get; }

    /// <summary>The second child; null for a leaf.</summary>
    public ModeTree? Right { get; }

    /// <summary>The number of components of an inner node; 0 for a leaf.</summary>
    public int Width { get; }

    /// <summary>Creates a leaf.</summary>
    /// <param name="mode">The mode, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> is negative.</exception>
    public static ModeTree Leaf(int mode)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mode);
        return new(mode, null, null, 0);
    }

    /// <summary>Creates an inner node.</summary>
    /// <param name="left">The first child.</param>
    /// <param name="right">The second child.</param>
    /// <param name="width">The number of components; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="width"/> is below 1.</exception>
    public static ModeTree Node(ModeTree left, ModeTree right, int width)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return new(-1, left, right, width);
    }

    /// <summary>Creates a tree that halves the modes down to single ones. If the halves are uneven, the first is the smaller one.</summary>
    /// <param name="order">The number of modes; at least 2.</param>
    /// <param name="width">The number of components of every inner node; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="order"/> is below 2 or <paramref name="width"/> below 1.</exception>
    public static ModeTree Balanced(int order, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 2);
        return Half(0, order, width);
    }

    /// <summary>Creates a tree that adds one mode after the other: ((1 2) 3) 4 and so on.</summary>
    /// <param name="order">The number of modes; at least 2.</param>
    /// <param name="width">The number of components of every inner node; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="order"/> is below 2 or <paramref name="width"/> below 1.</exception>
    public static ModeTree Chain(int order, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 2);
        ModeTree tree = Leaf(0);
        for (int mode = 1; mode < order; mode++)
        {
            tree = Node(tree, Leaf(mode), width);
        }

        return tree;
    }

    /// <summary>The tree as text: modes counted from 1, each inner node in parentheses.</summary>
    public override string ToString() => Left is null ? FormattableString.Invariant($"{Mode + 1}") : $"({Left} {Right})";

    private static ModeTree Half(int first, int count, int width)
        => count == 1 ? Leaf(first) : Node(Half(first, count / 2, width), Half(first + (count / 2), count - (count / 2), width), width);
}
