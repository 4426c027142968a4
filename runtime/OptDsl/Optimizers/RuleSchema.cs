using System.Collections.Immutable;

namespace OptDsl;

/// <summary>What a state buffer is for.</summary>
public enum StateRole
{
    /// <summary>A <see cref="StateAttribute"/> member.</summary>
    State,

    /// <summary>A <see cref="RunningAverageAttribute"/> member, stored uncorrected.</summary>
    RunningAverage,

    /// <summary>The last step's value of a member or input that some member reads as <c>previousX</c>.</summary>
    Previous,
}

/// <summary>How many values a state has.</summary>
public enum StateKind
{
    /// <summary>One a parameter.</summary>
    PerParameter,

    /// <summary>One a group, held in double.</summary>
    Uniform,
}

/// <summary>One state of a rule.</summary>
/// <param name="Name">The member's name, or <c>PreviousX</c>.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Kind">How many values it has.</param>
public sealed record StateSchema(string Name, StateRole Role, StateKind Kind);

/// <summary>What the runtime must know of a rule to allocate for it and to step it.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="Arithmetic">How its kernel rounds.</param>
/// <param name="UniformCount">Uniforms of its element body.</param>
/// <param name="CarriedCount">Uniform values, per group, from one step to the next; the first ones are the uniform states.</param>
/// <param name="States">Its states: those per parameter in buffer order, then those per group in the order they are carried.</param>
public sealed record RuleSchema(
    string Name, Arithmetic Arithmetic, int UniformCount, int CarriedCount, ImmutableArray<StateSchema> States)
{
    /// <summary>State buffers of one value a parameter.</summary>
    public int BufferCount { get; } = States.Count(state => state.Kind == StateKind.PerParameter);

    /// <summary>
    /// Whether the element body waits for memory: it has neither a division nor a root, and few operations a load. 512-bit
    /// vectors gain it nothing then, and cost it a little.
    /// </summary>
    public bool IsStreaming { get; init; }

    /// <summary>Its states in words, for messages.</summary>
    internal string Described => States.IsEmpty ? "no state" : "the states " + string.Join(", ", States.Select(state => $"'{state.Name}'"));

    /// <summary>The place in <see cref="States"/> of a state.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name and kind.</exception>
    internal int IndexOf(string name, StateKind kind)
    {
        for (int i = 0; i < States.Length; i++)
        {
            if (States[i].Name == name && States[i].Kind == kind)
            {
                return i;
            }
        }

        string what = kind == StateKind.PerParameter ? "per-parameter" : "uniform";
        string[] known = [.. States.Where(state => state.Kind == kind).Select(state => $"'{state.Name}'")];
        throw new KeyNotFoundException($"{Name} has no {what} state '{name}'; it has {(known.Length == 0 ? "none" : string.Join(", ", known))}.");
    }
}
