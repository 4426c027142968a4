using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using OptDsl.Generator.Analysis;
using Xunit;

namespace OptDsl.Testing;

/// <summary>Runs the analyzer over source in which <c>[| |]</c> marks where a diagnostic is due.</summary>
public static class AnalyzerHarness
{
    private const string Open = "[|", Close = "|]";

    /// <summary>Requires exactly the one diagnostic, on the marked span and with a message that holds the given words.</summary>
    /// <returns>The message.</returns>
    public static string RequireOne(string id, string markedSource, params string[] words)
    {
        int start = markedSource.IndexOf(Open, StringComparison.Ordinal),
            end = markedSource.IndexOf(Close, StringComparison.Ordinal) - Open.Length;
        Assert.True(start >= 0 && end >= start, "The source marks no span.");
        string source = Unmark(markedSource);
        IReadOnlyList<Diagnostic> found = Run(RuleCompilation.Create(source));
        Diagnostic diagnostic = found.Count == 1 ? found[0]
            : throw new InvalidOperationException($"Expected one {id}, found {found.Count}:\n{string.Join("\n", found)}");
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(source[start..end], source[diagnostic.Location.SourceSpan.Start..diagnostic.Location.SourceSpan.End]);
        Assert.Equal(start, diagnostic.Location.SourceSpan.Start);
        string message = diagnostic.GetMessage(CultureInfo.InvariantCulture);
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
        return message;
    }

    /// <summary>Requires that the analyzer says nothing, and that the source compiles.</summary>
    public static void RequireNone(string source)
    {
        CSharpCompilation compilation = RuleCompilation.Create(source);
        Assert.Empty(Run(compilation));
        Assert.DoesNotContain(GeneratorHarness.Compile(compilation), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    /// <summary>A rule without the hyperparameters that it does not read, so that many tests can have one head.</summary>
    public static string WithoutUnread(string source, string head)
    {
        if (!source.StartsWith(head, StringComparison.Ordinal))
        {
            return source;
        }

        string body = source[head.Length..];
        string parameters = string.Join(", ", head[(head.IndexOf('(', StringComparison.Ordinal) + 1)..head.LastIndexOf(')')].Split(", ")
            .Where(parameter => Regex.IsMatch(body, $@"\b{parameter.Split(' ')[1]}\b")));
        return $"{head[..head.IndexOf('(', StringComparison.Ordinal)]}({parameters}) {{ {body}";
    }

    /// <summary>What the analyzer says, suppressions applied.</summary>
    public static IReadOnlyList<Diagnostic> Run(CSharpCompilation compilation)
    {
        CompilationWithAnalyzers analyzed = compilation.WithAnalyzers([new RuleAnalyzer()], new AnalyzerOptions([]));
        ImmutableArray<Diagnostic> diagnostics = analyzed.GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return [.. diagnostics.Where(diagnostic => !diagnostic.IsSuppressed).OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    private static string Unmark(string source)
        => source.Replace(Open, "", StringComparison.Ordinal).Replace(Close, "", StringComparison.Ordinal);
}
