namespace OptDsl;

/// <summary>What a step does about gradients, parameters and states that are not finite.</summary>
public enum OnNonFinite
{
    /// <summary>
    /// Detects them within the pass, without extra memory traffic, and throws <see cref="NonFiniteException"/> after it. The default.
    /// </summary>
    Throw,

    /// <summary>Does not check.</summary>
    Ignore,

    /// <summary>
    /// Scans the gradients before the step, which reads them once more. If a gradient is not finite, the step is refused: parameters,
    /// states and step count stay as they are. It throws if more steps in a row are refused than
    /// <see cref="OptimizerOptions.RefusalLimit"/>.
    /// </summary>
    Refuse,
}
