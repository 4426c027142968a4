namespace OptDsl;

/// <summary>
/// Declares a buffer that averages the sample x the method returns. Exactly one of <see cref="Decay"/>, <see cref="Window"/> and
/// <see cref="Weight"/> says how: the name of what it reads, by <c>nameof</c>. They take any object so that a number is answered with what
/// to write in its place.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RunningAverageAttribute : Attribute
{
    /// <summary><c>nameof</c> of a hyperparameter b in [0, 1), or of a uniform member: a &lt;- b a + (1 - b) x.</summary>
    public object? Decay { get; set; }

    /// <summary>
    /// <c>nameof</c> of a hyperparameter N, at least 1: a &lt;- a + (x - a) w with w = 1 / min(N, t), the plain mean of the
    /// first N samples and a decayed average after them. Needs no correction.
    /// </summary>
    public object? Window { get; set; }

    /// <summary>
    /// <c>nameof</c> of a hyperparameter or of any member w, also one that differs from parameter to parameter: a &lt;- a + (x - a) w.
    /// </summary>
    public object? Weight { get; set; }

    /// <summary>How readers see a decayed average; not for a window, which is unbiased as it is.</summary>
    public BiasCorrection Correction { get; set; }

    /// <summary>
    /// The average before the first step: a constant, or <c>nameof</c> of a hyperparameter or member. Zero unless said otherwise.
    /// </summary>
    public object? Initial { get; set; }

    /// <summary>
    /// The state's name in checkpoints, where another program's is to be taken: ASCII letters, digits and underscores, unlike any other
    /// state's of the rule. For states of one value per parameter; the member's name unless said otherwise.
    /// </summary>
    public string? SavedAs { get; set; }
}
