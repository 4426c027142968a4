using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;
using OptDsl.Generator.Parsing;

namespace OptDsl.Generator.Analysis;

/// <summary>
/// Reports what the parser finds, at real source locations, so that an error shows in the editor and
/// <c>#pragma warning disable</c> works.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RuleAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. DiagnosticDescriptors.All];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(AnalyzeType, SymbolKind.NamedType);
        context.RegisterSymbolAction(AnalyzeMethod, SymbolKind.Method);
    }

    private static void AnalyzeType(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.GetAttributes().Any(KnownTypes.IsOptimizerAttribute))
        {
            RuleParser.Parse(type, context.Compilation, new DiagnosticSink(context.ReportDiagnostic), context.CancellationToken);
        }
    }

    /// <summary>A role on a method that no rule has, such as an accessor's or one outside a rule, does nothing.</summary>
    private static void AnalyzeMethod(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        bool inRule = method.ContainingType?.GetAttributes().Any(KnownTypes.IsOptimizerAttribute) == true;
        if (inRule && method.MethodKind == MethodKind.Ordinary)
        {
            return;
        }

        foreach (AttributeData attribute in method.GetAttributes())
        {
            if (KnownTypes.RoleOf(attribute) is MemberRole role)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    DiagnosticDescriptors.MisplacedAttribute, RoleReader.AttributeLocation(attribute), role, method.AssociatedSymbol?.Name ?? method.Name,
                    inRule ? "put it on an ordinary method" : $"mark '{method.ContainingType?.Name}' with [Optimizer], or remove it"));
            }
        }
    }
}
