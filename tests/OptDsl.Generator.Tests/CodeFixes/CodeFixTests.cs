using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.CodeFixes;

/// <summary>Every fix: what it writes, that its diagnostic is gone, that code is generated again, and where it is not offered.</summary>
public class CodeFixTests
{
    private const string Update = "[Update] static double Update(double parameter, double gradient) => parameter - gradient;";

    public static TheoryData<string, string, string> Mended => new()
    {
        { "OPT0001", $"[Optimizer] public sealed record R {{ {Update} }}", $"[Optimizer] public sealed partial record R {{ {Update} }}" },
        { "OPT0001", $"[Optimizer]\n// Plain descent.\nsealed\n    /* a */ class R\n{{\n    {Update}\n}}\n",
            $"[Optimizer]\n// Plain descent.\nsealed\n    /* a */ partial class R\n{{\n    {Update}\n}}\n" },
        { "OPT0002", $"class A {{ [Optimizer] public sealed partial record R {{ {Update} }} }}",
            $"partial class A {{ [Optimizer] public sealed partial record R {{ {Update} }} }}" },
        {
            "OPT0002",
            $"/// <summary>A.</summary>\npublic interface A<T>\n{{\n    internal partial class B\n    {{\n        readonly record struct C\n        {{\n            [Optimizer] internal sealed partial record R {{ {Update} }}\n        }}\n    }}\n}}",
            $"/// <summary>A.</summary>\npublic partial interface A<T>\n{{\n    internal partial class B\n    {{\n        readonly partial record struct C\n        {{\n            [Optimizer] internal sealed partial record R {{ {Update} }}\n        }}\n    }}\n}}"
        },
        { "OPT0003", $"[Optimizer] public partial record struct R {{ {Update} }}",
            $"[Optimizer] public sealed partial record R {{ {Update} }}" },
        { "OPT0003", $"[Optimizer] public readonly partial record struct R(double A = 1) {{ {Update} }}",
            $"[Optimizer] public sealed partial record R(double A = 1) {{ {Update} }}" },
        { "OPT0003", $"[Optimizer]\nreadonly // kept\nref partial struct R {{ {Update} }}",
            $"[Optimizer]\n// kept\nsealed partial class R {{ {Update} }}" },
        {
            "OPT0003",
            "[Optimizer] public partial struct R { readonly double rate = 1; public R() { } readonly double Half => rate / 2; double Third { readonly get => rate / 3; init { } } [Update] readonly double Update(double parameter, double gradient) => parameter - Half * Third * gradient; }",
            "[Optimizer] public sealed partial class R { readonly double rate = 1; public R() { } double Half => rate / 2; double Third { get => rate / 3; init { } } [Update] double Update(double parameter, double gradient) => parameter - Half * Third * gradient; }"
        },
        {
            "OPT1001",
            Rule("double Update(double parameter, double /* g */ gradeint) { var half = gradeint / 2; return parameter - half - gradeint; }"),
            Rule("double Update(double parameter, double /* g */ gradient) { var half = gradient / 2; return parameter - half - gradient; }")
        },
        {
            "OPT1001",
            "[Optimizer] public sealed partial record R { [State] static double Class(double gradient, double previousClas) => previousClas + gradient; [Update] static double Update(double parameter, double @class) => parameter - @class; double Named() => Class(1, previousClas: 2); }",
            "[Optimizer] public sealed partial record R { [State] static double Class(double gradient, double previousClass) => previousClass + gradient; [Update] static double Update(double parameter, double @class) => parameter - @class; double Named() => Class(1, previousClass: 2); }"
        },
        {
            "OPT1001",
            "[Optimizer] public sealed partial record R { [Derived] static double Class(double gradient) => gradient; [Update] static double Update(double parameter, double clas) => parameter - clas; }",
            "[Optimizer] public sealed partial record R { [Derived] static double Class(double gradient) => gradient; [Update] static double Update(double parameter, double @class) => parameter - @class; }"
        },

        // Spelt right where it is read, and wrong in the list.
        { "OPT1001", Rule("double Update(double parameter, double gradeint) => parameter - gradient;"),
            Rule("double Update(double parameter, double gradient) => parameter - gradient;") },
        { "OPT2002", Body("parameter - Rate * Math.Sign(gradient)"), Body("parameter - Rate * RuleMath.Sign(gradient)") },
        { "OPT2002", Body("parameter - (double)System . Math /* a */ . Sign( value : gradient )"),
            Body("parameter - (double)RuleMath /* a */ . Sign( x : gradient )") },
        { "OPT2002",
            Rule("double Update(double parameter, double gradient) { var sign = Math.Sign(gradient); return parameter - sign * Rate; }"),
                Rule("double Update(double parameter, double gradient) { var sign = RuleMath.Sign(gradient); return parameter - sign * Rate; }") },
        { "OPT2002", Body("parameter - Math.Clamp(gradient, -parameter, max: parameter)"),
            Body("parameter - RuleMath.Clamp(gradient, -parameter, max: parameter)") },
        { "OPT2002", Body("Math.Sign(gradient) == 0 ? parameter : parameter - Rate"),
            Body("RuleMath.Sign(gradient) == 0 ? parameter : parameter - Rate") },
        { "OPT2002", Single("parameter - MathF.Sign(gradient) * Rate"), Single("parameter - RuleMath.Sign(gradient) * Rate") },
        { "OPT2002", Single("parameter - Math.Clamp(gradient, -parameter, parameter)"),
            Single("parameter - RuleMath.Clamp(gradient, -parameter, parameter)") },
        { "OPT2002", "using static System.Math;\n" + Body("parameter - Sign(gradient)"),
            "using static System.Math;\n" + Body("parameter - RuleMath.Sign(gradient)") },
        { "OPT2002", "class RuleMath { } " + Body("parameter - Math.Sign(gradient)"),
            "class RuleMath { } " + Body("parameter - global::OptDsl.RuleMath.Sign(gradient)") },
        { "OPT3001", Single("parameter - (float)(Rate * 0.5) * gradient"), Single("parameter - (Rate * 0.5f) * gradient") },
        { "OPT3001", Single("parameter - (float)Math.Sqrt(Rate) * gradient"), Single("parameter - MathF.Sqrt(Rate) * gradient") },
        { "OPT3001", Single("parameter - (float)(2 * -System.Math.Sqrt((Rate)) + 1e-3D) * gradient"),
            Single("parameter - (2 * -MathF.Sqrt((Rate)) + 1e-3f) * gradient") },
        { "OPT3001", Single("parameter - (float)((double)Rate * Rate) * gradient"), Single("parameter - (Rate * Rate) * gradient") },
        { "OPT3001", Single("parameter - (float)((double)step * Rate * Math.PI) * gradient"),
            Single("parameter - ((float)step * Rate * MathF.PI) * gradient") },
        { "OPT3001", Single("parameter - (float)(Math.Clamp(Rate, 0.0, 1.0)) * gradient"),
            Single("parameter - (Math.Clamp(Rate, 0.0f, 1.0f)) * gradient") },
        { "OPT3001", Single("Rate > 0.5 ? parameter - gradient : parameter"), Single("Rate > 0.5f ? parameter - gradient : parameter") },
        { "OPT3001", Single("parameter - (float)(step > 2 ? Rate : 0.25) * gradient"),
            Single("parameter - (step > 2 ? Rate : 0.25f) * gradient") },
        { "OPT3001", Single("parameter -(float)(-0.5 * Rate)"), Single("parameter -(-0.5f * Rate)") },
        { "OPT3001", "using static System.Math;\n" + Single("parameter - (float)Sqrt(Rate) * gradient"),
            "using static System.Math;\n" + Single("parameter - MathF.Sqrt(Rate) * gradient") },
        {
            "OPT3001",
            "static class Help { public static float Half(float x) => (float)(0.5 * x); } "
                + Single("parameter - Help.Half(Rate) * gradient"),
            "static class Help { public static float Half(float x) => (0.5f * x); } " + Single("parameter - Help.Half(Rate) * gradient")
        },
        { "OPT3006", Average("[RunningAverage(Decay = nameof(Beta))]"),
            Average("[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published)]") },
        { "OPT3006", Average("[Obsolete, RunningAverage( // kept\n    Decay = nameof(Beta) /* too */ )]"),
            Average("[Obsolete, RunningAverage( // kept\n    Decay = nameof(Beta), Correction = BiasCorrection.Published /* too */ )]") },
        { "OPT3006", "class BiasCorrection { } " + Average("[RunningAverage(Decay = nameof(Beta))]"),
            "class BiasCorrection { } "
                + Average("[RunningAverage(Decay = nameof(Beta), Correction = global::OptDsl.BiasCorrection.Published)]") },
    };

    /// <summary>The diagnostic stands, and nothing is offered.</summary>
    public static TheoryData<string, string> NotOffered => new()
    {
        { "OPT1001", Rule("double Update(double parameter, double gradient, double curvature) => parameter - gradient;") },

        // Renamed, the input would hide a field of the rule, or a local.
        { "OPT1001",
            "[Optimizer] public sealed partial record R { const double gradient = 1; [Update] static double Update(double parameter, double gradeint) => parameter - gradient * gradeint; }" },
        { "OPT1001",
            Rule("double Update(double parameter, double gradeint) { double gradient = gradeint; return parameter - gradient; }") },

        // An int is needed, or integers are divided; and what has no total form.
        { "OPT2002",
            Rule("double Update(double parameter, double gradient) { int sign = Math.Sign(gradient); return parameter - sign; }") },
        { "OPT2002", Body("parameter - Math.Sign(gradient) / 2") },
        { "OPT2002",
            Rule("double Update(double parameter, double gradient, int step) { var sign = Math.Sign(gradient); return parameter - Rate * (step / sign); }") },
        { "OPT2002", Body("parameter - Math.IEEERemainder(gradient, 2)") },
        { "OPT2002", Rule("double Update(double parameter, double gradient, int step) => parameter - gradient * Math.Sign(step);") },

        // A value that is double by declaration, a constant float cannot hold, a local and a function that widen anyway.
        { "OPT3001", Single("parameter - (float)(Rate * Wide) * gradient") },
        { "OPT3001", Single("parameter - (float)(Rate * 1e-300) * gradient") },
        { "OPT3001", Single("parameter - (float)(Rate * 1e300) * gradient") },
        { "OPT3001",
            "[Optimizer] public sealed partial record R(float Rate = 1) { [Update] float Update(float parameter, float gradient) { double half = Rate * 0.5; return parameter - (float)half * gradient; } }" },
        { "OPT3001", Single("parameter - (float)Half(Rate) * gradient") },
    };

    [Fact]
    public void Fixes_are_those_of_the_list()
        => Assert.Equal(["OPT0001", "OPT0002", "OPT0003", "OPT1001", "OPT2002", "OPT3001", "OPT3006"],
            CodeFixHarness.Fixes.SelectMany(fix => fix.FixableDiagnosticIds).Order(StringComparer.Ordinal));

    [Fact]
    public void The_pages_of_those_diagnostics_tell_of_the_fix_and_no_others()
    {
        string folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "docs", "diagnostics"));
        IEnumerable<string> told = Directory.GetFiles(folder, "OPT*.md")
            .Where(page => File.ReadAllText(page).Contains("## Code fix\n", StringComparison.Ordinal))
            .Select(page => Path.GetFileNameWithoutExtension(page));
        Assert.Equal(CodeFixHarness.Fixes.SelectMany(fix => fix.FixableDiagnosticIds).Order(StringComparer.Ordinal),
            told.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Mended))]
    public void Mends_its_diagnostic_and_nothing_else(string id, string before, string after)
    {
        Assert.Equal(after, CodeFixHarness.Fix(id, before));
        RequireMended(id, after);
    }

    [Theory]
    [MemberData(nameof(NotOffered))]
    public void Is_not_offered_where_it_would_not_mend(string id, string source) => Assert.Null(CodeFixHarness.Fix(id, source));

    [Theory]
    [MemberData(nameof(Mended))]
    public void A_fix_of_all_does_the_same(string id, string before, string after)
        => Assert.Equal(after, CodeFixHarness.FixAll(id, FixAllScope.Document, [before])[0][0]);

    [Theory]
    [InlineData(FixAllScope.Document)]
    [InlineData(FixAllScope.Project)]
    [InlineData(FixAllScope.Solution)]
    public void A_fix_of_all_reaches_as_far_as_its_scope(FixAllScope scope)
    {
        string[] before = [$"[Optimizer] sealed record A {{ {Update} }}\n[Optimizer] sealed record B {{ {Update} }}",
            $"[Optimizer] sealed record C {{ {Update} }}"];
        string[] after = [.. before.Select(text => text.Replace("sealed record", "sealed partial record", StringComparison.Ordinal))];
        IReadOnlyList<IReadOnlyList<string>> result = CodeFixHarness.FixAll("OPT0001", scope, before, before);
        Assert.Equal([after[0], scope == FixAllScope.Document ? before[1] : after[1]], result[0]);
        Assert.Equal(scope == FixAllScope.Solution ? after : before, result[1]);
    }

    public static TheoryData<string, string, string> Together => new()
    {
        // Two rules, one type around both.
        { "OPT0002",
            $"class A {{ class B {{ [Optimizer] sealed partial record R {{ {Update} }} [Optimizer] sealed partial record S {{ {Update} }} }} }}", $"partial class A {{ partial class B {{ [Optimizer] sealed partial record R {{ {Update} }} [Optimizer] sealed partial record S {{ {Update} }} }} }}" },

        // Two inputs of one method, each with a suggestion of its own although one name is nearest to both.
        { "OPT1001", Rule("double Update(double parmeter, double gradeint) => parmeter - gradeint;"),
            Rule("double Update(double parameter, double gradient) => parameter - gradient;") },
        { "OPT2002", Body("parameter - Math.Clamp(Math.Sign(gradient), -parameter, parameter)"),
            Body("parameter - RuleMath.Clamp(RuleMath.Sign(gradient), -parameter, parameter)") },
        { "OPT2002", Body("parameter - Math.Sign(gradient) * Math.Sign(parameter)"),
            Body("parameter - RuleMath.Sign(gradient) * RuleMath.Sign(parameter)") },
        { "OPT3001", Single("parameter - (float)(Rate * 0.5 * Rate) * gradient - (float)Math.Sqrt(Rate)"),
            Single("parameter - (Rate * 0.5f * Rate) * gradient - MathF.Sqrt(Rate)") },
    };

    [Theory]
    [MemberData(nameof(Together))]
    public void Fixes_that_lie_close_are_made_together(string id, string before, string after)
    {
        // The parser stops at the first function it refuses, so a second run may find more.
        string result = CodeFixHarness.FixAll(id, FixAllScope.Document, [before])[0][0];
        Assert.Equal(after, CodeFixHarness.FixAll(id, FixAllScope.Document, [result])[0][0]);
        RequireMended(id, after);
    }

    [Fact]
    public void A_fix_reaches_every_part_of_a_type()
    {
        string[] files = [$"[Optimizer] partial struct R {{ {Update} }}", "public readonly partial struct R;"];
        Assert.Equal([$"[Optimizer] sealed partial class R {{ {Update} }}", "public sealed partial class R;"],
            CodeFixHarness.Fix("OPT0003", files));
    }

    private static void RequireMended(string id, string source)
    {
        CSharpCompilation compilation = RuleCompilation.Create(source);
        Assert.DoesNotContain(AnalyzerHarness.Run(compilation),
            diagnostic => diagnostic.Id == id || diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.DoesNotContain(GeneratorHarness.Compile(compilation), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.NotEmpty(GeneratorHarness.Run(compilation));
        Assert.Equal(source, CodeFixHarness.FixAll(id, FixAllScope.Document, [source])[0][0]);
    }

    private static string Here([CallerFilePath] string file = "") => file;

    private static string Rule(string update) => $"[Optimizer] public sealed partial record R(double Rate = 1) {{ [Update] {update} }}";

    private static string Body(string value) => Rule($"double Update(double parameter, double gradient) => {value};");

    private static string Average(string attribute)
        => $"[Optimizer] public sealed partial record R(double Rate = 1, double Beta = 0.9) {{ {attribute} static double Mean(double gradient) => gradient; [Update] double Update(double parameter, double mean) => parameter - Rate * mean; }}";

    private static string Single(string value)
        => $"[Optimizer] public sealed partial record R(float Rate = 1, double Wide = 1) {{ [Update] float Update(float parameter, float gradient, int step) => {value}; static double Half(double x) => x / 2; }}";
}
