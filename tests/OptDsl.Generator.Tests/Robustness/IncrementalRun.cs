using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using OptDsl.Generator.Analysis.Report;
using OptDsl.Generator.Emission;
using OptDsl.Generator.Language;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Parsing;
using OptDsl.Testing;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>A driver that follows a project from edit to edit, and what a driver that has seen nothing makes of the same project.</summary>
internal sealed class IncrementalRun
{
    private readonly Dictionary<string, SyntaxTree> trees;
    private CSharpCompilation compilation = RuleCompilation.Create().RemoveAllSyntaxTrees().WithReferences(FuzzedProject.References);
    private GeneratorDriver driver = FuzzedProject.NewDriver();

    internal IncrementalRun() => trees = new(StringComparer.Ordinal);

    /// <summary>A run that goes on from where another is: compilations and drivers are values.</summary>
    internal IncrementalRun(IncrementalRun start)
    {
        trees = new(start.trees, StringComparer.Ordinal);
        (compilation, driver) = (start.compilation, start.driver);
    }

    /// <summary>Runs the driver on the files; trees that did not change are kept, and the others parsed from their last state.</summary>
    internal void Follow(IReadOnlyDictionary<string, string> files)
    {
        CSharpCompilation before = compilation;
        foreach (string path in trees.Keys.Where(path => !files.ContainsKey(path)).ToList())
        {
            compilation = compilation.RemoveSyntaxTrees(trees[path]);
            trees.Remove(path);
        }

        foreach ((string path, string text) in files)
        {
            if (!trees.TryGetValue(path, out SyntaxTree? old))
            {
                trees[path] = CSharpSyntaxTree.ParseText(text, RuleCompilation.Options(), path);
                compilation = compilation.AddSyntaxTrees(trees[path]);
            }
            else if (old.ToString() != text)
            {
                trees[path] = old.WithChangedText(SourceText.From(text));
                compilation = compilation.ReplaceSyntaxTree(old, trees[path]);
            }
        }

        // Where nothing changed no host runs its driver again, and Roslyn 4.14's forgets its files where one does so after an
        // attribute was taken away: any generator's, and only on one and the same compilation object.
        driver = before == compilation ? driver : driver.RunGenerators(compilation);
    }

    /// <summary>How the result differs from that of a driver that has seen nothing, or null.</summary>
    internal string? Difference() => Difference(Describe(FuzzedProject.NewDriver().RunGenerators(compilation)));

    /// <summary>
    /// How the result differs from what parser and emitter make of the rules without any driver, or null: what the generator
    /// itself kept from an earlier run would look the same to a new driver.
    /// </summary>
    internal string? DifferenceWithoutDriver()
    {
        var emitted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (INamedTypeSymbol type in compilation.GetSymbolsWithName(static _ => true, SymbolFilter.Type).OfType<INamedTypeSymbol>())
        {
            if (type.GetAttributes().Any(KnownTypes.IsOptimizerAttribute)
                && OptimizerGenerator.Parse(type, compilation, RuleParser.Parse, CancellationToken.None) is { } rule
                && (rule.Valid?.Type ?? rule.Invalid?.Type) is { } home)
            {
                emitted[home.HintName] = rule.Valid is { } valid ? Emitted(new KernelPlan(valid)) : StubEmitter.Emit(rule.Invalid!);
            }
        }

        return Difference(string.Join("\n", emitted.Select(file => $"{file.Key}\n{file.Value}")));
    }

    private static string Emitted(KernelPlan plan) => RuleEmitter.Emit(plan, RuleReporter.Report(plan));

    private string? Difference(string expected)
    {
        string actual = Describe(driver);
        return expected == actual ? null : $"From scratch:\n{expected}\nincremental:\n{actual}";
    }

    internal static string Describe(GeneratorDriver driver)
    {
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        IEnumerable<string> sources = result.GeneratedSources.OrderBy(source => source.HintName, StringComparer.Ordinal)
            .Select(source => $"{source.HintName}\n{source.SourceText}");
        return $"{result.Exception?.Message}{string.Join("\n", sources)}";
    }
}
