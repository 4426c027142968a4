namespace OptDsl.Generator.Tests.RandomRules;

/// <content>Names of members, hyperparameters, helpers, inputs and locals: plain ones, or those that the emitted text has uses
/// for.</content>
internal sealed partial class RuleWriter
{
    private static readonly string[] Plain = ["Mean", "Velocity", "Scale", "Trend", "Event", "Spread", "Advance", "Memory", "Fixed", "Norm",
        "Peak", "Share", "Level", "Drift"];

    // Those that kernels have for values of their own.
    private static readonly string[] OfKernels =
        ["T", "S", "V", "i", "Block", "Uniforms", "Lanes", "Stripe", "Sums", "Output", "Width", "Offset", "Last", "WideFault", "Fault",
            "Fault0", "Fault1", "Advanced0", "Gradients", "Parameters", "Frame", "Tensor"];

    // Names of the emitted text, of what it names with a suffix beside a member of the plain name, and of namespaces and types it names.
    private static readonly string[] Emitted =
    [
        .. OfKernels, .. OfKernels, .. OfKernels, "T", "S", "V", "D", "W", "C", "T2", "Block", "Uniforms", "Lanes", "Frame", "Kernels",
        "Stripe", "Sums", "Output", "Origin", "Width", "Values", "WideFault", "Fault", "Fault0", "Fault1",
        "Advanced0", "Advance0", "Update0", "Uniform2", "System", "OptDsl", "Numerics", "Runtime", "Unsafe", "Vector512", "Schema",
            "Validate", "Reference", "Description", "Sweep", "Prepare", "Units",
        "NormSum", "NormSumLower", "NormSum0", "MeanSample", "MeanBuffer", "MeanCorrection", "MeanWide", "ScaleRows", "ScaleColumns",
            "PeakDraws", "OneMinusBeta", "Initial0", "Computed",
        "Condition", "Constant", "Past", "Product", "Finite", "Tensor", "Destination", "Phase", "nuint", "nint", "field", "value", "record",
            "var", "i", "x", "a", "it",
    ];

    private static readonly string[] EmittedLocals =
    [
        "T", "S", "block", "uniforms", "lanes", "frame", "stripe", "sums", "output", "origin", "width", "values", "wideFault", "fault0",
            "advanced0", "update0", "uniform2", "System", "OptDsl", "Kernels",
        "sweep", "normSum", "meanWide", "oneMinusBeta", "computed", "condition", "constant", "past", "product", "nuint", "value", "i",
            "size", "offset",
    ];

    // Names and inputs that are given out, each beginning with a small letter.
    private readonly HashSet<string> given =
        ["parameter", "gradient", "step", "loss", "rows", "columns", "count", "rank", "learningRate", "rule", "shared", "base", "outer",
            "middle", "rowDraw", "columnDraw", "risk", "read"];

    private readonly List<string> names = [];
    private bool anyNames;

    private void PlanNames(Shape shape)
    {
        if (shape == Shape.NestedHidingClass)
        {
            // Its own type parameter.
            given.Add("t");
        }

        anyNames = Wants(Construct.AnyName, 12);
        given.UnionWith(Plain.Concat(["Update", "Next", "Model", "Direction"]).Select(Camel));
        bodies.MoreNames = anyNames ? EmittedLocals : [];
        names.AddRange(anyNames ? Plain.Select(Named) : Plain);
    }

    /// <summary>The plain name, or one of the emitted text's that nothing else has.</summary>
    private string Named(string plain) => Named(plain, Emitted);

    private string Named(string plain, string[] pool)
    {
        if (!anyNames || !choices.Chance(70))
        {
            return plain;
        }

        string name = choices.Of(pool);
        return given.Add(Camel(name)) ? name : plain;
    }

    /// <summary>Whether at least three names of the rule are the emitted text's.</summary>
    internal static bool HasEmittedNames(RuleSyntax rule)
        => rule.Members.Select(member => member.Name).Concat(rule.Hypers.Select(hyper => hyper.Name))
        .Concat(rule.Helpers.Select(helper => helper.Name)).Count(Emitted.Contains) >= 3;

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
