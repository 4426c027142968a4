using System.Collections.Immutable;
using System.ComponentModel;

namespace OptDsl.Contract;

/// <summary>The number of values of a member or state.</summary>
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

/// <summary>The source of an input that an attribute declares.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum InputSource
{
    /// <summary>Filled by the caller, one number per parameter.</summary>
    PerParameter,

    /// <summary>Set by the caller, one number per tensor.</summary>
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

/// <summary>The purpose of a sequence of passes.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum SequenceKind
{
    /// <summary>Makes a step.</summary>
    Step,

    /// <summary>Makes a step that records statistics of observed members.</summary>
    Observed,

    /// <summary>Computes the states' content before the first step.</summary>
    Initial,

    /// <summary>Computes the model to use and save.</summary>
    Read,

    /// <summary>Computes the search direction of the next step.</summary>
    Direction,
}

/// <summary>A reduction.</summary>
/// <param name="Name">The member that is reduced or observed.</param>
/// <param name="Operator">How values are combined.</param>
/// <param name="Scope">The scope that is reduced.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ReductionSchema(string Name, Reduction Operator, Scope Scope);

/// <summary>A member of a rule.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="Kind">How many values it has.</param>
/// <param name="Reduction">The reduction, if the member is one.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record MemberSchema(string Name, ValueKind Kind, ReductionSchema? Reduction = null);

/// <summary>An input that an attribute declares.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Source">The input's source.</param>
/// <param name="Scope">For a draw, what shares one draw.</param>
/// <param name="Member">For a gradient, the number of the member that is the point; else -1.</param>
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

    /// <summary>For a draw, its stream. The rule's schema gives each input name its own stream.</summary>
    internal uint Stream { get; init; }

    internal bool IsNoise => Source is InputSource.Gaussian or InputSource.Uniform or InputSource.Rademacher;
}

/// <summary>The statistics recorded for an observed member.</summary>
/// <param name="Name">The member.</param>
/// <param name="Statistics">
/// The numbers of seven reductions: sum of squares, minimum, maximum, sum, number of non-zero values, sum of squares scaled by 2^-1200, and
/// sum of squares scaled by 2^1200 over values below 2^-480.
/// </param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ObservedSchema(string Name, ImmutableArray<int> Statistics);

/// <summary>The passes for one purpose, in order.</summary>
/// <param name="Kind">The purpose.</param>
/// <param name="Passes">The passes. The last one may sweep nothing and only finish what the others began.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record SequenceSchema(SequenceKind Kind, ImmutableArray<PassSchema> Passes);

/// <summary>A pass and the uniform computations before it.</summary>
/// <param name="Sweep">The number of the kernel's sweep; -1 if nothing is swept.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record PassSchema(int Sweep)
{
    /// <summary>Whether all tensors must have finished the previous pass.</summary>
    public bool IsBarrier { get; init; }

    /// <summary>The uniform computation per group before the pass, or -1.</summary>
    public int GroupPhase { get; init; } = -1;

    /// <summary>The uniform computation per tensor before the pass, or -1.</summary>
    public int TensorPhase { get; init; } = -1;

    /// <summary>Whether the computation per tensor can throw. It is then done for all tensors before the pass sweeps any.</summary>
    public bool IsChecked { get; init; }

    /// <summary>The place of its first uniform among those of all passes.</summary>
    public int UniformStart { get; init; }

    /// <summary>The number of its uniforms.</summary>
    public int UniformCount { get; init; }

    /// <summary>Whether it sweeps tensor by tensor.</summary>
    public bool IsLocal { get; init; }

    /// <summary>Whether it sweeps row by row.</summary>
    public bool IsRowWise { get; init; }

    /// <summary>The uniforms that differ from row to row.</summary>
    public ImmutableArray<int> RowUniforms { get; init; } = [];

    /// <summary>The number of its values per column.</summary>
    public int ColumnCount { get; init; }

    /// <summary>The reductions it contributes to.</summary>
    public ImmutableArray<int> Reductions { get; init; } = [];

    /// <summary>Whether it stores parameters or states. From this pass on, the step counts as made.</summary>
    public bool Stores { get; init; }

    /// <summary>The draws it reads per parameter.</summary>
    public ImmutableArray<int> Noises { get; init; } = [];

    /// <summary>The scratch buffers of the points at which gradients are taken after the pass, in this order.</summary>
    public ImmutableArray<int> EvaluateAt { get; init; } = [];
}
