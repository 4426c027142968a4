using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace OptDsl;

/// <summary>
/// What the expressions of a rule tell about it before it runs. The generator derives the report and adds it to every rule as the static
/// property <c>Report</c>. The property's documentation has the same text.
/// </summary>
/// <param name="Name">The rule's name.</param>
public sealed record RuleReport(string Name)
{
    /// <summary>Bytes of state per parameter on a float buffer; a double buffer has twice as many.</summary>
    public int StateBytes { get; init; }

    /// <summary>Bytes that a step reads and writes per parameter on a float buffer; a double buffer has twice as many.</summary>
    public int BytesPerParameter { get; init; }

    /// <summary>Divisions per parameter, without those computed once per step.</summary>
    public int Divisions { get; init; }

    /// <summary>Square roots per parameter, without those computed once per step.</summary>
    public int SquareRoots { get; init; }

    /// <summary>All other operations per parameter, without those computed once per step. Loads and stores do not count.</summary>
    public int OtherOperations { get; init; }

    /// <summary>The number of passes over the parameters per step.</summary>
    public int Passes { get; init; }

    /// <summary>
    /// The exponent d for which multiplying every gradient so far by c multiplies the change of the parameters by c^d: 0 for Adam, 1 for
    /// plain gradient descent. Null if there is no such exponent; <see cref="DegreeNote"/> then tells why.
    /// </summary>
    public double? GradientDegree { get; init; }

    /// <summary>The same exponent for multiplying the parameters, with the gradients given.</summary>
    public double? ParameterDegree { get; init; }

    /// <summary>
    /// What breaks the degrees; empty if nothing does. For a constant such as an epsilon, the degrees hold where it is small enough.
    /// </summary>
    public string DegreeNote { get; init; } = "";

    /// <summary>The units of the hyperparameters, by name.</summary>
    public ImmutableArray<HyperparameterUnit> Units { get; init; } = [];

    /// <summary>The half-life of each running average whose decay or window has a default.</summary>
    public ImmutableArray<AverageHalfLife> HalfLives { get; init; } = [];

    /// <summary>Parentheses that would save an operation per parameter. The generator reassociates nothing by itself.</summary>
    public ImmutableArray<string> Suggestions { get; init; } = [];

    /// <summary>The report as text, with one fact per line and the meaning of the units.</summary>
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
        _ => (unit.Contains('P', StringComparison.Ordinal), unit.Contains('L', StringComparison.Ordinal)) switch
        {
            (true, true) => $"{unit}, where P is the unit of the parameters and L that of the loss",
            (true, false) => $"{unit}, where P is the unit of the parameters",
            (false, true) => $"{unit}, where L is the unit of the loss",
            _ => unit,
        },
    };
}

/// <summary>The unit of a hyperparameter.</summary>
/// <param name="Name">The hyperparameter's name.</param>
/// <param name="Unit">
/// The unit, in terms of P, the unit of the parameters, and L, the unit of the loss. The gradient's unit is then L/P, and the learning rate
/// of plain gradient descent has <c>P^2/L</c>. It is <c>1</c> for a pure number, and <c>not determined</c> if the rule allows several
/// units.
/// </param>
public sealed record HyperparameterUnit(string Name, string Unit);

/// <summary>The half-life of a running average.</summary>
/// <param name="Name">The average's name.</param>
/// <param name="Steps">The number of steps after which half of a sample is forgotten, with the defaults of the hyperparameters.</param>
public sealed record AverageHalfLife(string Name, double Steps);

/// <summary>A rule with a report. The generator implements it for every type marked <see cref="OptimizerAttribute"/>.</summary>
public interface IReportedRule
{
    /// <summary>What the rule's expressions tell about it.</summary>
    static abstract RuleReport Report { get; }
}
