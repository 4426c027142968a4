using System.Collections.Immutable;
using OptDsl.Contract;

namespace OptDsl;

/// <summary>What a state is for.</summary>
public enum StateRole
{
    /// <summary>A <see cref="StateAttribute"/> member.</summary>
    State,

    /// <summary>A <see cref="RunningAverageAttribute"/> member, stored uncorrected.</summary>
    RunningAverage,

    /// <summary>The previous step's value of a member or input that some member reads as <c>previousX</c>.</summary>
    Previous,

    /// <summary>The <see cref="ReadAtAttribute"/> member, if it cannot be computed from what else is stored.</summary>
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

/// <summary>A state of a rule.</summary>
/// <param name="Name">The member's name, or <c>PreviousX</c>.</param>
/// <param name="Role">What the state is for.</param>
/// <param name="Kind">How many values the state has.</param>
public sealed record StateSchema(string Name, StateRole Role, StateKind Kind)
{
    /// <summary>The state's name in checkpoints, as another program calls it; null if it is <see cref="Name"/>.</summary>
    public string? SavedAs { get; init; }
}

/// <summary>The type of a hyperparameter.</summary>
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

/// <summary>A hyperparameter of a rule.</summary>
/// <param name="Name">The name of the property or field.</param>
/// <param name="Type">The type.</param>
public sealed record HyperparameterSchema(string Name, HyperparameterType Type)
{
    /// <summary>The interval in which it must lie, as <see cref="DomainAttribute"/> declares it; null if none is declared.</summary>
    public Interval? Domain { get; init; }
}

/// <summary>Describes a rule: its hyperparameters, members, inputs, states and passes.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="Arithmetic">How its kernel rounds.</param>
/// <param name="UniformCount">The number of uniforms of its per-parameter body.</param>
/// <param name="CarriedCount">
/// The number of uniform values carried from one step to the next, per group or finer. The first ones are the uniform states.
/// </param>
/// <param name="States">
/// The states: first those with one value per parameter, in buffer order, then the others in the order in which they are carried.
/// </param>
public sealed record RuleSchema(
    string Name, Arithmetic Arithmetic, int UniformCount, int CarriedCount, ImmutableArray<StateSchema> States)
{
    private readonly ImmutableArray<InputSchema> inputs = [];

    /// <summary>The number of states with one value per parameter. Each has a buffer.</summary>
    public int BufferCount { get; } = States.Count(state => state.Kind == StateKind.PerParameter);

    /// <summary>
    /// Whether memory limits the per-parameter body: it has neither a division nor a root, and few operations per load. 512-bit vectors
    /// then do not make it faster, and cost a little.
    /// </summary>
    public bool IsStreaming { get; init; }

    /// <summary>The largest number of values per parameter that one of its passes computes, if more than 500; else 0.</summary>
    public int LargestPass { get; init; }

    /// <summary>The hyperparameters, by name.</summary>
    public ImmutableArray<HyperparameterSchema> Values { get; init; } = [];

    /// <summary>The members. Each comes after those it reads.</summary>
    public ImmutableArray<MemberSchema> Members { get; init; } = [];

    /// <summary>The inputs that an attribute declares.</summary>
    public ImmutableArray<InputSchema> Inputs { get => inputs; init => inputs = NoiseStreams.Assign(value); }

    /// <summary>The reductions of all passes.</summary>
    public ImmutableArray<ReductionSchema> Reductions { get; init; } = [];

    /// <summary>The kind of each carried value; empty if all are one per group.</summary>
    public ImmutableArray<ValueKind> Carried { get; init; } = [];

    /// <summary>The number of buffers besides the states: for points, gradients at points, and values kept over a barrier.</summary>
    public int ScratchCount { get; init; }

    /// <summary>Whether the rule reads the loss.</summary>
    public bool ReadsLoss { get; init; }

    /// <summary>The member that is the model to use and save; null if that is the parameters.</summary>
    public string? ReadAt { get; init; }

    /// <summary>The member that is the search direction, or null.</summary>
    public string? SearchDirection { get; init; }

    /// <summary>The members that can be observed.</summary>
    public ImmutableArray<ObservedSchema> Observed { get; init; } = [];

    /// <summary>The sequences of passes.</summary>
    public ImmutableArray<SequenceSchema> Sequences { get; init; } = [];

    internal ImmutableArray<ValueKind> CarriedKinds => Carried.IsEmpty ? [.. Enumerable.Repeat(ValueKind.Group, CarriedCount)] : Carried;

    /// <summary>The number of the caller's inputs with one number per parameter. Their buffers follow the scratch buffers.</summary>
    internal int ParameterInputs => Inputs.Count(input => input.Source == InputSource.PerParameter);

    /// <summary>The sequences. A rule that lists none for a step has one with a single pass: the first, after the first phase.</summary>
    internal ImmutableArray<SequenceSchema> CompleteSequences => Sequence(SequenceKind.Step) is not null ? Sequences
        : [new(SequenceKind.Step, [new PassSchema(0) { GroupPhase = 0, UniformCount = UniformCount, Stores = true }]), .. Sequences];

    /// <summary>The passes for a purpose that the rule has.</summary>
    internal SequenceSchema SequenceOf(SequenceKind kind) => CompleteSequences.First(sequence => sequence.Kind == kind);

    /// <summary>The passes for a purpose, or null.</summary>
    internal SequenceSchema? Sequence(SequenceKind kind) => Sequences.FirstOrDefault(sequence => sequence.Kind == kind);

    /// <summary>Whether a step is one pass over neighbouring tensors, with uniform computations only per group.</summary>
    internal bool IsOnePass => Sequence(SequenceKind.Initial) is null
        && Sequence(SequenceKind.Step) is null
        or { Passes: [{ IsLocal: false, TensorPhase: < 0, EvaluateAt.IsEmpty: true, Noises.IsEmpty: true }] };

    /// <summary>The states in words, for messages.</summary>
    internal string Described => States.IsEmpty ? "no state" : "the states " + string.Join(", ", States.Select(state => $"'{state.Name}'"));

    /// <summary>The place of a state in <see cref="States"/>.</summary>
    /// <exception cref="KeyNotFoundException">The rule has no state of that name and kind.</exception>
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

    /// <summary>A separate method, so that finding a state allocates nothing.</summary>
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
