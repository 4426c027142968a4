using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>Rules that must compile, with their kernels in an assembly that is unloaded.</summary>
internal sealed class LoadedRules : IDisposable
{
    private readonly AssemblyLoadContext context = new("compiled rules", isCollectible: true);
    private readonly Assembly assembly;

    internal LoadedRules(params string[] files)
    {
        CSharpCompilation compilation = RuleCompilation.Create(files);
        GeneratorHarness.Run(compilation, out Compilation withKernels);
        using var image = new MemoryStream();
        var result = withKernels.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        IEnumerable<Diagnostic> errors = AnalyzerHarness.Run(compilation).Concat(result.Diagnostics)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.True(result.Success, string.Join("\n", errors.Take(20)));
        image.Position = 0;
        assembly = context.LoadFromStream(image);
    }

    internal Type this[string name] => assembly.GetType(name, throwOnError: true)!;

    public void Dispose() => context.Unload();
}
