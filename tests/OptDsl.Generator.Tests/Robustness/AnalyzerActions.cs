using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using OptDsl.Generator.Analysis;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>
/// Calls the analyzer's actions without the compiler's driver, which takes ten times as long: an exception, which the driver
/// would turn into AD0001, comes out as it is.
/// </summary>
internal sealed class AnalyzerActions : AnalysisContext
{
    private readonly List<(Action<SymbolAnalysisContext> Action, ImmutableArray<SymbolKind> Kinds)> actions = [];

    private AnalyzerActions() => new RuleAnalyzer().Initialize(this);

    internal static IReadOnlyList<Diagnostic> Run(Compilation compilation)
    {
        var analyzer = new AnalyzerActions();
        var diagnostics = new List<Diagnostic>();
        var pending = new Stack<ISymbol>(compilation.Assembly.GlobalNamespace.GetMembers());
        while (pending.Count > 0)
        {
            ISymbol symbol = pending.Pop();
            foreach ((Action<SymbolAnalysisContext> action, ImmutableArray<SymbolKind> kinds) in analyzer.actions)
            {
                if (kinds.Contains(symbol.Kind) && !symbol.IsImplicitlyDeclared)
                {
#pragma warning disable CS0618 // The one constructor that is open to tests.
                    action(new SymbolAnalysisContext(symbol, compilation, new AnalyzerOptions([]), diagnostics.Add, IsSupported,
                        CancellationToken.None));
#pragma warning restore CS0618
                }
            }

            foreach (ISymbol member in symbol is INamespaceOrTypeSymbol container ? container.GetMembers() : [])
            {
                pending.Push(member);
            }
        }

        return diagnostics;
    }

    public override void RegisterSymbolAction(Action<SymbolAnalysisContext> action, ImmutableArray<SymbolKind> symbolKinds)
        => actions.Add((action, symbolKinds));

    public override void EnableConcurrentExecution()
    {
    }

    public override void ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags analysisMode)
    {
    }

    // The analyzer has symbol actions only; one of another kind must be run here, too.
    public override void RegisterCodeBlockAction(Action<CodeBlockAnalysisContext> action) => throw new NotSupportedException();

    public override void RegisterCodeBlockStartAction<TLanguageKindEnum>(Action<CodeBlockStartAnalysisContext<TLanguageKindEnum>> action)
        => throw new NotSupportedException();

    public override void RegisterCompilationAction(Action<CompilationAnalysisContext> action) => throw new NotSupportedException();

    public override void RegisterCompilationStartAction(Action<CompilationStartAnalysisContext> action)
        => throw new NotSupportedException();

    public override void RegisterSemanticModelAction(Action<SemanticModelAnalysisContext> action) => throw new NotSupportedException();

    public override void RegisterSyntaxNodeAction<TLanguageKindEnum>(Action<SyntaxNodeAnalysisContext> action,
        ImmutableArray<TLanguageKindEnum> syntaxKinds) => throw new NotSupportedException();

    public override void RegisterSyntaxTreeAction(Action<SyntaxTreeAnalysisContext> action) => throw new NotSupportedException();

    private static bool IsSupported(Diagnostic diagnostic)
        => new RuleAnalyzer().SupportedDiagnostics.Any(descriptor => descriptor.Id == diagnostic.Id);
}
