using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace OptDsl.Generator.Tests.Documentation;

/// <summary>What a page links to is there: files, and headings within them.</summary>
public partial class LinkTests
{
    [Fact]
    public void Every_relative_link_leads_somewhere()
    {
        string[] wrong = [.. Pages().SelectMany(page => Links(page).Where(link => !Exists(page, link))
            .Select(link => $"{Path.GetRelativePath(Root(), page)} links to {link}, which is not there."))];
        Assert.True(wrong.Length == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void Broken_links_are_found()
    {
        string readme = Path.Combine(Root(), "README.md");
        Assert.True(Exists(readme, "docs/steps.md"));
        Assert.True(Exists(readme, "docs/steps.md#second-order"));
        Assert.False(Exists(readme, "docs/steps.md#third-order"));
        Assert.False(Exists(readme, "docs/none.md"));
        Assert.True(Links(readme).Count() > 10);
    }

    /// <summary>Nobody finds a page that no other leads to.</summary>
    [Fact]
    public void README_leads_to_every_page_of_docs()
    {
        string readme = Path.Combine(Root(), "README.md");
        string[] linked = [.. Links(readme).Select(link => Path.GetFullPath(Path.Combine(Root(), link.Split('#')[0])))];
        Assert.All(Directory.GetFiles(Path.Combine(Root(), "docs"), "*.md"), page => Assert.Contains(page, linked));
    }

    private static IEnumerable<string> Pages()
        => Directory.GetFiles(Root(), "*.md")
            .Concat(Directory.GetFiles(Path.Combine(Root(), "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(Path.Combine(Root(), "runtime"), "README.md", SearchOption.AllDirectories));

    private static IEnumerable<string> Links(string page)
        => Link().Matches(Code().Replace(File.ReadAllText(page), "")).Select(match => match.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal));

    private static bool Exists(string page, string link)
    {
        string[] parts = link.Split('#');
        string target = parts[0].Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, parts[0]);
        return (File.Exists(target) || Directory.Exists(target))
            && (parts.Length == 1 || File.ReadLines(target).Where(line => line.StartsWith('#')).Select(Anchor).Contains(parts[1]));
    }

    // As GitHub makes it.
    private static string Anchor(string heading)
        => Other().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    private static string Root([CallerFilePath] string file = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("```[\\s\\S]*?```|`[^`\n]*`")]
    private static partial Regex Code();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Other();
}
