namespace OptDsl.Conformance.Tests.Textbook;

/// <summary>A tensor as a textbook has it: arrays, and what a method remembers by name.</summary>
internal sealed class TextbookTensor(int rows, int columns, int rank, bool second, int first)
{
    private readonly Dictionary<string, double[]> remembered = [];

    internal readonly int Rows = rows, Columns = columns, Rank = rank, Count = rows * columns, First = first;

    /// <summary>Whether it belongs to the second of the two groups.</summary>
    internal readonly bool Second = second;

    internal readonly double[] P = new double[rows * columns], G = new double[rows * columns];

    /// <summary>A vector of the method's, zero at first, as long as the tensor.</summary>
    internal double[] this[string name] => Vector(name, Count);

    /// <summary>A vector of the method's, zero at first.</summary>
    internal double[] Vector(string name, int length)
    {
        if (!remembered.TryGetValue(name, out double[]? vector))
        {
            remembered.Add(name, vector = new double[length]);
        }

        return vector;
    }

    /// <summary>The parameters before the first step; asked for in it.</summary>
    internal double[] Start(string name, int t)
    {
        if (t == 1)
        {
            P.CopyTo(this[name], 0);
        }

        return this[name];
    }
}

/// <summary>The problem every textbook method solves: matrices, a vector, a number and a cube, in two groups by turns.</summary>
internal sealed class TextbookModel
{
    private readonly Dictionary<string, double> remembered = [];

    internal TextbookModel()
    {
        int first = 0;
        foreach ((nint[] shape, bool second) in Shapes)
        {
            // What has rank 2 or more is a matrix of its first length; a vector is one row, and so is a number.
            int rows = shape.Length > 1 ? (int)shape[0] : 1, count = (int)shape.Aggregate((nint)1, (product, length) => product * length);
            var tensor = new TextbookTensor(rows, count / rows, shape.Length, second, first);
            for (int i = 0; i < count; i++)
            {
                // Sixteenths, zero among them, which float holds exactly.
                tensor.P[i] = (((7 * (first + i)) % 37) - 18) / 16.0;
            }

            first += count;
            Tensors.Add(tensor);
        }
    }

    internal static readonly IReadOnlyList<(nint[] Shape, bool Second)> Shapes = [([3, 5], false), ([33, 7], true), ([37], false),
        ([], true), ([2, 3, 4], false)];

    internal List<TextbookTensor> Tensors { get; } = [];

    /// <summary>The step, from 1.</summary>
    internal int T { get; set; }

    /// <summary>A number of the method's, with a value at first.</summary>
    internal double this[string name, double first = 0]
    {
        get => remembered.TryGetValue(name, out double value) ? value : first;
        set => remembered[name] = value;
    }

    /// <summary>The gradient of the problem in step t at a parameter; a sine that depends on its place, and a pull.</summary>
    internal static double Gradient(int t, int place, double parameter) => Math.Sin(0.1 * (place + 1) * t) + (0.5 * parameter);

    /// <summary>Fills the gradients at the parameters as they are.</summary>
    internal void TakeGradient() => ForEach((x, i) => x.G[i] = Gradient(T, x.First + i, x.P[i]));

    internal void ForEach(Action<TextbookTensor, int> visit)
    {
        foreach (TextbookTensor tensor in Tensors)
        {
            for (int i = 0; i < tensor.Count; i++)
            {
                visit(tensor, i);
            }
        }
    }

    /// <summary>The sum over one group, or over all.</summary>
    internal double Sum(Func<TextbookTensor, int, double> of, bool? second = null)
    {
        double sum = 0;
        foreach (TextbookTensor tensor in Tensors.Where(tensor => second is null || tensor.Second == second))
        {
            sum += Sum(tensor, i => of(tensor, i));
        }

        return sum;
    }

    internal static double Sum(TextbookTensor tensor, Func<int, double> of)
    {
        double sum = 0;
        for (int i = 0; i < tensor.Count; i++)
        {
            sum += of(i);
        }

        return sum;
    }
}
