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
                static (rule, cancellation) => RuleParser.Parse(
                    (INamedTypeSymbol)rule.TargetSymbol, rule.SemanticModel.Compilation, new DiagnosticSink(report: null), cancellation))
            .WithTrackingName(TrackingNames.Rules)
            .Where(static rule => rule is not null)
            .Select(static (rule, _) => rule!)
            .WithTrackingName(TrackingNames.ValidRules);

        context.RegisterSourceOutput(rules, static (output, rule) =>
            output.AddSource(rule.Type.HintName, SourceText.From(RuleEmitter.Emit(rule), Encoding.UTF8)));
    }
}
