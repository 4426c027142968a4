using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OptDsl.Generator.Tests.Structure;

/// <summary>What a person reads, sentence by sentence: of pages, of doc comments, and of strings.</summary>
internal static partial class Prose
{
    /// <summary>A sentence and where it begins.</summary>
    internal readonly record struct Sentence(int Line, string Text)
    {
        internal int Words => Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(word => word.Any(char.IsLetterOrDigit));
    }

    /// <summary>The sentences of a Markdown page, without code; each cell of a table and each item of a list stands for itself.</summary>
    internal static IEnumerable<Sentence> OfPage(string page)
    {
        string plain = Block().Replace(page.ReplaceLineEndings("\n"), match => new string('\n', match.Value.Count(c => c == '\n')));
        var paragraph = new StringBuilder();
        int line = 0, first = 1;
        foreach (string text in plain.Split('\n').Append(""))
        {
            line++;
            bool isTable = text.StartsWith('|'), isItem = Item().IsMatch(text);
            if ((text.Trim().Length == 0 || isTable || isItem || text.StartsWith('#')) && paragraph.Length > 0)
            {
                foreach (Sentence sentence in Split(first, paragraph.ToString()))
                {
                    yield return sentence;
                }

                paragraph.Clear();
            }

            if (isTable)
            {
                foreach (Sentence sentence in text.Split('|').SelectMany(cell => Split(line, cell)))
                {
                    yield return sentence;
                }
            }
            else if (text.Trim().Length > 0)
            {
                first = paragraph.Length == 0 ? line : first;
                paragraph.Append(text).Append(' ');
            }
        }
    }

    /// <summary>The sentences of a file's doc comments, each element for itself, and of its strings of several words.</summary>
    internal static IEnumerable<Sentence> OfSource(string source)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.Parse));
        SyntaxNode root = tree.GetRoot();
        foreach (DocumentationCommentTriviaSyntax comment in root.DescendantNodes(descendIntoTrivia: true)
            .OfType<DocumentationCommentTriviaSyntax>())
        {
            foreach (XmlElementSyntax element in comment.DescendantNodes().OfType<XmlElementSyntax>()
                .Where(element => element.StartTag.Name.ToString() is not ("c" or "code" or "b" or "i" or "em" or "see" or "paramref")))
            {
                // What nested elements say is theirs, but for words in the line.
                string text = string.Concat(element.Content.Select(node => node switch
                {
                    XmlTextSyntax words => string.Concat(words.TextTokens.Select(token => token.ToString())),
                    XmlElementSyntax { StartTag.Name: var name } inner when name.ToString() is "b" or "i" or "em" =>
                        inner.Content.ToString(),
                    XmlElementSyntax { StartTag.Name: var name } when name.ToString() is "c" or "see" or "paramref" => "Code",
                    XmlEmptyElementSyntax => "Code",
                    _ => ". ",
                }));
                foreach (Sentence sentence in Split(LineOf(element), text))
                {
                    yield return sentence;
                }
            }
        }

        foreach (SyntaxNode node in root.DescendantNodes())
        {
            string? text = node switch
            {
                LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal => literal.Token.ValueText,
                InterpolatedStringExpressionSyntax whole => string.Concat(whole.Contents.Select(part =>
                    part is InterpolatedStringTextSyntax words ? words.TextToken.ValueText : "Code")),
                _ => null,
            };

            // Code that is emitted or compiled is no prose.
            if (text is not null && text.Count(c => c == ' ') > 3 && !Emitted().IsMatch(text))
            {
                foreach (Sentence sentence in Split(LineOf(node), text))
                {
                    yield return sentence;
                }
            }
        }

        int LineOf(SyntaxNode node) => tree.GetLineSpan(node.Span).StartLinePosition.Line + 1;
    }

    private static IEnumerable<Sentence> Split(int line, string text)
        => End().Split(Space().Replace(Link().Replace(Code().Replace(text, "Code"), "$1"), " "))
            .Where(sentence => sentence.Trim().Length > 0).Select(sentence => new Sentence(line, sentence.Trim()));

    [GeneratedRegex("```[\\s\\S]*?```|<!--[\\s\\S]*?-->")]
    private static partial Regex Block();

    [GeneratedRegex(@"^\s*(?:[-*]|\d+\.) ")]
    private static partial Regex Item();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();

    [GeneratedRegex(@"!?\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"(?<=[.!?:])[""')*]*\s+(?=[A-Z0-9(`*""'])")]
    private static partial Regex End();

    [GeneratedRegex(@"global::|\bpublic \w|\bstatic \w+ \w+\(|=>|\);|<svg|<[a-z]+ |\{ get;")]
    private static partial Regex Emitted();
}
