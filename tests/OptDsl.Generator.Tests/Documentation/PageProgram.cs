using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Testing;

namespace OptDsl.Generator.Tests.Documentation;

/// <summary>
/// All C# blocks of a page as one program, as a reader has it who pastes one behind the other: their usings, then their statements in
/// order, then their types. A block is left out where a comment above it says that something else holds it to what it shows.
/// </summary>
internal static partial class PageProgram
{
    internal static string Of(string page, string name)
    {
        StringBuilder usings = new(), statements = new(), types = new();
        var declared = new HashSet<string>(StringComparer.Ordinal);
        foreach (Match block in Block().Matches(page.ReplaceLineEndings("\n")).Where(block => !block.Groups["other"].Success))
        {
            int line = 1 + page.ReplaceLineEndings("\n")[..block.Groups["text"].Index].Count(c => c == '\n');
            string text = block.Groups["text"].Value;
            CompilationUnitSyntax unit = CSharpSyntaxTree.ParseText(text, RuleCompilation.Options()).GetCompilationUnitRoot();
            foreach (UsingDirectiveSyntax one in unit.Usings.Where(one => declared.Add(one.ToString())))
            {
                Add(usings, one, line);
            }

            foreach (MemberDeclarationSyntax member in unit.Members)
            {
                // A page may show a type again, in another light.
                if (member is GlobalStatementSyntax || member is not BaseTypeDeclarationSyntax type || declared.Add(type.Identifier.Text))
                {
                    Add(member is GlobalStatementSyntax ? statements : types, member, line);
                }
            }
        }

        return $"{usings}{statements}{types}";

        // Whose place in errors is the page's.
        void Add(StringBuilder text, SyntaxNode node, int line)
            => text.Append(CultureInfo.InvariantCulture,
                $"#line {line + node.GetLocation().GetLineSpan().StartLinePosition.Line} \"{name}\"\n{node.ToString()}\n");
    }

    [GeneratedRegex("(?<other><!-- emitted [^\n]*-->\n)?```csharp\n(?<text>[\\s\\S]*?)```")]
    private static partial Regex Block();

    /// <summary>The blocks that show emitted text, with the rule they are emitted for.</summary>
    internal static IEnumerable<(string Rule, string Text)> Emitted(string page)
        => EmittedBlock().Matches(page.ReplaceLineEndings("\n")).Select(block => (block.Groups["rule"].Value, block.Groups["text"].Value));

    [GeneratedRegex("<!-- emitted (?<rule>\\w+) -->\n```csharp\n(?<text>[\\s\\S]*?)```")]
    private static partial Regex EmittedBlock();
}
