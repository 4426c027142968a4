using System.ComponentModel;

namespace OptDsl.Simd;

/// <summary>Converts a vector to vectors of double, for the bodies of reductions.</summary>
/// <typeparam name="V">The vector.</typeparam>
/// <typeparam name="W">The vector of double of the same width; double itself for one lane.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IWidening<V, W>
{
    /// <summary>The first half of a vector of float; all of a vector of double.</summary>
    static abstract W WidenLower(V a);

    /// <summary>The second half of a vector of float.</summary>
    static abstract W WidenUpper(V a);
}
