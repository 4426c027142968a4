using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using OptDsl.Generator.Analysis.Report;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Emission;
using OptDsl.Generator.Language;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;
using OptDsl.Generator.Parsing;

namespace OptDsl.Generator;

/// <summary>Emits the kernel of every type marked <c>[Optimizer]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class OptimizerGenerator : IIncrementalGenerator
{
    private readonly Func<INamedTypeSymbol, Compilation, DiagnosticSink, CancellationToken, DeclaredRule?> parse;
    private readonly Func<RuleSpec, KernelPlan> lower;

    /// <summary>The generator.</summary>
    public OptimizerGenerator()
        : this(RuleParser.Parse, static rule => new KernelPlan(rule))
    {
    }

    /// <summary>A generator whose stations are others: one of them may fail.</summary>
    internal OptimizerGenerator(Func<INamedTypeSymbol, Compilation, DiagnosticSink, CancellationToken, DeclaredRule?> parse,
        Func<RuleSpec, KernelPlan> lower) => (this.parse, this.lower) = (parse, lower);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        (Func<INamedTypeSymbol, Compilation, DiagnosticSink, CancellationToken, DeclaredRule?> parse, Func<RuleSpec, KernelPlan> lower) =
            (this.parse, this.lower);

        // The transform runs again for every rule on every edit, because a helper may lie in any file. What it returns is
        // a plain value without positions, so emission runs again only where a rule's meaning changed.
        IncrementalValuesProvider<ParsedRule> parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownTypes.OptimizerAttribute,
                static (node, _) => node is TypeDeclarationSyntax,
                (rule, cancellation) => IsFirst(rule)
                    ? Parse((INamedTypeSymbol)rule.TargetSymbol, rule.SemanticModel.Compilation, parse, cancellation) : null)
            .WithTrackingName(TrackingNames.Rules)
            .Where(static rule => rule is not null)
            .Select(static (rule, _) => rule!);
        IncrementalValuesProvider<RuleSpec> valid = parsed.Where(static rule => rule.Valid is not null)
            .Select(static (rule, _) => rule.Valid!).WithTrackingName(TrackingNames.ValidRules);
        IncrementalValuesProvider<InvalidRule> invalid = parsed.Where(static rule => rule.Invalid is not null)
            .Select(static (rule, _) => rule.Invalid!).WithTrackingName(TrackingNames.InvalidRules);
        context.RegisterSourceOutput(valid, (output, rule) =>
        {
            try
            {
                KernelPlan plan = lower(rule);
                RuleReport report = RuleReporter.Report(plan);
                string text = RuleEmitter.Emit(plan, report);
                output.AddSource(rule.Type.HintName, SourceText.From(text, Encoding.UTF8));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                output.ReportDiagnostic(
                    Diagnostic.Create(DiagnosticDescriptors.GeneratorFailed, Location.None, rule.Name,
                        DiagnosticDescriptors.Words(exception)));
            }
        });
        context.RegisterSourceOutput(invalid.Where(static rule => rule.Type is not null), static (output, rule) =>
            output.AddSource(rule.Type!.HintName, SourceText.From(StubEmitter.Emit(rule), Encoding.UTF8)));

        Report(context, invalid.Select(static (rule, _) => rule.Reports));

        // A type that is used as a rule and is not marked is the compiler's error, which ends the build before the analyzer could say what
        // is missing.
        Report(context, context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownTypes.UpdateAttribute, static (node, _) => node is MethodDeclarationSyntax,
                static (update, _) =>
            {
                var sink = new DiagnosticSink(report: null);
                RoleReader.ReportMisplaced((IMethodSymbol)update.TargetSymbol, sink);
                return new EquatableArray<ReportSpec>(sink.Errors);
            })
            .WithTrackingName(TrackingNames.UpdatesOutsideRules));
    }

    /// <summary>Reports at a place in the compilation, so that what the analyzer reports, too, is one diagnostic.</summary>
    private static void Report(IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<EquatableArray<ReportSpec>> reports)
        => context.RegisterSourceOutput(reports.Where(static found => found.Count > 0).Combine(context.CompilationProvider),
            static (output, pair) =>
        {
            foreach (ReportSpec report in pair.Left)
            {
                if (report.In(pair.Right) is { } diagnostic)
                {
                    output.ReportDiagnostic(diagnostic);
                }
            }
        });

    /// <summary>
    /// The rule, or what is told of one with an error. An exception ends the attempt, which the analyzer meets, too, and reports.
    /// </summary>
    internal static ParsedRule? Parse(
        INamedTypeSymbol type, Compilation compilation,
            Func<INamedTypeSymbol, Compilation, DiagnosticSink, CancellationToken, DeclaredRule?> parse, CancellationToken cancellation)
    {
        try
        {
            var sink = new DiagnosticSink(report: null);
            RuleSpec? rule = null;
            try
            {
                rule = parse(type, compilation, sink, cancellation)?.Rule;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                sink.Report(DiagnosticDescriptors.GeneratorFailed, type.Locations[0], type.Name, DiagnosticDescriptors.Words(exception));
            }

            return new ParsedRule(rule, rule is null ? DeclarationReader.Invalid(type, compilation, sink.Errors) : null);
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
