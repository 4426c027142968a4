using System.Globalization;
using OptDsl.Generator.Emission.Text;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Host;

/// <summary>
/// Emits the report of a rule: as a value, and in the comment of the property that returns it. Not in a comment of the type,
/// because that would count as the documentation of a type its author left without.
/// </summary>
internal static class ReportEmitter
{
    internal static void WriteProperty(SourceWriter writer, RuleReport report, EmissionNames names)
    {
        writer.Line($"/// <summary>What the expressions of {Escape(report.Name)} say of it.</summary>");
        writer.Line("/// <remarks>");
        foreach (string paragraph in Paragraphs(report))
        {
            writer.Line($"/// <para>{Escape(paragraph)}</para>");
        }

        writer.Line("/// </remarks>");
        writer.Line(EmissionNames.GeneratedCode);
        writer.Line(
            $"public static global::OptDsl.RuleReport {KnownTypes.ReportName} => {KnownTypes.KernelTypeName}.{names.Description}.{KnownTypes.ReportName};");
        writer.Line();
    }

    /// <summary>In a class of its own, so that a rule which is only stepped does not make it.</summary>
    internal static void WriteValue(SourceWriter writer, RuleReport report, EmissionNames names)
    {
        writer.Line();
        writer.Open($"internal static class {names.Description}");
        writer.Line($"internal static readonly global::OptDsl.RuleReport {KnownTypes.ReportName} = new({Literals.String(report.Name)})");
        writer.Open();
        writer.Lines(
            $"StateBytes = {Int(report.StateBytes)},",
            $"BytesPerParameter = {Int(report.BytesPerParameter)},",
            $"Divisions = {Int(report.Divisions)},",
            $"SquareRoots = {Int(report.SquareRoots)},",
            $"OtherOperations = {Int(report.OtherOperations)},",
            $"Passes = {Int(report.Passes)},",
            $"GradientDegree = {Degree(report.GradientDegree)},",
            $"ParameterDegree = {Degree(report.ParameterDegree)},",
            $"DegreeNote = {Literals.String(report.DegreeNote)},");
        WriteList(writer, "Units", report.Units.Select(unit => $"new({Literals.String(unit.Name)}, {Literals.String(unit.Unit)})"));
        WriteList(writer, "HalfLives",
            report.HalfLives.Select(average => $"new({Literals.String(average.Name)}, {Literals.Of(average.Steps)})"));
        WriteList(writer, "Suggestions", report.Suggestions.Select(Literals.String));
        writer.Close("};");
        writer.Close();
    }

    private static void WriteList(SourceWriter writer, string name, IEnumerable<string> items)
    {
        string[] all = [.. items];
        if (all.Length == 0)
        {
            writer.Line($"{name} = [],");
            return;
        }

        writer.Line($"{name} =");
        writer.Line("[");
        writer.Indent();
        foreach (string item in all)
        {
            writer.Line(item + ",");
        }

        writer.Outdent();
        writer.Line("],");
    }

    private static IEnumerable<string> Paragraphs(RuleReport report)
    {
        yield return $"In float it keeps {Int(report.StateBytes)} bytes of state per parameter, and a step reads and writes {Int(report.BytesPerParameter)} bytes per parameter in {Count(report.Passes, "pass", "passes")}; "
            + $"besides what is computed once per step, each parameter takes {Count(report.Divisions, "division")}, {Count(report.SquareRoots, "square root")} and {Count(report.OtherOperations, "other operation")}.";
        yield return $"The change of a parameter has {InWords(report.GradientDegree)} in the gradient and {InWords(report.ParameterDegree)} in the parameters.{(report.DegreeNote.Length == 0 ? "" : " " + report.DegreeNote)}";
        if (report.Units.Count > 0)
        {
            yield return $"Units, for parameters in P and a loss in L: {string.Join(", ", report.Units.Select(unit => $"{unit.Name} {unit.Unit}"))}.";
        }

        if (report.HalfLives.Count > 0)
        {
            yield return $"Half-lives at the defaults, in steps: {string.Join(", ", report.HalfLives.Select(average => $"{average.Name} {average.Steps.ToString("0.0", CultureInfo.InvariantCulture)}"))}.";
        }

        foreach (string suggestion in report.Suggestions)
        {
            yield return suggestion + ".";
        }
    }

    private static string InWords(double? degree) => degree is { } value ? "degree " + Exponents.Print(value) : "no degree";

    private static string Count(int count, string one, string? many = null) => $"{Int(count)} {(count == 1 ? one : many ?? one + "s")}";

    private static string Degree(double? degree) => degree is { } value ? Literals.Of(value) : "null";

    private static string Int(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
