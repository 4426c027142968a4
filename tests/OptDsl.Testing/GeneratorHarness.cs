using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Generator;

namespace OptDsl.Testing;

/// <summary>Runs the generator as the compiler does.</summary>
public static class GeneratorHarness
{
    /// <summary>A driver that tracks its steps.</summary>
    public static GeneratorDriver Driver(LanguageVersion version = LanguageVersion.Latest)
        => CSharpGeneratorDriver.Create(
            [new OptimizerGenerator().AsSourceGenerator()],
            parseOptions: RuleCompilation.Options(version),
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Whether an emitted file is a kernel, and not only the interfaces of a rule with an error.</summary>
    public static bool IsKernel(GeneratedSourceResult source)
        => source.SourceText.ToString().Contains("class OptDslKernel", StringComparison.Ordinal);

    /// <summary>The emitted kernels, by hint name; fails the test where the generator throws.</summary>
    public static IReadOnlyDictionary<string, string> Run(CSharpCompilation compilation)
        => Run(compilation, out _);

    /// <summary>The emitted kernels, and the compilation with all that is emitted.</summary>
    public static IReadOnlyDictionary<string, string> Run(CSharpCompilation compilation, out Compilation withKernels)
    {
        GeneratorDriver driver = Driver(compilation.LanguageVersion)
            .RunGeneratorsAndUpdateCompilation(compilation, out withKernels, out ImmutableArray<Diagnostic> diagnostics);
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        if (result.Exception is not null)
        {
            throw new InvalidOperationException("The generator threw.", result.Exception);
        }

        // Of a rule that no part can be added to it reports the errors; anything else would be a fault of its own.
        return diagnostics.All(diagnostic => diagnostic.Id is "OPT0001" or "OPT0002" or "OPT0003" or "OPT0005" or "OPT0010")
            ? result.GeneratedSources.Where(IsKernel).ToDictionary(source => source.HintName, source => source.SourceText.ToString())
            : throw new InvalidOperationException("The generator reported " + string.Join(Environment.NewLine, diagnostics));
    }

    /// <summary>What the compiler says of the rule and its kernel together.</summary>
    public static IReadOnlyList<Diagnostic> Compile(CSharpCompilation compilation)
    {
        Run(compilation, out Compilation withKernels);
        return [.. withKernels.GetDiagnostics().Where(diagnostic => diagnostic.Severity > DiagnosticSeverity.Hidden)];
    }
}
