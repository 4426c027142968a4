using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using OptDsl.Generator.Analysis;
using OptDsl.Generator.Language;
using OptDsl.Testing;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>
/// A project one file of which is edited again and again: the references are bound once, and the generator's driver goes from
/// edit to edit as it does in an editor.
/// </summary>
internal sealed class FuzzedProject
{
    // The compiler's driver and the compilation of a kernel that was compiled before, in other surroundings, take three
    // quarters of the time: a normal run does without them but for one text in so many. OPTDSL_FUZZ=all does all.
    private const int CostlyEvery = 16;

    /// <summary>The assemblies rules and kernels need: every new compilation looks through all it has.</summary>
    internal static readonly ImmutableArray<MetadataReference> References =
    [
        .. RuleCompilation.References.Where(reference => Path.GetFileName(reference.Display) is "System.Private.CoreLib.dll"
            or "System.Runtime.dll" or "System.Collections.dll" or "System.Collections.Immutable.dll" or "OptDsl.Runtime.dll"),
    ];

    private readonly HashSet<string> emitted = new(StringComparer.Ordinal);
    private int checks;
    private CSharpCompilation compilation;
    private GeneratorDriver driver = NewDriver();
    private SyntaxTree file;
    private readonly SyntaxTree uses;
    private readonly string? named;

    internal FuzzedProject(string text, string companion)
    {
        compilation = RuleCompilation.Create(text, companion).WithReferences(References);
        file = compilation.SyntaxTrees[0];
        named = compilation.GetSymbolsWithName(static _ => true, SymbolFilter.Type).OfType<INamedTypeSymbol>()
            .Where(type => type is { IsGenericType: false, ContainingType: null, IsFileLocal: false }
                && type.GetAttributes().Any(KnownTypes.IsOptimizerAttribute)).Select(type => type.ToDisplayString()).FirstOrDefault();
        string element = text.Contains("float Update(", StringComparison.Ordinal) ? "float" : "double";
        uses = CSharpSyntaxTree.ParseText(
            named is null ? ""
                : $"internal class UsesOfIt(OptDsl.Optimizer<{element}, {named}> optimizer) {{ private readonly OptDsl.Optimizer<{element}, {named}>? kept = optimizer; }} internal class ListOfIt : System.Collections.Generic.List<OptDsl.Optimizer<{element}, {named}>>;",
            RuleCompilation.Options(), "Uses.cs");
        compilation = compilation.AddSyntaxTrees(uses);
    }

    /// <summary>How many rules the last text was emitted for.</summary>
    internal int Emitted { get; private set; }

    /// <summary>A driver that keeps no record of its steps, which takes longer than the steps.</summary>
    internal static GeneratorDriver NewDriver()
        => CSharpGeneratorDriver.Create([new OptimizerGenerator().AsSourceGenerator()], parseOptions: RuleCompilation.Options());

    /// <summary>
    /// Puts the text in the file and says what is wrong with what the generator and the analyzer make of it, or null:
    /// whatever the text, neither throws; what is emitted compiles; and a rule is emitted exactly where nobody reports an error.
    /// </summary>
    internal string? Check(string text, bool? compileKernels = null)
    {
        SyntaxTree edited = CSharpSyntaxTree.ParseText(text, RuleCompilation.Options(), file.FilePath);
        compilation = compilation.ReplaceSyntaxTree(file, edited);
        file = edited;
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation withKernels,
            out ImmutableArray<Diagnostic> reported);
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        if (result.Exception is { } exception)
        {
            return $"The generator threw {exception.Message} {exception.StackTrace?.Split((char)10)[0]}";
        }

        Emitted = result.GeneratedSources.Count(GeneratorHarness.IsKernel);
        bool costly = RobustnessSamples.All || ++checks % CostlyEvery == 0;
        IReadOnlyList<Diagnostic> analyzed = AnalyzerActions.Run(compilation);
        if (reported.FirstOrDefault(diagnostic => !analyzed.Contains(diagnostic)) is { } lonely)
        {
            return $"Only the generator reported {lonely}";
        }

        if (costly && Analyze(withKernels, analyzed) is { } failure)
        {
            return failure;
        }

        if (costly && named is not null && reported.IsEmpty
            && compilation.GetTypeByMetadataName(named) is { TypeKind: TypeKind.Class, IsGenericType: false }
            && !ErrorsIn(compilation, file).Any()
            && ErrorsIn(withKernels, uses).FirstOrDefault() is { } beside)
        {
            return $"Beside {string.Join(", ", analyzed)} a declaration that names the rule has {beside}";
        }

        bool isNew = result.GeneratedSources.Any(source => emitted.Add(source.SourceText.ToString()));
        bool compile = compileKernels ?? (costly || isNew);
        if (compile && result.GeneratedSources.SelectMany(source => ErrorsIn(withKernels, source.SyntaxTree)).FirstOrDefault() is { } error)
        {
            return $"What was emitted does not compile: {error}";
        }

        // An attribute that no rule has is an error of its own, which takes nothing from a rule beside it; one in a rule takes the rule.
        var errors = analyzed.Where(diagnostic => diagnostic is { Severity: DiagnosticSeverity.Error, Id: not "OPT1008" }).ToList();
        int rules = Rules(compilation), kernels = Emitted;
        if (errors.Count > 0 && kernels == rules)
        {
            return $"It was emitted in spite of {errors[0]}";
        }

        return kernels < rules && !analyzed.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            && !ErrorsIn(compilation, file).Any()
            ? $"Of {rules} rules {kernels} were emitted, and nobody said why"
            : null;
    }

    /// <summary>
    /// Runs the analyzer as a build does, by the compiler's driver and on the rule with its kernel: it must not fail, and must
    /// say what it says of the rule alone.
    /// </summary>
    private static string? Analyze(Compilation withKernels, IReadOnlyList<Diagnostic> expected)
    {
        string? failure = null;
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (exception, _, _) => failure ??= exception.ToString(), concurrentAnalysis: false,
                logAnalyzerExecutionTime: false);
        ImmutableArray<Diagnostic> diagnostics = withKernels.WithAnalyzers([new RuleAnalyzer()], options).GetAnalyzerDiagnosticsAsync()
            .GetAwaiter().GetResult();
        string alone = Describe(expected), built = Describe(diagnostics);
        return failure is not null || diagnostics.Any(diagnostic => diagnostic.Id == "AD0001") ? $"The analyzer failed: {failure}"
            : alone == built ? null
            : $"Of the rule alone the analyzer says\n{alone}\nand of the rule with its kernel\n{built}";
    }

    private static string Describe(IEnumerable<Diagnostic> diagnostics)
        => string.Join("\n", diagnostics.Select(diagnostic => diagnostic.ToString()).Order(StringComparer.Ordinal));

    private static IEnumerable<Diagnostic> ErrorsIn(Compilation compilation, SyntaxTree tree)
        => compilation.GetSemanticModel(tree).GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    private static int Rules(Compilation compilation)
        => compilation.GetSymbolsWithName(static _ => true, SymbolFilter.Type)
        .Count(type => type.GetAttributes().Any(KnownTypes.IsOptimizerAttribute));
}
