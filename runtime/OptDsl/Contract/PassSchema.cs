using System.Collections.Immutable;
using System.ComponentModel;

namespace OptDsl.Contract;

/// <summary>How fine a value of a rule is.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ValueKind
{
    /// <summary>One per group.</summary>
    Group,

    /// <summary>One per tensor.</summary>
    Tensor,

    /// <summary>One per row of a tensor.</summary>
    Row,

    /// <summary>One per column of a tensor.</summary>
    Column,

    /// <summary>One per parameter.</summary>
    Parameter,
}

/// <summary>What an input that an attribute declares is bound to.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum InputSource
{
    /// <summary>The caller's, one number per parameter.</summary>
    PerParameter,

    /// <summary>The caller's, one number per tensor.</summary>
    PerTensor,

    /// <summary>A draw from the standard normal distribution.</summary>
    Gaussian,

    /// <summary>A draw from the uniform distribution on (0, 1).</summary>
    Uniform,

    /// <summary>A draw of 1 or -1.</summary>
    Rademacher,

    /// <summary>The gradient at another point.</summary>
    GradientAt,
}

/// <summary>What a sequence of passes is for.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum SequenceKind
{
    /// <summary>A step.</summary>
    Step,

    /// <summary>A step that records what is observed.</summary>
    Observed,

    /// <summary>The states' content before the first step.</summary>
    Initial,

    /// <summary>The model to use and save.</summary>
    Read,

    /// <summary>The search direction of the step to come.</summary>
    Direction,
}

/// <summary>A reduction.</summary>
/// <param name="Name">The member, or what it observes.</param>
/// <param name="Operator">How it combines.</param>
/// <param name="Scope">What it goes over.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ReductionSchema(string Name, Reduction Operator, Scope Scope);

/// <summary>A member of a rule.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">How fine it is.</param>
/// <param name="Reduction">For a reduction, what it does.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record MemberSchema(string Name, ValueKind Kind, ReductionSchema? Reduction = null);

/// <summary>An input that an attribute declares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">What it is bound to.</param>
/// <param name="Scope">For a draw, what there is one of.</param>
/// <param name="Member">For a gradient, the member that is the point; else -1.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record InputSchema(string Name, InputSource Source, Scope Scope, int Member)
{
    internal ValueKind Kind => Source == InputSource.PerTensor ? ValueKind.Tensor : Scope switch
    {
        Scope.Row => ValueKind.Row,
        Scope.Column => ValueKind.Column,
        Scope.Tensor => ValueKind.Tensor,
        Scope.Group or Scope.Global => ValueKind.Group,
        _ => ValueKind.Parameter,
    };

    /// <summary>For a draw, the stream it comes from; the rule's schema gives each of its inputs one of its own.</summary>
    internal uint Stream { get; init; }

    internal bool IsNoise => Source is InputSource.Gaussian or InputSource.Uniform or InputSource.Rademacher;
}

/// <summary>What is recorded of an observed member.</summary>
/// <param name="Name">The member.</param>
/// <param name="Statistics">
/// The reductions of its squares' sum, least, greatest, sum, number of values that are not zero, and the sums of squares times 2^-1200, and
/// times 2^1200 of values below 2^-480.
/// </param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ObservedSchema(string Name, ImmutableArray<int> Statistics);

/// <summary>Passes in order.</summary>
/// <param name="Kind">What they are for.</param>
/// <param name="Passes">The passes; the last may sweep nothing, and only end what the others began.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record SequenceSchema(SequenceKind Kind, ImmutableArray<PassSchema> Passes);

/// <summary>A pass and what is computed before it.</summary>
/// <param name="Sweep">Its number for the kernel; -1 where nothing is swept.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record PassSchema(int Sweep)
{
    /// <summary>Whether all tensors must have ended the pass before.</summary>
    public bool IsBarrier { get; init; }

    /// <summary>What is computed once per group before it, or -1.</summary>
    public int GroupPhase { get; init; } = -1;

    /// <summary>What is computed once per tensor before it, or -1.</summary>
    public int TensorPhase { get; init; } = -1;

    /// <summary>Whether what is computed per tensor can throw, so that it is computed for all tensors before the pass sweeps any.</summary>
    public bool IsChecked { get; init; }

    /// <summary>Its first uniform among those of all passes.</summary>
    public int UniformStart { get; init; }

    /// <summary>Its uniforms.</summary>
    public int UniformCount { get; init; }

    /// <summary>Whether it goes tensor by tensor.</summary>
    public bool IsLocal { get; init; }

    /// <summary>Whether it goes row by row.</summary>
    public bool IsRowWise { get; init; }

    /// <summary>The uniforms that change from row to row.</summary>
    public ImmutableArray<int> RowUniforms { get; init; } = [];

    /// <summary>Its values of one per column.</summary>
    public int ColumnCount { get; init; }

    /// <summary>The reductions it feeds.</summary>
    public ImmutableArray<int> Reductions { get; init; } = [];

    /// <summary>Whether it stores parameters or states, so that from it on a step is made.</summary>
    public bool Stores { get; init; }

    /// <summary>The draws it reads per parameter.</summary>
    public ImmutableArray<int> Noises { get; init; } = [];

    /// <summary>The scratch buffers of the points at which gradients are taken after it, in this order.</summary>
    public ImmutableArray<int> EvaluateAt { get; init; } = [];
}
