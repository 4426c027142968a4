namespace OptDsl;

/// <summary>Declares a buffer that lives from step to step. The method returns the buffer's next value.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StateAttribute : Attribute
{
    /// <summary>
    /// The value before the first step: a constant, or <c>nameof</c> of a hyperparameter or member. A member is evaluated in the first
    /// step, from that step's inputs. Zero by default.
    /// </summary>
    public object? Initial { get; set; }

    /// <summary>
    /// The state's name in checkpoints; the member's name by default. Set it to the name that another program, such as PyTorch, gives the
    /// state. It has ASCII letters, digits and underscores, and differs from the rule's other state names. Only states with one value per
    /// parameter can have one.
    /// </summary>
    public string? SavedAs { get; set; }
}
