using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Emission;
using OptDsl.Generator.Model;
using OptDsl.Generator.Parsing;

namespace OptDsl.Generator;

/// <summary>Emits the kernel of every type marked <c>[Optimizer]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class OptimizerGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // The transform runs again for every rule on every edit, because a helper may lie in any file. What it returns is
        // a plain value without positions, so emission runs again only where a rule's meaning changed.
        IncrementalValuesProvider<RuleSpec> rules = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownTypes.OptimizerAttribute,
                static (node, _) => node is TypeDeclarationSyntax,
                static (rule, cancellation) => IsFirst(rule)
                    ? RuleParser.Parse((INamedTypeSymbol)rule.TargetSymbol, rule.SemanticModel.Compilation, new DiagnosticSink(report: null), cancellation)
                    : null)
            .WithTrackingName(TrackingNames.Rules)
            .Where(static rule => rule is not null)
            .Select(static (rule, _) => rule!)
            .WithTrackingName(TrackingNames.ValidRules);

        context.RegisterSourceOutput(rules, static (output, rule) =>
            output.AddSource(rule.Type.HintName, SourceText.From(RuleEmitter.Emit(rule), Encoding.UTF8)));
    }

    /// <summary>
    /// A file copied whole declares its rule twice, both marked: one type, which must be emitted once, because two files of
    /// one name would end the generator for the whole project.
    /// </summary>
    private static bool IsFirst(GeneratorAttributeSyntaxContext rule)
    {
        SyntaxReference? first = rule.TargetSymbol.GetAttributes().First(KnownTypes.IsOptimizerAttribute).ApplicationSyntaxReference;
        return first?.SyntaxTree == rule.TargetNode.SyntaxTree && rule.TargetNode.Span.Contains(first.Span);
    }
}
