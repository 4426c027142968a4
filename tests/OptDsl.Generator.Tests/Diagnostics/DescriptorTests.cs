using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using OptDsl.Generator.Analysis;
using Xunit;

namespace OptDsl.Generator.Tests.Diagnostics;

/// <summary>Every diagnostic has an id of its own, a title, a page, a line in the release file, and tests.</summary>
public partial class DescriptorTests
{
    private static readonly DiagnosticDescriptor[] All = [.. new RuleAnalyzer().SupportedDiagnostics];

    [Fact]
    public void Ids_are_unique_and_in_order()
    {
        string[] ids = [.. All.Select(descriptor => descriptor.Id)];
        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
        Assert.All(ids, id => Assert.Matches("^OPT[0-3][0-9]{3}$", id));
    }

    [Fact]
    public void Titles_and_messages_are_sentences()
    {
        Assert.All(All, descriptor =>
        {
            string title = descriptor.Title.ToString(null), message = descriptor.MessageFormat.ToString(null);
            Assert.Matches("^[A-Z].*[^.]$", title);
            Assert.DoesNotMatch(@"\.$", message);

            // What is wrong, and after it what to do.
            Assert.Matches("[;,] ", message);
            Assert.Contains("{0}", message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_diagnostic_has_a_page_that_shows_it_and_how_to_mend_it()
    {
        Assert.All(All, descriptor =>
        {
            Assert.EndsWith($"/docs/diagnostics/{descriptor.Id}.md", descriptor.HelpLinkUri, StringComparison.Ordinal);
            string page = File.ReadAllText(Path.Combine(Root(), "docs", "diagnostics", descriptor.Id + ".md"));
            Assert.StartsWith($"# {descriptor.Id}: {descriptor.Title}\n", page, StringComparison.Ordinal);
            Assert.Contains(descriptor.DefaultSeverity.ToString(), page, StringComparison.Ordinal);
            Assert.Contains("## What to do", page, StringComparison.Ordinal);
        });
        string[] pages = [.. Directory.GetFiles(Path.Combine(Root(), "docs", "diagnostics"), "OPT*.md")
            .Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!];
        Assert.Equal(All.Select(descriptor => descriptor.Id), pages);
    }

    /// <summary>It is written by the command in CONTRIBUTING.md, which is this test with a variable set.</summary>
    [Fact]
    public void The_index_of_the_pages_is_the_one_that_is_generated()
    {
        string folder = Path.Combine(Root(), "docs", "diagnostics"), file = Path.Combine(folder, "README.md");
        string generated = DiagnosticIndex.Render(All, folder);
        if (Environment.GetEnvironmentVariable("OPTDSL_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, generated);
        }

        Assert.True(generated == File.ReadAllText(file), "docs/diagnostics/README.md is stale: write it anew as CONTRIBUTING.md says.");
    }

    [Fact]
    public void The_release_files_list_every_diagnostic_as_it_is()
    {
        string folder = Path.Combine(Root(), "generator", "OptDsl.Generator");
        string released = File.ReadAllText(Path.Combine(folder, "AnalyzerReleases.Shipped.md"))
            + File.ReadAllText(Path.Combine(folder, "AnalyzerReleases.Unshipped.md"));
        string[] lines = [.. ReleaseLine().Matches(released).Select(match => match.Value.TrimEnd())];
        Assert.Equal(
            All.Select(descriptor => $"{descriptor.Id} | {descriptor.Category} | {descriptor.DefaultSeverity} | {descriptor.Title}"),
                lines);
    }

    /// <summary>
    /// OPT0012 and OPT0014 are the build target's, whose tests are with the package's targets; OPT0013 has its own with the faults it is
    /// about.
    /// </summary>
    [Fact]
    public void Every_diagnostic_is_triggered_and_nearly_missed_by_a_test()
    {
        IEnumerable<string> triggered = new[] { DeclarationDiagnosticsTests.Errors, InputDiagnosticsTests.Reported,
            TranslationDiagnosticsTests.Reported, ExpressionDiagnosticsTests.Reported }
            .SelectMany(data => data.Select(row => row.Data.Item1)).Concat(["OPT0010", "OPT0012", "OPT0013", "OPT0014"]);
        IEnumerable<string> missed = new[] { DeclarationDiagnosticsTests.NearMisses, InputDiagnosticsTests.NearMisses,
            TranslationDiagnosticsTests.NearMisses, ExpressionDiagnosticsTests.NearMisses }
            .SelectMany(data => data.Select(row => row.Data.Item1)).Concat(["OPT0010", "OPT0012", "OPT0013", "OPT0014"]);
        Assert.Equal(All.Select(descriptor => descriptor.Id), triggered.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(All.Select(descriptor => descriptor.Id), missed.Distinct().Order(StringComparer.Ordinal));
    }

    private static string Root([CallerFilePath] string file = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    [GeneratedRegex("^OPT[0-9]{4} .*$", RegexOptions.Multiline)]
    private static partial Regex ReleaseLine();
}
