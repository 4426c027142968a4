namespace OptDsl.Models;

/// <summary>
/// The shape of a <see cref="HierarchicalFactorization{T}"/>: a binary tree whose leaves are the tensor's modes. Every inner node has a
/// width, its number of local components. Immutable.
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

    /// <summary>Local components of an inner node; 0 for a leaf.</summary>
    public int Width { get; }

    /// <summary>A leaf.</summary>
    /// <param name="mode">Its mode, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> is negative.</exception>
    public static ModeTree Leaf(int mode)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mode);
        return new(mode, null, null, 0);
    }

    /// <summary>An inner node.</summary>
    /// <param name="left">The first child.</param>
    /// <param name="right">The second child.</param>
    /// <param name="width">Its local components; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="width"/> is below 1.</exception>
    public static ModeTree Node(ModeTree left, ModeTree right, int width)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return new(-1, left, right, width);
    }

    /// <summary>The tree that halves the modes down to single ones; of two uneven halves the first is the smaller.</summary>
    /// <param name="order">Modes; at least 2.</param>
    /// <param name="width">Local components of every inner node; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="order"/> is below 2 or <paramref name="width"/> below 1.</exception>
    public static ModeTree Balanced(int order, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 2);
        return Half(0, order, width);
    }

    /// <summary>The tree that adds one mode after the other, ((1 2) 3) 4 and so on.</summary>
    /// <param name="order">Modes; at least 2.</param>
    /// <param name="width">Local components of every inner node; at least 1.</param>
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

    /// <summary>The tree in words: modes from 1, each inner node in parentheses.</summary>
    public override string ToString() => Left is null ? FormattableString.Invariant($"{Mode + 1}") : $"({Left} {Right})";

    private static ModeTree Half(int first, int count, int width)
        => count == 1 ? Leaf(first) : Node(Half(first, count / 2, width), Half(first + (count / 2), count - (count / 2), width), width);
}
