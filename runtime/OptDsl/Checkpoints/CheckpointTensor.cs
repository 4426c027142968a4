using System.Globalization;

namespace OptDsl.Checkpoints;

/// <summary>
/// What an optimizer holds of a kind: the parameters of a tensor, a state of them, values of one per tensor, row or column, or of one per
/// group.
/// </summary>
internal enum CheckpointPart
{
    Parameters,
    State,
    OfTensor,
    OfGroup,

    /// <summary>What the optimizer's owner keeps beside it.</summary>
    Companion,

    /// <summary>The number of steps, as other programs write it beside every tensor's states.</summary>
    Step,

    /// <summary>What another program keeps in one number and a rule here computes for itself.</summary>
    Ignored,
}

/// <summary>A tensor that a file holds, or should hold.</summary>
/// <param name="name">Its name in the file.</param>
/// <param name="part">What it is of the optimizer.</param>
/// <param name="owner">The number of the tensor or group it belongs to.</param>
/// <param name="slot">The number of the state, or carried value.</param>
/// <param name="isDouble">Whether it is held in double.</param>
/// <param name="shape">Its lengths.</param>
/// <param name="count">Its elements.</param>
internal sealed class CheckpointTensor(string name, CheckpointPart part, int owner, int slot, bool isDouble, nint[] shape, int count)
{
    internal string Name => name;

    internal CheckpointPart Part => part;

    internal int Owner => owner;

    internal int Slot => slot;

    internal bool IsDouble => isDouble;

    internal nint[] Shape => shape;

    internal int Count { get; private set; } = count;

    /// <summary>Rows that a file may have at most, where it may have others than are expected; else -1.</summary>
    internal int MostRows { get; init; } = -1;

    /// <summary>Expects as many rows as the file has, if it may have them.</summary>
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

    /// <summary>Where it lies in the data of the file; -1 as long as it was not met there.</summary>
    internal long Begin { get; set; } = -1;

    internal long End { get; set; }

    /// <summary>What its numbers are in the file.</summary>
    internal FileElement FileElement { get; set; }

    /// <summary>Its SHA-256; empty where the file has none.</summary>
    internal byte[] Hash { get; set; } = [];

    /// <summary>What is wrong with what the file says of it, found first.</summary>
    internal string? Problem { get; set; }

    /// <summary>Its values as read, before they are taken over.</summary>
    internal Array? Values { get; set; }

    internal string ShapeText => $"[{string.Join(", ", shape.Select(side => side.ToString(CultureInfo.InvariantCulture)))}]";
}
