namespace OptDsl;

/// <summary>How a <see cref="ReduceAttribute"/> combines values.</summary>
public enum Reduction
{
    /// <summary>The sum, in double, over a fixed tree. Its bits depend neither on the vector width nor on the number of threads.</summary>
    Sum,

    /// <summary>The sum divided by the number of values.</summary>
    Mean,

    /// <summary>The largest value; NaN if any value is NaN.</summary>
    Max,

    /// <summary>The smallest value; NaN if any value is NaN.</summary>
    Min,
}
