namespace OptDsl.Generator.Model;

/// <summary>What can be said of a rule from its expressions alone: the counterpart of the runtime's RuleReport.</summary>
internal sealed record RuleReport(
    string Name,
    int StateBytes,
    int BytesPerParameter,
    int Divisions,
    int SquareRoots,
    int OtherOperations,
    int Passes,
    double? GradientDegree,
    double? ParameterDegree,
    string DegreeNote,
    IReadOnlyList<(string Name, string Unit)> Units,
    IReadOnlyList<(string Name, double Steps)> HalfLives,
    IReadOnlyList<string> Suggestions);
