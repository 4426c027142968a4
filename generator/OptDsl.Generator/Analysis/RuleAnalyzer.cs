using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Parsing;

namespace OptDsl.Generator.Analysis;

/// <summary>
/// Reports what the parser finds, at real source locations, so that an error shows in the editor and
/// <c>#pragma warning disable</c> works.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RuleAnalyzer : DiagnosticAnalyzer
{
    private readonly Func<INamedTypeSymbol, Compilation, DiagnosticSink, CancellationToken, DeclaredRule?> parse;

    /// <summary>The analyzer.</summary>
    public RuleAnalyzer()
        : this(RuleParser.Parse)
    {
    }

    /// <summary>An analyzer whose parser is another: it may fail.</summary>
    internal RuleAnalyzer(Func<INamedTypeSymbol, Compilation, DiagnosticSink, CancellationToken, DeclaredRule?> parse)
        => this.parse = parse;

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

    private void AnalyzeType(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.GetAttributes().Any(KnownTypes.IsOptimizerAttribute))
        {
            try
            {
                var sink = new DiagnosticSink(context.ReportDiagnostic);
                if (parse(type, context.Compilation, sink, context.CancellationToken) is { } declared)
                {
                    RuleWarnings.Report(declared, sink);
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                context.ReportDiagnostic(
                    Diagnostic.Create(DiagnosticDescriptors.GeneratorFailed, type.Locations[0], type.Name,
                        DiagnosticDescriptors.Words(exception)));
            }
        }
    }

    /// <summary>An attribute of an input, or one that says a member can be observed, where there is no member.</summary>
    private static void AnalyzeInputs(SymbolAnalysisContext context, IMethodSymbol method, bool inRule)
    {
        ImmutableArray<AttributeData> own = method.GetAttributes();
        if (inRule && own.Any(attribute => KnownTypes.RoleOf(attribute) is not null))
        {
            return;
        }

        string advice = inRule ? "inputs are bound to parameters of members; give the method a role, such as [Derived]"
            : "it belongs to a member of a rule; remove it";
        foreach ((AttributeData attribute, string name) in method.Parameters.SelectMany(parameter => parameter.GetAttributes()
            .Select(attribute => (attribute, parameter.Name)))
            .Where(pair => KnownTypes.ExtraOf(pair.attribute) is not null)
            .Concat(own.Where(KnownTypes.IsObserve).Select(attribute => (attribute, method.Name))))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                DiagnosticDescriptors.MisplacedAttribute, RoleReader.AttributeLocation(attribute),
                    KnownTypes.ExtraOf(attribute)?.ToString() ?? "Observe", name, advice));
        }
    }

    /// <summary>A role on a method that no rule has, such as an accessor's or one outside a rule, does nothing.</summary>
    private static void AnalyzeMethod(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        AnalyzeInputs(context, method, RoleReader.IsInRule(method));
        RoleReader.ReportMisplaced(method, new DiagnosticSink(context.ReportDiagnostic));
    }
}
