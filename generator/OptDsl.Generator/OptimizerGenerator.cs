using Microsoft.CodeAnalysis;

namespace OptDsl.Generator;

/// <summary>Emits the kernel of every type marked <c>[Optimizer]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class OptimizerGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
    }
}
