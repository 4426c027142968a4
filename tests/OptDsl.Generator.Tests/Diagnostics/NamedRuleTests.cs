using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Diagnostics;

/// <summary>
/// A rule with an error that declarations name: the error shows, and none of the compiler's beside it, which would end a build before its
/// analyzers are asked.
/// </summary>
public class NamedRuleTests
{
    private const string Body = "{ [Update] static double Update(double parameter, double gradient) => parameter - gradient; }";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Every source of the tables whose error is in a rule that other declarations can name.</summary>
    public static TheoryData<string, string> Errors
    {
        get
        {
            var errors = DiagnosticDescriptors.All.Where(descriptor => descriptor.DefaultSeverity == DiagnosticSeverity.Error)
                .Select(descriptor => descriptor.Id).ToHashSet();
            TheoryData<string, string, string>[] tables = [DeclarationDiagnosticsTests.Errors, InputDiagnosticsTests.Reported,
                TranslationDiagnosticsTests.Reported, ExpressionDiagnosticsTests.Reported];
            return [.. tables.SelectMany(table => table).Select(row => row.Data)
                .Where(row => errors.Contains(row.Item1) && row.Item1 is not ("OPT0001" or "OPT0002" or "OPT0003"))
                .Select(row =>
                    (row.Item1, row.Item2.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal)))
                .Where(row => Name(row.Item2) is not null)];
        }
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void Its_error_is_the_only_one(string id, string source) => Assert.Equal([id], Shown(source).Distinct());

    [Fact]
    public void All_errors_are_in_the_table()
        => Assert.Equal(
            ["OPT0001", "OPT0002", "OPT0003", "OPT0010", "OPT0012", "OPT0013", "OPT0014"],
            DiagnosticDescriptors.All.Where(descriptor => descriptor.DefaultSeverity == DiagnosticSeverity.Error)
                .Select(descriptor => descriptor.Id).Except(Errors.Select(row => row.Data.Item1)).Order());

    /// <summary>
    /// To what is not partial nothing is added, so that its uses are the compiler's errors, and the generator says why. A part would be an
    /// error of its declaration, CS0260, after which a build shows no diagnostic of the analyzer, of other rules either.
    /// </summary>
    [Theory]
    [InlineData("OPT0001", $"[Optimizer] public sealed record R {Body}")]
    [InlineData("OPT0001", $"[Optimizer] public sealed class R {Body}")]
    [InlineData("OPT0002", $"public class Around {{ [Optimizer] public sealed partial record R {Body} }}")]
    public void Where_partial_is_missing_the_generator_asks_for_it(string id, string source)
    {
        string[] shown = [.. Shown(source)];
        Assert.Equal(["CS0311", id], shown.Distinct().Order());
        Assert.Single(shown, id);
        Assert.Equal([id], Reported(source));
    }

    /// <summary>
    /// Used within bodies alone, it leaves every declaration in order, so that the compiler comes to show what is wrong with other rules.
    /// </summary>
    [Fact]
    public void Where_partial_is_missing_no_declaration_is_wrong()
    {
        CSharpCompilation compilation = RuleCompilation.Create(
            $"[Optimizer] public sealed record R {Body} class Use {{ static void Go(ParameterBuffer<double> buffer) => buffer.Optimize(new R()); }}");
        GeneratorHarness.Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation withKernels, out _, Token);
        Assert.DoesNotContain(withKernels.GetDeclarationDiagnostics(Token), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    /// <summary>
    /// A struct cannot stand there whatever we do; a build shows our error beside the compiler's, because the generator reports it, too.
    /// </summary>
    [Fact]
    public void A_struct_is_reported_by_the_generator()
    {
        const string Source = $"[Optimizer] public partial record struct R {Body}";
        Assert.Equal(["CS0315", "CS0452", "OPT0003"], Shown(Source).Distinct().Order());
        Assert.Equal(["OPT0003"], Reported(Source));
    }

    /// <summary>The attribute forgotten: the compiler's error stands at each use, and what is missing is said beside it, once.</summary>
    [Theory]
    [InlineData("public sealed partial record R { [[|Update|]] static double Update(double parameter, double gradient) => parameter - gradient; }")]
    [InlineData("public sealed record R { [State] static double Sum(double gradient, double previousSum) => gradient + previousSum; [[|Update|]] static double Update(double parameter, double sum) => parameter - sum; }")]
    public void A_rule_that_is_not_marked_is_reported_by_the_generator(string marked)
    {
        string source = marked.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal);
        string[] shown = [.. Shown(source, "R")];
        Assert.Equal(["CS0311", "OPT1008"], shown.Distinct().Order());
        Assert.Equal(source.Contains("[State]", StringComparison.Ordinal) ? 2 : 1, shown.Count(id => id == "OPT1008"));
        GeneratorHarness.Driver()
            .RunGeneratorsAndUpdateCompilation(RuleCompilation.Create(source), out _, out ImmutableArray<Diagnostic> reported, Token);
        Diagnostic update = Assert.Single(reported);
        Assert.Equal(source.IndexOf("Update]", StringComparison.Ordinal), update.Location.SourceSpan.Start);
        Assert.Contains("mark 'R' with [Optimizer]", update.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void The_generator_leaves_to_the_analyzer_what_the_compiler_will_ask_it_for()
        => Assert.Empty(
            Reported("[Optimizer] public sealed partial record R { [Update] static double Update(double parameter, double gradent) => parameter - gradent; }"));

    [Fact]
    public void What_is_called_names_the_error()
    {
        string source =
            "[Optimizer] public sealed partial record R { [Update] static double Update(double parameter, double gradent) => parameter - gradent; }";
        GeneratorDriver driver = GeneratorHarness.Driver().RunGenerators(RuleCompilation.Create(source), Token);
        string stub = Assert.Single(driver.GetRunResult().GeneratedTrees).GetText(Token).ToString();
        Assert.Contains(
            "static global::OptDsl.RuleSchema global::OptDsl.IUpdateRule<float>.Schema => throw new global::System.InvalidOperationException(\"R has no kernel: OPT1001: 'gradent' in 'Update' is neither", stub, StringComparison.Ordinal);
    }

    /// <summary>The errors of a build: the compiler's, the generator's and the analyzer's, each once.</summary>
    private static IEnumerable<string> Shown(string source) => Shown(source, Name(source)!);

    private static IEnumerable<string> Shown(string source, string rule)
    {
        string uses =
            $$"""
            internal class Trainer(Optimizer<double, {{rule}}> optimizer)
            {
                private readonly Optimizer<double, {{rule}}> kept = optimizer;

                public Optimizer<double, {{rule}}>? Other { get; init; }

                public RuleReport Report => Of<{{rule}}>();

                public Optimizer<double, {{rule}}> Make(ParameterBuffer<double> buffer, {{rule}} given) => kept ?? buffer.Optimize(given);

                private static RuleReport Of<TRule>() where TRule : IReportedRule => TRule.Report;
            }

            internal class Trained(Optimizer<double, {{rule}}> optimizer) : System.Collections.Generic.List<Optimizer<double, {{rule}}>>([optimizer]);

            internal interface IHolder<TRule> where TRule : class, IUpdateRule<double>;

            internal class Holder : IHolder<{{rule}}>;
            """;
        if (source.Contains("float Update(", StringComparison.Ordinal))
        {
            uses = uses.Replace("double", "float", StringComparison.Ordinal);
        }

        CSharpCompilation compilation = RuleCompilation.Create(source, uses);
        GeneratorHarness.Driver()
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation withKernels, out ImmutableArray<Diagnostic> reported, Token);
        return withKernels.GetDiagnostics(Token).Concat(reported).Concat(AnalyzerHarness.Run((CSharpCompilation)withKernels))
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Distinct().Select(diagnostic => diagnostic.Id);
    }

    private static IEnumerable<string> Reported(string source)
    {
        GeneratorHarness.Driver()
            .RunGeneratorsAndUpdateCompilation(RuleCompilation.Create(source), out _, out ImmutableArray<Diagnostic> reported, Token);
        return reported.Select(diagnostic => diagnostic.Id);
    }

    /// <summary>The rule as other declarations name it; null where they cannot.</summary>
    private static string? Name(string source)
    {
        INamedTypeSymbol? rule = RuleCompilation.Create(source).GetSymbolsWithName(static _ => true, SymbolFilter.Type, Token)
            .OfType<INamedTypeSymbol>()
            .FirstOrDefault(type => type.GetAttributes().Any(KnownTypes.IsOptimizerAttribute));
        for (INamedTypeSymbol? layer = rule; layer is not null; layer = layer.ContainingType)
        {
            if (layer.IsStatic || layer.IsFileLocal || layer.IsGenericType || layer.DeclaredAccessibility == Accessibility.Private)
            {
                return null;
            }
        }

        return rule?.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
    }
}
