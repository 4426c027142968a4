namespace OptDsl;

/// <summary>
/// Declares a buffer that averages the sample x that the method returns. Exactly one of <see cref="Decay"/>, <see cref="Window"/> and
/// <see cref="Weight"/> must be set, with <c>nameof</c>, to the name of what controls the average. Their type is object only so that the
/// compiler can tell an author who writes a number what to write instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RunningAverageAttribute : Attribute
{
    /// <summary><c>nameof</c> of a hyperparameter b in [0, 1), or of a uniform member: a &lt;- b a + (1 - b) x.</summary>
    public object? Decay { get; set; }

    /// <summary>
    /// <c>nameof</c> of a hyperparameter N, at least 1: a &lt;- a + (x - a) w with w = 1 / min(N, t). This is the plain mean of the first N
    /// samples, and a decayed average after them. It needs no correction.
    /// </summary>
    public object? Window { get; set; }

    /// <summary>
    /// <c>nameof</c> of a hyperparameter w or of any member w: a &lt;- a + (x - a) w. The member may have one value per parameter.
    /// </summary>
    public object? Weight { get; set; }

    /// <summary>How readers see an average with a decay. Averages with a window need no correction.</summary>
    public BiasCorrection Correction { get; set; }

    /// <summary>The average before the first step: a constant, or <c>nameof</c> of a hyperparameter or member. Zero by default.</summary>
    public object? Initial { get; set; }

    /// <summary>
    /// The state's name in checkpoints; the member's name by default. Set it to the name that another program, such as PyTorch, gives the
    /// state. It has ASCII letters, digits and underscores, and differs from the rule's other state names. Only states with one value per
    /// parameter can have one.
    /// </summary>
    public string? SavedAs { get; set; }
}
