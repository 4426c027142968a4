using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using OptDsl.Generator.Analysis;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Pipeline;

/// <summary>
/// What lies in another project of the solution: an editor has its source at hand, a build its assembly, and the rule is the same rule in
/// both. A question about source of another compilation once ended generator and analyzer, for all rules of the project.
/// </summary>
public class OtherProjectTests
{
    private const string Other =
        """
        public static class Shared
        {
            public const double Constant = 0.5;
            public static readonly double Fixed = 2;
            public static double Property => 3;
            public static double Half(double x) => x / 2;
            public static double Twice(this double x) => x * 2;
        }

        public class Generic<T> { public static double Half(double x) => x / 2; }

        public record Base
        {
            [Domain("[0, inf)")] public double Rate { get; init; } = 0.1;
            [Domain("nothing")] public double Wrong { get; init; } = 0.1;
            public double Far { get; init; } = 1e-60;
            protected double Scaled(double x) => Rate * x;
            public virtual double Virtual => 2;
        }

        public abstract record Marked
        {
            [State] public static double Mean(double previousMean, double gradient) => 0.9 * previousMean + 0.1 * gradient;
            [Derived] public static double Size([PerParameter] double input) => input;
        }

        public interface IHasRate { double Rate { get; } double Doubled => 2 * Rate; static double Half(double x) => x / 2; }

        public enum Mode { Plain, Sharp }
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Sealed", "parameter - Shared.Constant * gradient", "")]
    [InlineData("Sealed", "parameter - Shared.Fixed * gradient", "")]
    [InlineData("Sealed", "parameter - Shared.Property * gradient", "OPT2005")]
    [InlineData("Sealed", "parameter - Shared.Half(gradient)", "OPT2005")]
    [InlineData("Sealed", "parameter - gradient.Twice()", "OPT2005")]
    [InlineData("Sealed", "parameter - Generic<int>.Half(gradient)", "OPT2005")]
    [InlineData("Sealed", "parameter - IHasRate.Half(gradient)", "OPT2005")]
    [InlineData("Sealed", "parameter - (Mode.Sharp == Mode.Plain ? 1 : 2) * gradient", "")]
    [InlineData("Sealed : Base", "parameter - Rate * gradient", null)]
    [InlineData("Sealed : Base", "parameter - base.Rate * Scaled(gradient)", null)]
    [InlineData("Sealed : Base", "parameter - Virtual * gradient", null)]
    [InlineData("Sealed(double Own = 1) : Base", "parameter - Own * gradient", null)]
    [InlineData("Sealed : Marked", "parameter - gradient", null)]
    [InlineData("Sealed : Marked", "parameter - mean", null)]
    [InlineData("Sealed(double Rate = 1) : IHasRate", "parameter - Rate * gradient", "")]
    [InlineData("Sealed(double Rate = 1) : IHasRate", "parameter - ((IHasRate)this).Doubled * gradient", null)]
    public async Task A_rule_that_uses_another_project_is_the_rule_that_uses_its_assembly(string declaration, string body, string? expected)
    {
        string input = body.Contains("mean", StringComparison.Ordinal) ? "double mean" : "double gradient";
        CSharpCompilation other = RuleCompilation.Create(Other);
        CSharpCompilation author = RuleCompilation.Create(
            $"[Optimizer] public sealed partial record {declaration} {{ [Update] double Update(double parameter, {input}) => {body}; }}",
            "[Optimizer] public sealed partial record Neighbour { [Update] static double Update(double parameter, double gradient) => parameter - gradient; }");
        using var assembly = new MemoryStream();
        Assert.True(other.Emit(assembly, cancellationToken: Token).Success);
        string editor = await Shown(author.AddReferences(other.ToMetadataReference())),
            build = await Shown(author.AddReferences(MetadataReference.CreateFromImage(assembly.ToArray())));
        Assert.Equal(build, editor);
        Assert.Contains("Neighbour.", editor, StringComparison.Ordinal);
        if (expected is not null)
        {
            Assert.Equal(expected.Length == 0, editor.Contains("Sealed.", StringComparison.Ordinal));
            Assert.Contains(expected, editor, StringComparison.Ordinal);
        }
    }

    /// <summary>The kernels, and what generator, analyzer and compiler say.</summary>
    private static async Task<string> Shown(CSharpCompilation compilation)
    {
        GeneratorDriver driver = GeneratorHarness.Driver()
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation withKernels, out ImmutableArray<Diagnostic> reported, Token);
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        Assert.Empty(reported);
        ImmutableArray<Diagnostic> analyzed = await withKernels.WithAnalyzers([new RuleAnalyzer()]).GetAnalyzerDiagnosticsAsync(Token);
        Assert.DoesNotContain(analyzed, diagnostic => diagnostic.Id == "AD0001");
        IEnumerable<string> errors = withKernels.GetDiagnostics(Token).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.ToString());
        return string.Join("\n",
            result.GeneratedSources.Where(GeneratorHarness.IsKernel).Select(source => source.HintName).Concat(errors)
                .Concat(analyzed.Select(diagnostic => diagnostic.ToString())));
    }
}
