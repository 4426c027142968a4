using System.Collections.Immutable;

namespace OptDsl;

/// <summary>
/// What the expressions of a rule say of it before it is ever run. The generator derives it and adds it to every rule as the
/// static property <c>Report</c>, whose documentation says the same in words.
/// </summary>
/// <param name="Name">The rule's name.</param>
public sealed record RuleReport(string Name)
{
    /// <summary>Bytes of state a parameter, on a buffer of float; on one of double twice as many.</summary>
    public int StateBytes { get; init; }

    /// <summary>Bytes a step reads and writes a parameter, on a buffer of float; on one of double twice as many.</summary>
    public int BytesPerParameter { get; init; }

    /// <summary>Divisions a parameter, besides those computed once a step.</summary>
    public int Divisions { get; init; }

    /// <summary>Square roots a parameter, besides those computed once a step.</summary>
    public int SquareRoots { get; init; }

    /// <summary>All other operations a parameter, besides those computed once a step; loads and stores do not count.</summary>
    public int OtherOperations { get; init; }

    /// <summary>How often a step runs over the parameters.</summary>
    public int Passes { get; init; }

    /// <summary>
    /// By which power of a factor the change of the parameters grows when every gradient so far is multiplied by it: 0 for Adam,
    /// 1 for plain descent. Null where it has none; <see cref="DegreeNote"/> then says why.
    /// </summary>
    public double? GradientDegree { get; init; }

    /// <summary>The same for the parameters, at given gradients.</summary>
    public double? ParameterDegree { get; init; }

    /// <summary>
    /// What breaks the degrees, such as an epsilon, beside which they hold where it is small enough; empty where nothing does.
    /// </summary>
    public string DegreeNote { get; init; } = "";

    /// <summary>The units of the hyperparameters, by name.</summary>
    public ImmutableArray<HyperparameterUnit> Units { get; init; } = [];

    /// <summary>How long each running average remembers, where its decay or window has a default.</summary>
    public ImmutableArray<AverageHalfLife> HalfLives { get; init; } = [];

    /// <summary>Parentheses that would save an operation a parameter. Nothing is reassociated without them.</summary>
    public ImmutableArray<string> Suggestions { get; init; } = [];
}

/// <summary>The unit of a hyperparameter.</summary>
/// <param name="Name">The hyperparameter.</param>
/// <param name="Unit">
/// Its unit in terms of P, the parameters', and L, the loss's, so that the gradient's is L/P: <c>P^2/L</c> for the rate of plain
/// descent. <c>1</c> for a pure number; <c>not determined</c> where the rule allows several.
/// </param>
public sealed record HyperparameterUnit(string Name, string Unit);

/// <summary>How long a running average remembers.</summary>
/// <param name="Name">The average.</param>
/// <param name="Steps">After how many steps half of a sample is forgotten, at the defaults of the hyperparameters.</param>
public sealed record AverageHalfLife(string Name, double Steps);

/// <summary>A rule with a report. Implemented by the generator for every type marked <see cref="OptimizerAttribute"/>.</summary>
public interface IReportedRule
{
    /// <summary>What the rule's expressions say of it.</summary>
    static abstract RuleReport Report { get; }
}
