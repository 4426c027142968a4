using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Testing;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>What a text becomes while it is typed: cut off anywhere, or with one token too few, too many or in the wrong place.</summary>
internal static class TokenEdits
{
    /// <summary>Every prefix, and every deletion, duplication and swap of one token; equal texts once.</summary>
    internal static IEnumerable<(string What, string Text)> All(string text)
    {
        SyntaxToken[] tokens = Tokens(text);
        var seen = new HashSet<string>(StringComparer.Ordinal) { text };
        for (int i = 0; i < tokens.Length; i++)
        {
            foreach ((string what, string edited) in Of(text, tokens, i))
            {
                if (seen.Add(edited))
                {
                    yield return ($"{what} of token {i} '{tokens[i].Text}'", edited);
                }
            }
        }
    }

    internal static SyntaxToken[] Tokens(string text)
        => [.. CSharpSyntaxTree.ParseText(text, RuleCompilation.Options()).GetRoot().DescendantTokens()
            .Where(token => token.Span.Length > 0)];

    internal static string Delete(string text, SyntaxToken token) => text.Remove(token.SpanStart, token.Span.Length);

    internal static string Duplicate(string text, SyntaxToken token) => text.Insert(token.Span.End, " " + token.Text);

    internal static string Swap(string text, SyntaxToken first, SyntaxToken second)
        => text[..first.SpanStart] + second.Text + text[first.Span.End..second.SpanStart] + first.Text + text[second.Span.End..];

    private static IEnumerable<(string What, string Text)> Of(string text, SyntaxToken[] tokens, int index)
    {
        SyntaxToken token = tokens[index];
        yield return ("prefix before", text[..token.SpanStart]);
        yield return ("prefix within", text[..(token.SpanStart + token.Span.Length / 2)]);
        yield return ("prefix after", text[..token.Span.End]);
        yield return ("deletion", Delete(text, token));
        yield return ("duplication", Duplicate(text, token));
        if (index + 1 < tokens.Length)
        {
            yield return ("swap", Swap(text, token, tokens[index + 1]));
        }
    }
}
