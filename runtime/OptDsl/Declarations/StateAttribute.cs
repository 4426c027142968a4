namespace OptDsl;

/// <summary>Declares a buffer, one value per parameter; the method returns the buffer's next value.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StateAttribute : Attribute
{
    /// <summary>
    /// The value before the first step: a constant, or <c>nameof</c> of a hyperparameter or of a member, which is then evaluated
    /// in the first step, from that step's inputs. Zero unless said otherwise.
    /// </summary>
    public object? Initial { get; set; }

    /// <summary>
    /// The state's name in checkpoints, where another program's is to be taken: ASCII letters, digits and underscores, unlike any other
    /// state's of the rule. For states of one value per parameter; the member's name unless said otherwise.
    /// </summary>
    public string? SavedAs { get; set; }
}
