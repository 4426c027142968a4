using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Emission;

/// <summary>
/// What the compiler would warn of in emitted text, and the author could not mend: a project with warnings as errors builds.
/// </summary>
public class EmittedWarningTests
{
    [Theory]
    [InlineData("static double Ratio(double a, double b) => a > b ? 1 : 2; [State] double Rate(double previousRate) => previousRate * .5 + Ratio(previousRate, previousRate); [Update] double Update(double parameter, double gradient, double rate) => parameter - L * rate * gradient;")]
    [InlineData("static int Less(int a, int b) => a <= b ? 1 : 2; [Update] double Update(double parameter, double gradient, int step, int rows) => parameter - L * Less(step, step) * Less(rows, rows) * gradient;")]
    [InlineData("static double Cap(double x, int limit = int.MinValue) => limit == int.MinValue ? x : 2 * x; [Update] double Update(double parameter, double gradient) => parameter - L * Cap(gradient);")]
    [InlineData("[Reduce(Reduction.Mean, Scope = Scope.Tensor)] static double Size(double gradient) => gradient; [Derived] double Begin(int step, double previousSize) => 1e-9 * checked(step - K + (int)previousSize); [State(Initial = nameof(Begin))] static double S(double previousS, double gradient) => .5 * previousS + gradient; [Update] double Update(double parameter, double s) => parameter - L * s;")]
    public void Warnings_as_errors_find_nothing_in_a_kernel(string body)
    {
        CSharpCompilation compilation = RuleCompilation.Create(
            $"[Optimizer] public sealed partial record R(double L = .1, int K = 3) {{ {body} }}");
        compilation = compilation.WithOptions(compilation.Options.WithGeneralDiagnosticOption(ReportDiagnostic.Error));
        GeneratorHarness.Run(compilation, out Compilation withKernels);
        SyntaxTree kernel = Assert.Single(withKernels.SyntaxTrees, tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal));
        Assert.Empty(withKernels.GetSemanticModel(kernel).GetDiagnostics(cancellationToken: TestContext.Current.CancellationToken));
    }
}
