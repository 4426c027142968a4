using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace OptDsl.Generator.Tests.Structure;

/// <summary>The worst habits of our prose do not come back: "one a parameter" for "per parameter", and sentences without an end.</summary>
public partial class WordTests
{
    private const int MostWords = 40;

    public static TheoryData<string> Folders => ["docs", "generator", "runtime", "samples", "templates"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Sentences_are_short_and_say_per(string folder)
    {
        string[] wrong = [.. Files(folder)
            .SelectMany(file => Of(file).Select(sentence => (File: Path.GetRelativePath(Root(), file), sentence)))
            .Select(at => Wrong(at.sentence) is { } why ? $"{at.File}({at.sentence.Line}) {why}: {at.sentence.Text}" : null)
            .OfType<string>()];
        Assert.True(wrong.Length == 0, $"{wrong.Length} sentences\n{string.Join("\n", wrong)}");
    }

    [Fact]
    public void Bad_sentences_are_found()
    {
        string Of(string page) => string.Join("; ", Prose.OfPage(page).Select(Wrong).OfType<string>());
        Assert.Equal("says 'one a parameter'", Of("A row's and a column's value meet in one a parameter."));
        Assert.Equal("says 'value a row'", Of("| what | a value a row |"));
        Assert.Equal("", Of("It keeps one value per parameter, and takes a step. It is a parameter."));
        Assert.Equal("has 41 words", Of(string.Concat(Enumerable.Repeat("word ", 41)) + "."));
        Assert.Equal("", Of(string.Concat(Enumerable.Repeat("word ", 30)) + ". " + string.Concat(Enumerable.Repeat("Word ", 30)) + "."));
        Assert.Equal("", Of("```\n" + string.Concat(Enumerable.Repeat("word ", 50)) + "\n```\n"));
        string comment = string.Concat(Enumerable.Repeat("word ", 45));
        Assert.Equal(45, Assert.Single(Prose.OfSource($"/// <summary>{comment}</summary>\nclass C;")).Words);
        Assert.Equal(45, Assert.Single(Prose.OfSource($"class C {{ string s = \"{comment}\"; }}")).Words);
    }

    private static string? Wrong(Prose.Sentence sentence)
        => Habit().Match(sentence.Text) is { Success: true } habit ? $"says '{habit.Value}'"
            : sentence.Words > MostWords ? $"has {sentence.Words} words"
            : null;

    private static IEnumerable<Prose.Sentence> Of(string file)
        => file.EndsWith(".md", StringComparison.Ordinal) ? Prose.OfPage(File.ReadAllText(file)) : Prose.OfSource(File.ReadAllText(file));

    private static IEnumerable<string> Files(string folder)
        => Directory.GetFiles(Path.Combine(Root(), folder), "*.*", SearchOption.AllDirectories)
            .Concat(folder == "docs" ? [Path.Combine(Root(), "README.md"), Path.Combine(Root(), "CONTRIBUTING.md")] : [])
            .Where(file => Path.GetExtension(file) is ".md" or ".cs"

                // A table of ids and titles, which are held where they are declared.
                && !Path.GetFileName(file).StartsWith("AnalyzerReleases.", StringComparison.Ordinal)
                && !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .Order(StringComparer.Ordinal);

    private static string Root([CallerFilePath] string file = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    // What is counted, "a", and what it is counted by.
    [GeneratedRegex(@"\b(?:one|once|twice|thrice|values?|numbers?|bytes?|operations?|gradients?|passes|draws?|floats?|doubles?|rates?|calls?|"
        + @"products?|lines?|nanoseconds|microseconds|milliseconds|seconds?|ns|times|evaluations?|losses|entries|roundings?|instructions?|"
        + @"additions?|divisions?|parameters|elements|components|rows|columns|bits|pages?|tables?|pictures?|threads?|levels?|chains|tensors|"
        + @"seeds?|claims?|allocations?|trials?) an? (?:parameter|row|column|tensor|group|step|chain|element|component|"
        + @"vector|matrix|pass|rule|draw|iteration|epoch|batch|transition|unit|lane|block|thread|member|layer|system|seed|level)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Habit();
}
