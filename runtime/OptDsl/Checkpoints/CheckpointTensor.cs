using System.Globalization;

namespace OptDsl.Checkpoints;

/// <summary>
/// What a tensor of a checkpoint holds: the parameters of a tensor, a state with one value per parameter, a state with one value per
/// tensor, row or column, or a state with one value per group.
/// </summary>
internal enum CheckpointPart
{
    Parameters,
    State,
    OfTensor,
    OfGroup,

    /// <summary>What the optimizer's owner keeps beside it.</summary>
    Companion,

    /// <summary>The number of steps, which other programs write beside every tensor's states.</summary>
    Step,

    /// <summary>A single number that another program keeps and that a rule here computes itself.</summary>
    Ignored,
}

/// <summary>A tensor that a file holds or should hold.</summary>
/// <param name="name">The tensor's name in the file.</param>
/// <param name="part">What it holds.</param>
/// <param name="owner">The index of the tensor or group that it belongs to.</param>
/// <param name="slot">The index of the state or carried value.</param>
/// <param name="isDouble">Whether the optimizer holds it in double.</param>
/// <param name="shape">The length of each dimension.</param>
/// <param name="count">The number of elements.</param>
internal sealed class CheckpointTensor(string name, CheckpointPart part, int owner, int slot, bool isDouble, nint[] shape, int count)
{
    internal string Name => name;

    internal CheckpointPart Part => part;

    internal int Owner => owner;

    internal int Slot => slot;

    internal bool IsDouble => isDouble;

    internal nint[] Shape => shape;

    internal int Count { get; private set; } = count;

    /// <summary>The largest number of rows that a file may have, if it may differ from the expected number; else -1.</summary>
    internal int MostRows { get; init; } = -1;

    /// <summary>Expects as many rows as the file has, if the number of rows may differ.</summary>
    internal bool TakeRows(long rows)
    {
        if (rows > MostRows || rows * RowLength > Array.MaxLength)
        {
            return false;
        }

        Count = (int)(rows * RowLength);
        return true;
    }

    private long RowLength => shape[1..].Aggregate(1L, (product, side) => product * side);

    internal string ElementName => isDouble ? "F64" : "F32";

    internal long Bytes => (long)Count * (isDouble ? sizeof(double) : sizeof(float));

    /// <summary>The place of the tensor in the file's data; -1 until it is found there.</summary>
    internal long Begin { get; set; } = -1;

    internal long End { get; set; }

    /// <summary>The element type of its numbers in the file.</summary>
    internal FileElement FileElement { get; set; }

    /// <summary>The tensor's SHA-256; empty if the file has none.</summary>
    internal byte[] Hash { get; set; } = [];

    /// <summary>The first thing that is wrong in the file's description of the tensor.</summary>
    internal string? Problem { get; set; }

    /// <summary>The values as read, before the optimizer takes them.</summary>
    internal Array? Values { get; set; }

    internal string ShapeText => $"[{string.Join(", ", shape.Select(side => side.ToString(CultureInfo.InvariantCulture)))}]";
}
