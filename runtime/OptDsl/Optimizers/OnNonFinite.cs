namespace OptDsl;

/// <summary>What a step does about gradients, parameters and states that are not finite.</summary>
public enum OnNonFinite
{
    /// <summary>Notices inside the pass, at no extra traffic, and throws <see cref="NonFiniteException"/> after it. The default.</summary>
    Throw,

    /// <summary>Does not look.</summary>
    Ignore,

    /// <summary>
    /// Scans the gradients first, one more read of them. A step with a gradient that is not finite is refused:
    /// parameters, state and step count stay as they are. Past a limit of refusals in a row it throws.
    /// </summary>
    Refuse,
}
