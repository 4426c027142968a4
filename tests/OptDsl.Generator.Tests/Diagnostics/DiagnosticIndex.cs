using System.Text;
using Microsoft.CodeAnalysis;

namespace OptDsl.Generator.Tests.Diagnostics;

/// <summary>The index of the diagnostics' pages, from the descriptors and the pages themselves.</summary>
internal static class DiagnosticIndex
{
    private static readonly (char Digit, string Title)[] Chapters =
    [
        ('0', "The declaration of a rule"),
        ('1', "How its members refer to each other"),
        ('2', "What its bodies may contain"),
        ('3', "What they compute"),
    ];

    /// <param name="descriptors">All of them, by id.</param>
    /// <param name="folder">Where the pages lie.</param>
    internal static string Render(IEnumerable<DiagnosticDescriptor> descriptors, string folder)
    {
        var text = new StringBuilder();
        text.Append("<!-- Generated from the descriptors and the pages: CONTRIBUTING.md says how. -->\n");
        text.Append("# Diagnostics\n\n");
        text.Append(
            "Errors stop a rule from being emitted. Warnings and infos do not; `#pragma warning disable` silences one where it stands.\n");
        foreach ((char digit, string title) in Chapters)
        {
            text.Append($"\n## {title}\n\n| id | severity | title | code fix |\n|---|---|---|---|\n");
            foreach (DiagnosticDescriptor descriptor in descriptors.Where(descriptor => descriptor.Id[3] == digit))
            {
                string page = File.ReadAllText(Path.Combine(folder, descriptor.Id + ".md"));
                string fix = page.Contains("## Code fix\n", StringComparison.Ordinal) ? "yes" : "";
                text.Append(
                    $"| [{descriptor.Id}]({descriptor.Id}.md) | {descriptor.DefaultSeverity.ToString().ToLowerInvariant()} | {descriptor.Title} | {fix} |\n");
            }
        }

        return text.ToString();
    }
}
