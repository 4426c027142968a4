using System.Collections.Immutable;
using OptDsl.Contract;

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

    /// <summary>The <see cref="ReadAtAttribute"/> member, where it cannot be made again from what else is stored.</summary>
    ReadAt,
}

/// <summary>How many values a state has.</summary>
public enum StateKind
{
    /// <summary>One per parameter.</summary>
    PerParameter,

    /// <summary>One per group, held in double.</summary>
    Uniform,

    /// <summary>One per tensor, held in double.</summary>
    PerTensor,

    /// <summary>One per row of a tensor, held in double.</summary>
    PerRow,

    /// <summary>One per column of a tensor, held in double.</summary>
    PerColumn,
}

/// <summary>One state of a rule.</summary>
/// <param name="Name">The member's name, or <c>PreviousX</c>.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Kind">How many values it has.</param>
public sealed record StateSchema(string Name, StateRole Role, StateKind Kind)
{
    /// <summary>Another program's name for it, by which checkpoints keep it; null where that is <see cref="Name"/>.</summary>
    public string? SavedAs { get; init; }
}

/// <summary>The type of a value that a rule holds.</summary>
public enum HyperparameterType
{
    /// <summary>double.</summary>
    Double,

    /// <summary>float.</summary>
    Single,

    /// <summary>int.</summary>
    Int32,

    /// <summary>bool.</summary>
    Boolean,
}

/// <summary>A value that a rule holds.</summary>
/// <param name="Name">The property's or field's name.</param>
/// <param name="Type">Its type.</param>
public sealed record HyperparameterSchema(string Name, HyperparameterType Type)
{
    /// <summary>Where it must lie, as <see cref="DomainAttribute"/> declares it; null where nothing is declared.</summary>
    public Interval? Domain { get; init; }
}

/// <summary>What the runtime must know of a rule to allocate for it and to step it.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="Arithmetic">How its kernel rounds.</param>
/// <param name="UniformCount">Uniforms of its element body.</param>
/// <param name="CarriedCount">Uniform values, per group or finer, from one step to the next; the first ones are the uniform states.</param>
/// <param name="States">Its states: those per parameter in buffer order, then the others in the order they are carried.</param>
public sealed record RuleSchema(
    string Name, Arithmetic Arithmetic, int UniformCount, int CarriedCount, ImmutableArray<StateSchema> States)
{
    private readonly ImmutableArray<InputSchema> inputs = [];

    /// <summary>State buffers of one value per parameter.</summary>
    public int BufferCount { get; } = States.Count(state => state.Kind == StateKind.PerParameter);

    /// <summary>
    /// Whether the element body waits for memory: it has neither a division nor a root, and few operations a load. 512-bit
    /// vectors gain it nothing then, and cost it a little.
    /// </summary>
    public bool IsStreaming { get; init; }

    /// <summary>The most values per parameter that one of its passes computes, where they are more than 500; else 0.</summary>
    public int LargestPass { get; init; }

    /// <summary>The values it holds, by name.</summary>
    public ImmutableArray<HyperparameterSchema> Values { get; init; } = [];

    /// <summary>Its members, each after those it reads.</summary>
    public ImmutableArray<MemberSchema> Members { get; init; } = [];

    /// <summary>Its inputs that an attribute declares.</summary>
    public ImmutableArray<InputSchema> Inputs { get => inputs; init => inputs = NoiseStreams.Assign(value); }

    /// <summary>The reductions of all its passes.</summary>
    public ImmutableArray<ReductionSchema> Reductions { get; init; } = [];

    /// <summary>What each carried value is one of; empty where all are one per group.</summary>
    public ImmutableArray<ValueKind> Carried { get; init; } = [];

    /// <summary>Buffers beside the states: points, gradients there, values kept over a barrier.</summary>
    public int ScratchCount { get; init; }

    /// <summary>Whether it reads the loss.</summary>
    public bool ReadsLoss { get; init; }

    /// <summary>The member that is the model to use and save; null where that is the parameter.</summary>
    public string? ReadAt { get; init; }

    /// <summary>The member that is the search direction, or null.</summary>
    public string? SearchDirection { get; init; }

    /// <summary>What can be observed.</summary>
    public ImmutableArray<ObservedSchema> Observed { get; init; } = [];

    /// <summary>Its passes.</summary>
    public ImmutableArray<SequenceSchema> Sequences { get; init; } = [];

    internal ImmutableArray<ValueKind> CarriedKinds => Carried.IsEmpty ? [.. Enumerable.Repeat(ValueKind.Group, CarriedCount)] : Carried;

    /// <summary>The caller's inputs of one number per parameter: buffers after the scratch.</summary>
    internal int ParameterInputs => Inputs.Count(input => input.Source == InputSource.PerParameter);

    /// <summary>Its sequences; a rule that lists no step has one of a single pass, the first, after the first phase.</summary>
    internal ImmutableArray<SequenceSchema> CompleteSequences => Sequence(SequenceKind.Step) is not null ? Sequences
        : [new(SequenceKind.Step, [new PassSchema(0) { GroupPhase = 0, UniformCount = UniformCount, Stores = true }]), .. Sequences];

    /// <summary>The passes for a purpose that it has.</summary>
    internal SequenceSchema SequenceOf(SequenceKind kind) => CompleteSequences.First(sequence => sequence.Kind == kind);

    /// <summary>The passes for a purpose, or null.</summary>
    internal SequenceSchema? Sequence(SequenceKind kind) => Sequences.FirstOrDefault(sequence => sequence.Kind == kind);

    /// <summary>Whether a step is one pass over neighbouring tensors, with nothing to compute but once per group.</summary>
    internal bool IsOnePass => Sequence(SequenceKind.Initial) is null
        && Sequence(SequenceKind.Step) is null
        or { Passes: [{ IsLocal: false, TensorPhase: < 0, EvaluateAt.IsEmpty: true, Noises.IsEmpty: true }] };

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

        throw NoState(name, kind);
    }

    /// <summary>Apart from where it is thrown, so that finding a state allocates nothing.</summary>
    private KeyNotFoundException NoState(string name, StateKind kind)
    {
        string what = kind switch
        {
            StateKind.PerParameter => "per-parameter",
            StateKind.Uniform => "uniform",
            StateKind.PerTensor =>
            "per-tensor",
            StateKind.PerRow => "per-row",
            _ => "per-column"
        };
        string[] known = [.. States.Where(state => state.Kind == kind).Select(state => $"'{state.Name}'")];
        return new($"{Name} has no {what} state '{name}'; it has {(known.Length == 0 ? "none" : string.Join(", ", known))}.");
    }
}
