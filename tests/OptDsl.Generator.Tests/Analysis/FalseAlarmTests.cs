using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Analysis;

/// <summary>What the analyzer says of rules that are right: of the library, of the conformance tests and of the literature.</summary>
public class FalseAlarmTests
{
    /// <summary>Folders of rules, and what is said of them: the rule's type, the id and the marked text. Each of these is true.</summary>
    public static TheoryData<string, string[]> Folders => new()
    {
        { "runtime/OptDsl/Rules", [] },

        { "tests/OptDsl.Conformance.Tests/Rules", [] },

        // The temperature of a chain is a literal one there, which has the loss's unit.
        {
            "tests/OptDsl.Generator.Tests/Analysis/Literature",
            ["HamiltonianLangevin OPT3008 1 - Friction",
                "PreconditionedLangevin OPT3008 parameter - 0.5 * rate * gradient + Math.Sqrt(rate) * noise"]
        },
    };

    [Theory]
    [MemberData(nameof(Folders))]
    public void Only_what_is_true_is_said(string folder, string[] expected)
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(Root(), folder), "*.cs").Order(StringComparer.Ordinal)
            .Select(File.ReadAllText)];
        CSharpCompilation compilation = RuleCompilation.Create(LanguageVersion.Preview, checkOverflow: false, files);
        Assert.DoesNotContain(GeneratorHarness.Compile(compilation), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        string[] said = [.. AnalyzerHarness.Run(compilation)
            .Where(diagnostic => diagnostic.Id != "OPT3003"
                && (!folder.Contains("Conformance", StringComparison.Ordinal) || Numeric.Contains(diagnostic.Id))).Select(Line)
                .Order(StringComparer.Ordinal)];
        Assert.True(expected.SequenceEqual(said), $"{said.Length} are said:\n{string.Join("\n", said)}");
    }

    /// <summary>The rules of the conformance tests are made to use the language, and mean nothing that has units.</summary>
    private static readonly string[] Numeric = ["OPT3005", "OPT3006", "OPT3007", "OPT3014", "OPT3015", "OPT3016"];

    private static string Line(Diagnostic diagnostic)
    {
        SyntaxNode root = diagnostic.Location.SourceTree!.GetRoot();
        string? rule = root.FindNode(diagnostic.Location.SourceSpan)
            .FirstAncestorOrSelf<Microsoft.CodeAnalysis.CSharp.Syntax.TypeDeclarationSyntax>()?.Identifier.ValueText;
        string marked = root.GetText().ToString(diagnostic.Location.SourceSpan);
        return string.Create(CultureInfo.InvariantCulture, $"{rule} {diagnostic.Id} {marked}");
    }

    private static string Root([CallerFilePath] string file = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
