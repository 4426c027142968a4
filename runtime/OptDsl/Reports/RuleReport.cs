using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace OptDsl;

/// <summary>
/// What the expressions of a rule say of it before it is ever run. The generator derives it and adds it to every rule as the
/// static property <c>Report</c>, whose documentation says the same in words.
/// </summary>
/// <param name="Name">The rule's name.</param>
public sealed record RuleReport(string Name)
{
    /// <summary>Bytes of state per parameter, on a buffer of float; on one of double twice as many.</summary>
    public int StateBytes { get; init; }

    /// <summary>Bytes a step reads and writes per parameter, on a buffer of float; on one of double twice as many.</summary>
    public int BytesPerParameter { get; init; }

    /// <summary>Divisions per parameter, besides those computed once per step.</summary>
    public int Divisions { get; init; }

    /// <summary>Square roots per parameter, besides those computed once per step.</summary>
    public int SquareRoots { get; init; }

    /// <summary>All other operations per parameter, besides those computed once per step; loads and stores do not count.</summary>
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

    /// <summary>Parentheses that would save an operation per parameter. Nothing is reassociated without them.</summary>
    public ImmutableArray<string> Suggestions { get; init; } = [];

    /// <summary>The report as lines of text, one fact per line, units with what they mean.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Name).Append('\n');
        Line("state", $"{Count(StateBytes, "byte")} per parameter (float)");
        Line("memory traffic", $"{Count(BytesPerParameter, "byte")} per parameter and step (float)");
        Line("operations", $"{Count(Divisions, "division")}, {Count(SquareRoots, "square root")} and {Count(OtherOperations, "other")} per parameter");
        Line("passes", $"{Passes} over the parameters per step");
        Line("gradient degree", Degree(GradientDegree, "all gradients"));
        Line("parameter degree", Degree(ParameterDegree, "all parameters"));
        if (DegreeNote.Length > 0)
        {
            Line("", DegreeNote);
        }

        foreach (HyperparameterUnit unit in Units)
        {
            Line("unit", $"{unit.Name}: {Meaning(unit.Unit)}");
        }

        foreach (AverageHalfLife average in HalfLives)
        {
            Line("half-life", string.Create(CultureInfo.InvariantCulture,
                $"{average.Name} forgets half of a sample in {average.Steps:0.0} steps, at the defaults"));
        }

        foreach (string suggestion in Suggestions)
        {
            Line("suggestion", suggestion);
        }

        return text.ToString();

        void Line(string title, string fact)
            => text.Append(CultureInfo.InvariantCulture, $"  {title,-TitleWidth}{fact.TrimEnd('.')}").Append('\n');
    }

    private const int TitleWidth = 18;

    private static string Count(int count, string noun)
        => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Degree(double? degree, string what) => degree switch
    {
        null => "none",
        0 => $"0: multiplying {what} by c does not change the step",
        1 => $"1: multiplying {what} by c multiplies the step by c",
        { } power => string.Create(CultureInfo.InvariantCulture,
            $"{power:0.##}: multiplying {what} by c multiplies the step by c^{power:0.##}"),
    };

    private static string Meaning(string unit) => unit switch
    {
        "1" => "1, a pure number",
        "P" => "P, the unit of the parameters",
        "L" => "L, the unit of the loss",
        "L/P" => "L/P, the unit of the gradient",
        _ when unit.Contains('P', StringComparison.Ordinal) || unit.Contains('L', StringComparison.Ordinal)
            => $"{unit}, where P is the unit of the parameters and L that of the loss",
        _ => unit,
    };
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
