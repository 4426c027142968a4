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
    private readonly Func<INamedTypeSymbol, Compilation, CancellationToken, RuleSpec?> parse;
    private readonly Func<RuleSpec, string> emit;

    /// <summary>The generator.</summary>
    public OptimizerGenerator()
        : this(static (type, compilation, cancellation) => RuleParser.Parse(type, compilation, new DiagnosticSink(report: null), cancellation), RuleEmitter.Emit)
    {
    }

    /// <summary>A generator whose stations are others: one of them may fail.</summary>
    internal OptimizerGenerator(Func<INamedTypeSymbol, Compilation, CancellationToken, RuleSpec?> parse, Func<RuleSpec, string> emit) => (this.parse, this.emit) = (parse, emit);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        Func<RuleSpec, string> emit = this.emit;
        Func<INamedTypeSymbol, Compilation, CancellationToken, RuleSpec?> parse = this.parse;

        // The transform runs again for every rule on every edit, because a helper may lie in any file. What it returns is
        // a plain value without positions, so emission runs again only where a rule's meaning changed.
        IncrementalValuesProvider<RuleSpec> rules = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownTypes.OptimizerAttribute,
                static (node, _) => node is TypeDeclarationSyntax,
                (rule, cancellation) => Parse(rule, parse, cancellation))
            .WithTrackingName(TrackingNames.Rules)
            .Where(static rule => rule is not null)
            .Select(static (rule, _) => rule!)
            .WithTrackingName(TrackingNames.ValidRules);

        context.RegisterSourceOutput(rules, (output, rule) =>
        {
            try
            {
                output.AddSource(rule.Type.HintName, SourceText.From(emit(rule), Encoding.UTF8));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                output.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.GeneratorFailed, Location.None, rule.Name, DiagnosticDescriptors.Words(exception)));
            }
        });
    }

    /// <summary>The rule; null where it has an error, and where an exception ends the attempt, which the analyzer meets, too, and reports.</summary>
    private static RuleSpec? Parse(GeneratorAttributeSyntaxContext rule, Func<INamedTypeSymbol, Compilation, CancellationToken, RuleSpec?> parse, CancellationToken cancellation)
    {
        try
        {
            return IsFirst(rule) ? parse((INamedTypeSymbol)rule.TargetSymbol, rule.SemanticModel.Compilation, cancellation) : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return null;
        }
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
