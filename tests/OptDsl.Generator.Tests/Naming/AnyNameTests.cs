using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using OptDsl.Generator.Tests.Robustness;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Naming;

/// <summary>
/// Emitted text has identifiers of its own, and the author's names beside them: whatever the author's are, it compiles, or a diagnostic of
/// ours says why there is none.
/// </summary>
public partial class AnyNameTests
{
    private const int BatchSize = 100;

    // A normal run takes so many of the some four hundred; OPTDSL_FUZZ=all takes all.
    private const int SampledVariants = 24;

    // What no member or input may be called, in either case of the first letter.
    private static readonly string[] Refused = ["Report", "OptDslKernel", "parameter", "gradient", "step", "loss", "rows", "columns",
        "count", "rank", "previous", "Parameter", "Gradient", "Step", "previousGradient", "unmanaged", "Unmanaged"];

    // What a type, a namespace or a keyword of some place is called, beside what the emitted text itself says.
    private static readonly string[] Special =
    [
        "System", "OptDsl", "global", "Math", "MathF", "Vector512", "Vector", "Kernels", "Numerics", "Runtime", "Object", "Attribute",
            "nint", "nuint", "unmanaged", "notnull", "dynamic", "var", "record", "where",
        "when", "partial", "file", "required", "scoped", "field", "value", "await", "async", "yield", "nameof", "and", "or", "not", "with",
            "init", "get", "set", "add", "remove", "alias", "extension", "allows", "event", "class",
        "namespace", "double", "_", "__", "S", "s", "V", "D", "W", "C", "T2", "Größe", "größe", "İ", "ı", "ǅ", "a\u0301", "名", "advanced0",
            "squareSumLower", "x", "x2", "xWide", "fault", "sumLower", "Initial0", "initial0",
    ];

    public static TheoryData<string> Rules => [.. NamedRules.All.Keys];

    [GeneratedRegex(@"\bpreviousZ[a-z]\b|\bZ[a-z]\b|\bz[a-z]\b")]
    private static partial Regex Placeholder();

    /// <summary>
    /// Every name of the author's takes every identifier of the emitted text, all names at once but each another one. Where that is
    /// refused, by us or by the compiler before there is a kernel, it is halved until the one name that is refused is alone.
    /// </summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void Any_identifier_of_the_emitted_text_may_be_a_name_of_the_authors(string rule)
    {
        string template = NamedRules.All[rule];
        string[] names = [.. Placeholder().Matches(template).Select(match => match.Value).Where(name => name[0] == 'Z').Distinct()
            .Order(StringComparer.Ordinal)];
        string[] candidates = Candidates(template);
        int stride = RobustnessSamples.All ? 1 : (candidates.Length / SampledVariants) + 1;
        List<Dictionary<string, string>> open = [.. Enumerable.Range(0, candidates.Length).Where(shift => shift % stride == 0)
            .Select(shift => names.Select((name, index) => (name, Value: candidates[(shift + index * 7) % candidates.Length]))
                .ToDictionary(pair => pair.name, pair => pair.Value))];

        // These are refused as members: among others they would hide what those come to.
        open.AddRange(Refused.SelectMany(value => names.Select(name => new Dictionary<string, string> { [name] = value }))
            .Where((_, index) => index % stride == 0));
        List<string> failures = [];
        while (open.Count > 0)
        {
            open = [.. open.Chunk(BatchSize).SelectMany(batch => Check(template, batch, failures)).Where(variant => variant.Count > 1)
                .SelectMany(Halves)];
        }

        Assert.Empty(failures);
    }

    private static IEnumerable<Dictionary<string, string>> Halves(Dictionary<string, string> variant)
        => variant.Chunk((variant.Count + 1) / 2).Select(half => half.ToDictionary(pair => pair.Key, pair => pair.Value));

    private static string[] Candidates(string template)
    {
        string emitted = Assert.Single(GeneratorHarness.Run(RuleCompilation.Create(Rename(template, [], "Case")))).Value;
        IEnumerable<string> identifiers = CSharpSyntaxTree.ParseText(emitted, RuleCompilation.Options(),
            cancellationToken: TestContext.Current.CancellationToken).GetRoot(TestContext.Current.CancellationToken)
            .DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText).Concat(Special)
            .ToList();
        return [.. identifiers.Concat(identifiers.Select(Other)).Where(SyntaxFacts.IsValidIdentifier)
            .Where(name => !Refused.Contains(name, StringComparer.OrdinalIgnoreCase)).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The same with its first letter in the other case.</summary>
    private static string Other(string name)
        => (char.IsUpper(name[0]) ? char.ToLowerInvariant(name[0]) : char.ToUpperInvariant(name[0])) + name[1..];

    /// <summary>
    /// The rules with these names, all in one project, each in a namespace of its own; gives back those that are refused.
    /// </summary>
    private static List<Dictionary<string, string>> Check(string template, Dictionary<string, string>[] variants, List<string> failures)
    {
        CSharpCompilation compilation = RuleCompilation.Create(
            [.. variants.Select((variant, index) => Rename(template, variant, $"Case{index}"))]).WithReferences(FuzzedProject.References);
        GeneratorHarness.Run(compilation, out Compilation withKernels);
        var errors = withKernels.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToLookup(Case);
        HashSet<string> emitted = [.. withKernels.SyntaxTrees.Where(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal))
            .Select(tree => CaseOf(tree.GetText(TestContext.Current.CancellationToken)))];
        List<int> silent = [.. Enumerable.Range(0, variants.Length).Where(i => !emitted.Contains($"Case{i}") || errors[$"Case{i}"].Any())];
        if (silent.Count == 0)
        {
            return [];
        }

        ILookup<string, Diagnostic> reported = AnalyzerActions.Run(compilation)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToLookup(PathOf);
        var refused = new List<Dictionary<string, string>>();
        foreach (int i in silent)
        {
            SyntaxTree file = compilation.SyntaxTrees[i];
            string text = string.Join(", ", variants[i].Select(pair => $"{pair.Key} = {pair.Value}"));
            bool broken = compilation.GetSemanticModel(file).GetDiagnostics(cancellationToken: TestContext.Current.CancellationToken)
                .Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            bool isEmitted = emitted.Contains($"Case{i}");
            refused.Add(variants[i]);
            if (broken || (reported[file.FilePath].Any() && !isEmitted))
            {
                continue;
            }

            failures.Add(isEmitted ? $"{text}: {errors[$"Case{i}"].First()}\n{Line(errors[$"Case{i}"].First())}"
                : $"{text}: nothing was emitted, and nobody said why");
        }

        return refused;
    }

    private static string Line(Diagnostic diagnostic)
        => diagnostic.Location.SourceTree?.GetText(
            TestContext.Current.CancellationToken).Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line].ToString() ?? "";

    private static string PathOf(Diagnostic diagnostic) => diagnostic.Location.SourceTree?.FilePath ?? "";

    private static string Case(Diagnostic diagnostic)
        => PathOf(diagnostic) is { } path && path.StartsWith("File", StringComparison.Ordinal) ? "Case" + path["File".Length..^".cs".Length]
            : diagnostic.Location.SourceTree is { } tree ? CaseOf(tree.GetText(TestContext.Current.CancellationToken))
            : "";

    private static string CaseOf(SourceText text) => CaseNamespace().Match(text.ToString()).Groups[1].Value;

    [GeneratedRegex(@"^namespace (Case\d+)\b", RegexOptions.Multiline)]
    private static partial Regex CaseNamespace();

    private static string Rename(string template, Dictionary<string, string> names, string space)
    {
        string Of(string placeholder) => names.TryGetValue(placeholder, out string? name) ? name : "Own" + placeholder;
        string text = Placeholder().Replace(template, match => match.Value switch
        {
            ['p', ..] => "previous" + Of(match.Value["previous".Length..]),
            ['z', ..] => "@" + Of("Z" + match.Value[1..]) is var name && name.Length > 1 ? "@" + char.ToLowerInvariant(name[1]) + name[2..]
                : "",
            _ => "@" + Of(match.Value),
        });
        return text.Replace("namespace @", $"namespace {space}.@", StringComparison.Ordinal);
    }
}
