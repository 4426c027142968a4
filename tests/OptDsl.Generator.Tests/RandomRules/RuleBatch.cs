using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;
using OptDsl.Generator.Parsing;
using OptDsl.Testing;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>Rules compiled into one assembly, each in a namespace of its own, as an author's project would be.</summary>
internal sealed class RuleBatch : IDisposable
{
    private readonly AssemblyLoadContext context = new("random rules", isCollectible: true);
    private readonly List<(Type Type, RuleSpec Spec)?> compiled = [];
    private readonly Dictionary<int, string> errors = [];
    private readonly int[] owners;

    internal RuleBatch(IReadOnlyList<RuleSyntax> rules)
    {
        List<(int Rule, string Text)> files = [.. rules.SelectMany((rule, index) => RulePrinter.Print(rule, Space(index))
            .Select(text => (index, text)))];
        owners = [.. files.Select(file => file.Rule)];
        CSharpCompilation compilation = RuleCompilation.Create([.. files.Select(file => file.Text)]);
        Note(AnalyzerHarness.Run(compilation));
        Note(compilation.GetDiagnostics());
        if (errors.Count == 0)
        {
            Load(rules, compilation);
        }
    }

    /// <summary>What the analyzer or the compiler has against a rule that is valid by construction, or null.</summary>
    internal string? Error(int index) => errors.GetValueOrDefault(index);

    internal bool IsLoaded => errors.Count == 0;

    /// <summary>What a comparison finds wrong, or null.</summary>
    internal string? Compare(int index, RulePlan plan)
    {
        if (compiled[index] is not var (type, spec))
        {
            return "the rule was not parsed";
        }

        try
        {
            return RuleRun.Of(type, spec, plan.InFloat).Compare(plan);
        }
        catch (Exception exception) when (exception is InvalidCastException or NotSupportedException or NullReferenceException
        or IndexOutOfRangeException or TypeInitializationException)
        {
            // Neither a rule nor an interpreter of one throws these: shrink it as what it is.
            return exception.ToString();
        }
    }

    public void Dispose() => context.Unload();

    private static string Space(int index) => $"R{index}";

    private void Load(IReadOnlyList<RuleSyntax> rules, CSharpCompilation compilation)
    {
        GeneratorHarness.Run(compilation, out Compilation withKernels);
        using var image = new MemoryStream();
        if (!withKernels.Emit(image).Success)
        {
            Note(withKernels.GetDiagnostics());
            return;
        }

        image.Position = 0;
        Assembly assembly = context.LoadFromStream(image);
        for (int i = 0; i < rules.Count; i++)
        {
            string name = $"{Space(i)}.{rules[i].MetadataName}";
            Type type = assembly.GetType(name, throwOnError: true)!;
            RuleSpec? spec = RuleParser.Parse(compilation.Assembly.GetTypeByMetadataName(name)!, compilation,
                new DiagnosticSink(report: null), CancellationToken.None)?.Rule;
            compiled.Add(spec is null ? null
                : (type.IsGenericTypeDefinition ? type.MakeGenericType([.. type.GetGenericArguments().Select(Argument)]) : type, spec));
        }
    }

    private static Type Argument(Type parameter, int index)
        => parameter.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? typeof(object)
        : index % 2 == 0 ? typeof(int) : typeof(long);

    private void Note(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (Diagnostic diagnostic in diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
        {
            // "File7.cs" is the author's eighth file; "...R7.Rule...g.cs" is the kernel of rule 7.
            string path = Path.GetFileName(diagnostic.Location.SourceTree?.FilePath ?? "");
            string digits = new([.. path.SkipWhile(c => !char.IsDigit(c)).TakeWhile(char.IsDigit)]);
            int number = digits.Length == 0 ? 0
                : int.Parse(digits, CultureInfo.InvariantCulture), rule = path.StartsWith("File", StringComparison.Ordinal) ? owners[number]
                : number;
            errors[rule] =
                $"{errors.GetValueOrDefault(rule)}{diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)} At '{diagnostic.Location.SourceTree?.GetText().ToString(diagnostic.Location.SourceSpan)}'.\n";
        }
    }
}
