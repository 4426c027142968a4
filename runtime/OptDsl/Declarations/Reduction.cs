namespace OptDsl;

/// <summary>How a <see cref="ReduceAttribute"/> combines values.</summary>
public enum Reduction
{
    /// <summary>Their sum, in double, over a fixed tree: its bits depend neither on the vector width nor on the threads.</summary>
    Sum,

    /// <summary>Their sum divided by how many there are.</summary>
    Mean,

    /// <summary>The greatest; NaN if any is.</summary>
    Max,

    /// <summary>The least; NaN if any is.</summary>
    Min,
}
