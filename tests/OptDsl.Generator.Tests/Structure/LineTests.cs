using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace OptDsl.Generator.Tests.Structure;

/// <summary>Sources are read side by side: lines end by column 140, but for a string, and files by line 400.</summary>
public class LineTests
{
    // A string that ends so near the edge may have its brackets behind it.
    private const int Longest = 140, Edge = 12, MostLines = 400;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview);

    public static TheoryData<string> Folders => ["generator", "runtime", "samples", "tests"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Lines_and_files_are_short(string folder)
    {
        var wrong = new List<string>();
        foreach (string file in Directory.GetFiles(Path.Combine(Root(), folder), "*.cs", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            string path = Path.GetRelativePath(Root(), file);
            if (path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")
                || path.EndsWith(".verified.cs", StringComparison.Ordinal))
            {
                continue;
            }

            SourceText text = SourceText.From(File.ReadAllText(file));
            if (text.Lines.Count - 1 > MostLines)
            {
                wrong.Add($"{path} has {text.Lines.Count - 1} lines: it has two jobs.");
            }

            SyntaxNode? root = null;
            foreach (TextLine line in text.Lines.Where(line => line.Span.Length > Longest))
            {
                CancellationToken token = TestContext.Current.CancellationToken;
                root ??= CSharpSyntaxTree.ParseText(text, Options, cancellationToken: token).GetRoot(token);
                if (!Enumerable.Range(Longest - Edge, Edge).Any(column => IsString(root.FindToken(line.Start + column))))
                {
                    wrong.Add($"{path}({line.LineNumber + 1}) has {line.Span.Length} columns.");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    /// <summary>Whether the column that a line should end by lies in a string, which cannot be cut.</summary>
    private static bool IsString(SyntaxToken token)
        => token.Parent?.AncestorsAndSelf()
        .Any(node => node.IsKind(SyntaxKind.InterpolatedStringExpression) || node.IsKind(SyntaxKind.StringLiteralExpression)) == true;

    private static string Root([CallerFilePath] string file = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
