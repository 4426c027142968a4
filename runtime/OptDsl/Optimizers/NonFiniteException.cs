namespace OptDsl;

/// <summary>A step read or computed a value that is not finite.</summary>
public sealed class NonFiniteException : ArithmeticException
{
    internal NonFiniteException(string message, int step, string quantity, string tensor, int index, double value)
        : base(message)
    {
        Step = step;
        Quantity = quantity;
        Tensor = tensor;
        Index = index;
        Value = value;
    }

    /// <summary>The step, from 1.</summary>
    public int Step { get; }

    /// <summary>
    /// The name of the quantity: <c>gradient</c>, <c>parameter</c>, a state, a reduction, or a value computed from a reduction.
    /// </summary>
    public string Quantity { get; }

    /// <summary>The tensor of the value; empty for a value of a group or of all tensors.</summary>
    public string Tensor { get; }

    /// <summary>
    /// The index of the value in the tensor, in row-major order. For a value per row or column, the index of the row or column.
    /// </summary>
    public int Index { get; }

    /// <summary>The value: NaN, an infinity, or a double that is infinite in float.</summary>
    public double Value { get; }
}
