using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using OptDsl.Generator.Analysis;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Parsing;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Naming;

/// <summary>Names that become names of files, and a rule's failure, which is its own.</summary>
public class HintNameTests
{
    private const string Body =
        "(double Rate = 0.1) { [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }";

    /// <summary>The generator once ended for the whole project.</summary>
    [Theory]
    [InlineData("file partial class Around { [Optimizer] public sealed partial record Hidden" + Body + " }")]
    [InlineData("file partial class Around<T> { public partial struct Inner { [Optimizer] public sealed partial record Hidden" + Body
        + " } }")]
    [InlineData("file sealed partial class Hidden { }")]
    public void A_file_local_type_around_a_rule_takes_no_kernel_from_its_neighbours(string source)
        => Assert.StartsWith("Other.",
            Assert.Single(
                GeneratorHarness.Run(RuleCompilation.Create(source, "[Optimizer] public sealed partial record Other" + Body))).Key,
                    StringComparison.Ordinal);

    [Fact]
    public void Long_names_make_files_that_every_system_takes_and_none_is_the_others()
    {
        string space = string.Join(".", Enumerable.Range(0, 30).Select(i => $"Namespace{i}"));
        string rule = new('R', 400), unicode = new('名', 300);
        CSharpCompilation compilation = RuleCompilation.Create(
            $"namespace {space} {{ [Optimizer] public sealed partial record Rule{Body} }} namespace A{space} {{ [Optimizer] public sealed partial record Rule{Body} }}",
            $"[Optimizer] public sealed partial record {rule}{Body} [Optimizer] public sealed partial record X{rule}{Body} [Optimizer] public sealed partial record {unicode}{Body} [Optimizer] public sealed partial record X{unicode}{Body}");
        var files = GeneratorHarness.Run(compilation);
        Assert.Equal(6, files.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(files.Keys, name => Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 200));
        Assert.DoesNotContain(GeneratorHarness.Compile(compilation), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Theory]
    [InlineData("con")]
    [InlineData("Nul")]
    [InlineData("COM1")]
    [InlineData("a\u0301b\u200dc")]
    [InlineData("ǅ")]
    [InlineData("__")]
    public void Names_that_some_system_refuses_are_made_into_others(string name)
    {
        CSharpCompilation compilation = RuleCompilation.Create($"[Optimizer] public sealed partial record {name}{Body}");
        string file = Assert.Single(GeneratorHarness.Run(compilation)).Key;
        Assert.DoesNotMatch("^(?i)(con|nul|com1)[.]", file);
        Assert.DoesNotContain(GeneratorHarness.Compile(compilation), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    /// <summary>Types whose 32-bit hashes would agree, and that differ in case alone.</summary>
    [Fact]
    public void Names_that_differ_in_case_alone_get_files_of_their_own()
    {
        string[] rules = [.. Enumerable.Range(0, 64)
            .Select(bits => string.Concat("abcdef".Select((c, i) => ((bits >> i) & 1) == 0 ? c : char.ToUpperInvariant(c))))];
        var files = GeneratorHarness.Run(
            RuleCompilation.Create(string.Join("\n", rules.Select(rule => $"[Optimizer] public sealed partial record {rule}{Body}"))));
        Assert.Equal(64, files.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void A_rule_on_which_lowering_fails_is_named_and_takes_no_kernel_from_the_others()
    {
        var generator = new OptimizerGenerator(
            RuleParser.Parse,
            static rule => rule.Name == "Bad" ? throw new InvalidOperationException("a\nfault") : new KernelPlan(rule));
        (IReadOnlyList<string> files, IReadOnlyList<Diagnostic> reported) = Run(generator);
        Assert.StartsWith("Good.", Assert.Single(files), StringComparison.Ordinal);
        Diagnostic diagnostic = Assert.Single(reported);
        Assert.Equal("OPT0013", diagnostic.Id);
        Assert.Contains("failed on 'Bad', which therefore has no kernel (InvalidOperationException: a fault)",
            diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_on_which_parsing_fails_is_reported_where_it_stands()
    {
        var generator = new OptimizerGenerator(
            static (type, compilation, sink, cancellation) => type.Name == "Bad" ? throw new InvalidOperationException("a fault")
                : RuleParser.Parse(type, compilation, sink, cancellation),
            static rule => new KernelPlan(rule));
        (IReadOnlyList<string> files, IReadOnlyList<Diagnostic> reported) = Run(generator);
        Assert.StartsWith("Good.", Assert.Single(files), StringComparison.Ordinal);
        Assert.Empty(reported);
        var analyzer = new RuleAnalyzer(static (type, _, _, _) => type.Name == "Bad" ? throw new InvalidOperationException("a fault")
            : null);
        Diagnostic diagnostic = Assert.Single(await Project().WithAnalyzers([analyzer])
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken));
        Assert.Equal("OPT0013", diagnostic.Id);
        Assert.Equal("Bad",
            diagnostic.Location.SourceTree!.GetText(TestContext.Current.CancellationToken).ToString(diagnostic.Location.SourceSpan));
    }

    /// <summary>The net below all refusals: an invalid rule of which neither we nor the compiler said anything.</summary>
    [Theory]
    [InlineData("=> parameter - gradient;", "", 1)]
    [InlineData("=> parameter - nowhere;", "", 0)]
    [InlineData("=> parameter - gradient;", "class Elsewhere { int x = nowhere; }", 0)]
    public void A_rule_that_is_refused_without_a_reason_is_reported(string body, string other, int expected)
    {
        CSharpCompilation compilation = RuleCompilation.Create(
            $"[Optimizer] public sealed partial record R {{ [Update] static double Update(double parameter, double gradient) {body} }} {other}");
        var reported = new List<Diagnostic>();
        INamedTypeSymbol rule = compilation.GetTypeByMetadataName("R")!;
        RuleParser.ReportSilence(rule, compilation, new DiagnosticSink(reported.Add), TestContext.Current.CancellationToken);
        Assert.Equal(expected, reported.Count);
        Assert.All(reported, diagnostic => Assert.Equal(("OPT0013", rule.Locations[0]), (diagnostic.Id, diagnostic.Location)));

        // Nor where an error was reported already.
        var heard = new DiagnosticSink(reported.Add);
        heard.Report(DiagnosticDescriptors.TypeNotPartial, rule.Locations[0], "R");
        RuleParser.ReportSilence(rule, compilation, heard, TestContext.Current.CancellationToken);
        Assert.Equal(expected + 1, reported.Count);
    }

    private static CSharpCompilation Project()
        => RuleCompilation.Create(
            $"[Optimizer] public sealed partial record Bad{Body} [Optimizer] public sealed partial record Good{Body}");

    private static (IReadOnlyList<string> Files, IReadOnlyList<Diagnostic> Reported) Run(OptimizerGenerator generator)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create([generator.AsSourceGenerator()], parseOptions: RuleCompilation.Options());
        GeneratorRunResult result = driver.RunGenerators(Project(), TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        return ([.. result.GeneratedSources.Where(GeneratorHarness.IsKernel).Select(source => source.HintName)], result.Diagnostics);
    }
}
