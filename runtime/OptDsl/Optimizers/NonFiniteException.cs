namespace OptDsl;

/// <summary>A step met, or made, a value that is not finite.</summary>
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

    /// <summary><c>gradient</c>, <c>parameter</c>, or the name of a state, of a reduction or of what is made of one.</summary>
    public string Quantity { get; }

    /// <summary>The tensor the value belongs to; empty for a value of a group, or of all tensors.</summary>
    public string Tensor { get; }

    /// <summary>The value's index in the tensor, in row-major order; of a value per row or column, its row or column.</summary>
    public int Index { get; }

    /// <summary>The value: NaN, an infinity, or in double what is infinite in float.</summary>
    public double Value { get; }
}
