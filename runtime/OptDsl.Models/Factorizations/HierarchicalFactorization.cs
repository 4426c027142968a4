using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// A tensor written as a binary tree of small factors (hierarchical tensor factorization; Razin, Maman and Cohen 2022). The vector of a
/// leaf is the row of its matrix that the index of its mode selects. The vector of an inner node is W^T (x * y), where x and y are the
/// vectors of its children and * is the elementwise product. The entry is the value of the root, whose W is a single column.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// The matrix of a node has one column per component of its parent. That of an inner node has one row per component of its own; that of a
/// leaf has one row per index of its mode. The factorization holds shapes, not parameters: <see cref="AddTo"/> adds the tensors to a
/// buffer, and the methods that read parameters take a buffer with these tensors. Not thread-safe.
/// </remarks>
public sealed class HierarchicalFactorization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] sides, widths, innerNodes;
    private readonly NamedTensors<T> tensors;
    private readonly string[] names;
    private readonly double[] squares;

    /// <summary>A factorization of a tensor with the given sides.</summary>
    /// <param name="sides">The length of each mode, at least 1; at least two modes.</param>
    /// <param name="tree">The tree; its leaves are these modes, each once.</param>
    /// <param name="name">
    /// The prefix of the tensors' names. Leaves are A1, A2, ... in the order of their modes; inner nodes are B1, B2, ..., children before
    /// their parent.
    /// </param>
    /// <exception cref="ArgumentException">There are fewer than two modes, or the leaves are not exactly the modes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or a factor is larger than a quarter of an array.</exception>
    public HierarchicalFactorization(ReadOnlySpan<int> sides, ModeTree tree, string name = "")
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(name);
        TensorChecks.Sides(sides);
        List<HierarchicalNode> nodes = [];
        Flatten(tree, 0, nodes);
        int[] leaves = [.. nodes.Where(node => node.Mode >= 0).Select(node => node.Mode).Order()];
        if (sides.Length < 2 || !leaves.AsSpan().SequenceEqual([.. Enumerable.Range(0, sides.Length)]))
        {
            throw new ArgumentException(
                $"The leaves of the tree {tree} must be the modes 1 to {sides.Length}, each once, and there must be at least two modes.",
                    nameof(tree));
        }

        this.sides = sides.ToArray();
        Nodes = [.. nodes];
        innerNodes = [.. Enumerable.Range(0, nodes.Count).Where(node => nodes[node].Mode < 0)];
        widths = [.. innerNodes.Select(node => nodes[node].Width)];
        names = new string[nodes.Count];
        squares = new double[widths.Max()];
        for (int node = 0; node < nodes.Count; node++)
        {
            int mode = nodes[node].Mode;
            names[node] = FormattableString.Invariant(mode >= 0 ? $"{name}A{mode + 1}"
                : (FormattableString)$"{name}B{Array.IndexOf(innerNodes, node) + 1}");
            long rows = Rows(node), columns = Math.Max(1, Nodes[node].Up);
            if (rows * columns > Array.MaxLength / 4)
            {
                throw new ArgumentOutOfRangeException(nameof(tree), rows * columns,
                    $"Factor {names[node]} would be {rows} x {columns}; it may have at most {Array.MaxLength / 4} elements.");
            }

            ParameterCount += rows * columns;
        }

        tensors = new NamedTensors<T>(names, [.. Enumerable.Range(0, names.Length).Select(Shape)]);
    }

    /// <summary>The number of modes, N.</summary>
    public int Order => sides.Length;

    /// <summary>The length of each mode.</summary>
    public ReadOnlySpan<int> Sides => sides;

    /// <summary>The number of components of each inner node, children before their parent, the root last.</summary>
    public ReadOnlySpan<int> Widths => widths;

    /// <summary>The number of parameters in all factors.</summary>
    public long ParameterCount { get; }

    /// <summary>All nodes, children before their parent, the root last.</summary>
    internal HierarchicalNode[] Nodes { get; }

    /// <summary>Adds the tensors of the factors, filled with zeros.</summary>
    /// <param name="parameters">The buffer.</param>
    /// <param name="group">The parameter group of the tensors.</param>
    /// <exception cref="ArgumentException">A tensor of that name exists.</exception>
    /// <exception cref="InvalidOperationException">An optimizer is bound to the buffer.</exception>
    public void AddTo(ParameterBuffer<T> parameters, string group = ParameterGroup.Default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        for (int node = 0; node < Nodes.Length; node++)
        {
            parameters.Add(names[node], Shape(node), group);
        }
    }

    /// <summary>Fills every factor with independent normal values.</summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="seed">The seed; any number.</param>
    /// <param name="scale">The standard deviation; finite and not negative.</param>
    /// <param name="mean">The mean; finite.</param>
    /// <exception cref="ArgumentException">A factor is missing or has another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="scale"/> is negative or not finite, or <paramref name="mean"/> is not finite.
    /// </exception>
    public void Initialize(ParameterBuffer<T> parameters, ulong seed, double scale, double mean = 0)
    {
        Resolve(parameters);
        foreach (ParameterTensor<T> tensor in tensors.All)
        {
            tensor.FillGaussian(seed, scale, mean);
        }
    }

    /// <summary>Computes the given entries. Every call searches for the parts that entries share; a loss searches only once.</summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="indices">The indices, from 0: N numbers per entry, entry by entry.</param>
    /// <param name="values">Receives one value per entry.</param>
    /// <exception cref="ArgumentException">A factor is missing or has another shape, or the lengths of the spans do not match.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its mode.</exception>
    public void ComputeValues(ParameterBuffer<T> parameters, ReadOnlySpan<int> indices, Span<T> values)
    {
        TensorChecks.Indices(sides, indices, values.Length, nameof(values));
        Resolve(parameters);
        if (!values.IsEmpty)
        {
            new HierarchicalTables<T>(this, indices, values.Length, threads: 0).Predict(values);
        }
    }

    /// <summary>
    /// Computes the whole tensor. Besides the result and the tables of the nodes, it takes some 12 N bytes of memory per entry.
    /// </summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="tensor">Receives all entries, the last mode varying fastest.</param>
    /// <exception cref="ArgumentException">A factor is missing or has another shape, or the span has another length.</exception>
    public void ComputeTensor(ParameterBuffer<T> parameters, Span<T> tensor)
    {
        TensorChecks.Length(sides, tensor.Length, nameof(tensor));
        int[] indices = new int[checked(tensor.Length * Order)];
        for (int i = 0; i < tensor.Length; i++)
        {
            for (int mode = Order - 1, rest = i; mode >= 0; rest /= sides[mode], mode--)
            {
                indices[(i * Order) + mode] = rest % sides[mode];
            }
        }

        ComputeValues(parameters, indices, tensor);
    }

    /// <summary>
    /// Computes the norms of the components of an inner node. The norm of component r is the product of the norms of column r of both
    /// children and of row r of the node's own matrix (Razin, Maman and Cohen 2022).
    /// </summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="node">The number of the inner node, in the order of <see cref="Widths"/>.</param>
    /// <param name="norms">Receives one norm per component of the node, in the order of r.</param>
    /// <exception cref="ArgumentException">A factor is missing or has another shape, or the span has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no inner node of that number.</exception>
    public void ComputeComponentNorms(ParameterBuffer<T> parameters, int node, Span<double> norms)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)node, (uint)widths.Length, nameof(node));
        if (norms.Length != widths[node])
        {
            throw new ArgumentException($"Node {node} has {widths[node]} components, but the span has {norms.Length} elements.",
                nameof(norms));
        }

        Resolve(parameters);
        HierarchicalNode inner = Nodes[innerNodes[node]];
        ReadOnlySpan<T> own = tensors[innerNodes[node]].ReadOnlyValues;
        int columns = own.Length / norms.Length;
        for (int r = 0; r < norms.Length; r++)
        {
            ReadOnlySpan<T> component = own.Slice(r * columns, columns);
            norms[r] = ScaledNorm.Root(SquaredNorm.Of(component), component);
        }

        ColumnNorms.Multiply(tensors[inner.Left].ReadOnlyValues, norms, squares);
        ColumnNorms.Multiply(tensors[inner.Right].ReadOnlyValues, norms, squares);
    }

    /// <summary>The number of rows of a node's matrix: indices of a leaf, components of an inner node.</summary>
    internal int Rows(int node) => Nodes[node].Mode >= 0 ? sides[Nodes[node].Mode] : Nodes[node].Width;

    /// <summary>A node's tensor in the buffer of the last lookup.</summary>
    internal ParameterTensor<T> Factor(int node) => tensors[node];

    internal void Resolve(ParameterBuffer<T> parameters) => tensors.In(parameters);

    private static int Flatten(ModeTree tree, int up, List<HierarchicalNode> nodes)
    {
        int left = tree.Left is null ? -1 : Flatten(tree.Left, tree.Width, nodes), right = tree.Right is null ? -1
            : Flatten(tree.Right, tree.Width, nodes);
        nodes.Add(new(tree.Mode, left, right, tree.Width, up));
        return nodes.Count - 1;
    }

    private nint[] Shape(int node) => Nodes[node].Up == 0 ? [Rows(node)] : [Rows(node), Nodes[node].Up];
}

/// <summary>A node of a tree. Nodes are numbered, children before their parent.</summary>
/// <param name="Mode">The mode of a leaf; -1 for an inner node.</param>
/// <param name="Left">The number of the first child; -1 for a leaf.</param>
/// <param name="Right">The number of the second child; -1 for a leaf.</param>
/// <param name="Width">The number of components of an inner node; 0 for a leaf.</param>
/// <param name="Up">The number of components of the parent; 0 for the root.</param>
internal readonly record struct HierarchicalNode(int Mode, int Left, int Right, int Width, int Up);
