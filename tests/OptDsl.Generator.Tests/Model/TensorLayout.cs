using OptDsl.Generator.Model;

namespace OptDsl.Generator.Tests.Model;

/// <summary>A tensor: where it begins among all parameters, and its shape as a matrix.</summary>
internal sealed record TensorPlace(int Start, int Rows, int Columns, int Rank, int Group)
{
    internal int Count => Rows * Columns;
}

/// <summary>Numbers the groups, tensors, rows and columns of a buffer, so that every place says which of them it lies in.</summary>
internal sealed class TensorLayout
{
    private readonly int[][] numbers = [[], [], [], [], []];
    private readonly List<int>[] first = [[], [], [], [], []];

    /// <param name="tensors">Shapes, and the groups by number in order of appearance.</param>
    internal TensorLayout(IReadOnlyList<(int[] Shape, int Group)> tensors)
    {
        Count = tensors.Sum(tensor => tensor.Shape.Aggregate(1, (a, b) => a * b));
        numbers = [.. numbers.Select(_ => new int[Count])];
        int start = 0;
        for (int i = 0; i < tensors.Count; i++)
        {
            (int[] shape, int group) = tensors[i];
            int count = shape.Aggregate(1, (a, b) => a * b), rows = shape.Length < 2 ? 1 : shape[0], columns = count / rows;
            Tensors.Add(new TensorPlace(start, rows, columns, shape.Length, group));
            int rowsBefore = first[(int)Kind.Row].Count, columnsBefore = first[(int)Kind.Column].Count;
            for (int place = start; place < start + count; place++)
            {
                Note(Kind.Group, place, group);
                Note(Kind.Tensor, place, i);
                Note(Kind.Row, place, rowsBefore + ((place - start) / columns));
                Note(Kind.Column, place, columnsBefore + ((place - start) % columns));
                Note(Kind.Parameter, place, place);
            }

            start += count;
        }
    }

    /// <summary>All parameters.</summary>
    internal int Count { get; }

    internal List<TensorPlace> Tensors { get; } = [];

    /// <summary>How many of a kind there are.</summary>
    internal int Numbers(Kind kind) => first[(int)kind].Count;

    /// <summary>The number of the one that a place lies in.</summary>
    internal int Number(Kind kind, int place) => numbers[(int)kind][place];

    /// <summary>The first place of the one that a place lies in.</summary>
    internal int First(Kind kind, int place) => first[(int)kind][Number(kind, place)];

    internal TensorPlace TensorAt(int place) => Tensors[Number(Kind.Tensor, place)];

    private void Note(Kind kind, int place, int number)
    {
        numbers[(int)kind][place] = number;
        if (number == first[(int)kind].Count)
        {
            first[(int)kind].Add(place);
        }
    }
}
