using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace OptDsl.Testing;

/// <summary>Source compiled with its kernels and loaded, as a build would have it.</summary>
public static class EmittedRules
{
    /// <summary>The assembly of the given files; fails the test where they do not compile.</summary>
    public static Assembly Load(params string[] files) => Load(RuleCompilation.Create(files));

    /// <summary>The assembly of a compilation; fails the test where it does not compile.</summary>
    public static Assembly Load(CSharpCompilation compilation)
    {
        GeneratorHarness.Run(compilation, out Compilation withKernels);
        using var image = new MemoryStream();
        EmitResult emitted = withKernels.Emit(image);
        if (!emitted.Success)
        {
            throw new InvalidOperationException(
                string.Join(Environment.NewLine, emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        }

        image.Position = 0;
        return new AssemblyLoadContext("Emitted", isCollectible: true).LoadFromStream(image);
    }
}
