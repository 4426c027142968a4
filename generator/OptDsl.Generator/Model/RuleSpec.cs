namespace OptDsl.Generator.Model;

/// <summary>A valid rule as plain values: all that emission needs, and nothing that holds on to a compilation.</summary>
/// <param name="Type">Where the type stands.</param>
/// <param name="Name">The rule's name.</param>
/// <param name="Element">The element it is declared in.</param>
/// <param name="Fused">Whether products are contracted.</param>
/// <param name="Members">Its attributed methods, each after those it reads.</param>
/// <param name="Nodes">Its expressions, operands before users.</param>
/// <param name="Buffers">Its per-parameter states.</param>
/// <param name="Carried">Its uniform values that live from step to step.</param>
/// <param name="Update">The node of the new parameter.</param>
/// <param name="ReadAt">The node of the model to use and save; -1 where that is the parameter.</param>
/// <param name="SearchDirection">The node of the search direction, or -1.</param>
/// <param name="Extras">Its inputs that an attribute declares.</param>
/// <param name="Observed">What can be observed.</param>
/// <param name="Numbers">Hyperparameters of floating type that the rule reads, to be checked.</param>
/// <param name="NameHints">Names for values in the emitted text, by node.</param>
internal sealed record RuleSpec(
    TypeHierarchy Type,
    string Name,
    ScalarType Element,
    bool Fused,
    EquatableArray<MemberSpec> Members,
    EquatableArray<Expression> Nodes,
    EquatableArray<BufferSpec> Buffers,
    EquatableArray<CarriedSpec> Carried,
    int Update,
    int ReadAt,
    int SearchDirection,
    EquatableArray<ExtraSpec> Extras,
    EquatableArray<ObservedSpec> Observed,
    EquatableArray<ValueSpec> Numbers,
    EquatableArray<NameHint> NameHints)
{
    /// <summary>
    /// The node of what is computed to read the model after a step, from what the step stored; -1 without a [ReadAt] member.
    /// </summary>
    internal int Reading { get; init; } = -1;

    /// <summary>The expressions that only a read computes: their numbers follow those of <see cref="Nodes"/>.</summary>
    internal EquatableArray<Expression> ReadingNodes { get; init; }

    /// <summary>What a read can throw at.</summary>
    internal EquatableArray<CheckSpec> ReadingChecks { get; init; }

    /// <summary>What computing the states' content before the first step must not throw at, in terms of what is known then.</summary>
    internal EquatableArray<CheckSpec> InitialChecks { get; init; }

    /// <summary>The defaults of the hyperparameters the rule reads, those that are known at compile time.</summary>
    internal EquatableArray<DefaultSpec> Defaults { get; init; }

    /// <summary>What static read-only values hold that begin with a constant. The emitted text reads them all the same.</summary>
    internal EquatableArray<DefaultSpec> Statics { get; init; }

    /// <summary>Where hyperparameters must lie, of those that say so.</summary>
    internal EquatableArray<DomainSpec> Domains { get; init; }

    /// <summary>The scalar values that an instance of the rule holds, whether the rule computes with them or not.</summary>
    internal EquatableArray<ValueSpec> Values { get; init; }

    /// <summary>How a rule with other values is made, as far as the author lets them be set; null where it cannot be.</summary>
    internal CopySpec? Copy { get; init; }
}

/// <summary>A scalar property or field of a rule that holds its own value.</summary>
/// <param name="Name">What tells it apart: its name, or where a derived type hides that, <c>Base.Name</c>.</param>
/// <param name="Type">Its type.</param>
internal sealed record ValueSpec(string Name, ScalarType Type)
{
    /// <summary>The qualified enum that it is; else empty.</summary>
    internal string Enum { get; init; } = "";

    /// <summary>The name of the property or field itself.</summary>
    internal string Member { get; init; } = Name;

    /// <summary>The qualified type by which it is read where its name stands for another member; else empty.</summary>
    internal string Owner { get; init; } = "";
}

/// <summary>How a value of the rule is reached.</summary>
/// <param name="Owner">
/// The qualified type to read it by: of a static value its type, else one that the rule is taken as, or empty for the rule's own.
/// </param>
/// <param name="Member">The property or field.</param>
/// <param name="IsStatic">Whether it belongs to the type.</param>
internal readonly record struct ValuePath(string Owner, string Member, bool IsStatic);

/// <summary>How a rule with other values is made.</summary>
/// <param name="IsRecord">Whether a record is copied; else a new object is made.</param>
/// <param name="Layers">The values to set, by the type as which they are set: the rule's own first, then those that it hides.</param>
internal sealed record CopySpec(bool IsRecord, EquatableArray<CopyLayer> Layers);

/// <summary>Values that are set by one type.</summary>
/// <param name="Owner">The qualified type; empty for the rule's own.</param>
/// <param name="Values">Their places among <see cref="RuleSpec.Values"/>.</param>
internal sealed record CopyLayer(string Owner, EquatableArray<int> Values);

/// <summary>The default of a hyperparameter.</summary>
/// <param name="Name">The hyperparameter.</param>
/// <param name="Value">Its default.</param>
internal sealed record DefaultSpec(string Name, double Value);

/// <summary>A per-parameter state.</summary>
/// <param name="Name">Its name in the schema.</param>
/// <param name="Role">What it is kept for.</param>
/// <param name="Stored">The node of its next content.</param>
/// <param name="Initial">The node of its content before the first step.</param>
/// <param name="Previous">For <see cref="MemoryRole.Previous"/>, what it keeps.</param>
internal sealed record BufferSpec(string Name, MemoryRole Role, int Stored, int Initial, InputSpec Previous)
{
    /// <summary>Its name in files, where that is not <see cref="Name"/>.</summary>
    internal string? SavedAs { get; init; }
}

/// <summary>A uniform value that lives from step to step.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role">What it is kept for.</param>
/// <param name="Type">Its type.</param>
/// <param name="Kind">What it is one of.</param>
/// <param name="Stored">The node of its next value.</param>
/// <param name="Initial">The node of its value before the first step.</param>
/// <param name="Previous">
/// For <see cref="MemoryRole.Previous"/>, what it keeps; for a correction or a product of decays, the average.
/// </param>
internal sealed record CarriedSpec(string Name, MemoryRole Role, ScalarType Type, Kind Kind, int Stored, int Initial, InputSpec Previous)
{
    /// <summary>Whether it is a state of the rule's own, with a name in the schema.</summary>
    internal bool IsState => Role is not (MemoryRole.Correction or MemoryRole.DecayProduct);
}

/// <summary>A member that can be observed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Node">Its value; of the update, its difference to the parameter.</param>
internal sealed record ObservedSpec(string Name, int Node);

/// <summary>
/// Something that can throw, and does so whenever the body that holds it runs: a uniform value, or the bounds of a clamp of
/// per-parameter values.
/// </summary>
/// <param name="Node">The value; of a clamp the lower bound.</param>
/// <param name="Max">The upper bound of a clamp; else -1.</param>
/// <param name="Text">Which clamp it is, for the exception; else empty.</param>
internal readonly record struct CheckSpec(int Node, int Max, string Text)
{
    internal CheckSpec(int node)
        : this(node, -1, "")
    {
    }

    internal IEnumerable<int> Nodes => Max < 0 ? [Node] : [Node, Max];

    /// <summary>The same of other nodes.</summary>
    internal CheckSpec Map(Func<int, int> map) => this with { Node = map(Node), Max = Max < 0 ? Max : map(Max) };
}

/// <summary>A name the author, or a role, gives to a value.</summary>
/// <param name="Node">The value's node.</param>
/// <param name="Name">The name, camelCase.</param>
internal sealed record NameHint(int Node, string Name);
