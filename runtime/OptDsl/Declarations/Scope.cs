namespace OptDsl;

/// <summary>
/// What a reduction combines, or what shares one draw. A tensor of two or more dimensions is a matrix of its first dimension by all others.
/// A tensor with fewer dimensions is a single row.
/// </summary>
public enum Scope
{
    /// <summary>A single parameter; not for reductions.</summary>
    Parameter,

    /// <summary>A row of a tensor.</summary>
    Row,

    /// <summary>A column of a tensor.</summary>
    Column,

    /// <summary>A tensor.</summary>
    Tensor,

    /// <summary>All tensors of a group.</summary>
    Group,

    /// <summary>All tensors of the optimizer.</summary>
    Global,
}
