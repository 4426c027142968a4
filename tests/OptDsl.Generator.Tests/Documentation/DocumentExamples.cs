using System.Text.RegularExpressions;

namespace OptDsl.Generator.Tests.Documentation;

/// <summary>The C# blocks of a document, each with what its comment puts around it.</summary>
internal static partial class DocumentExamples
{
    private const string Block = "$block";

    /// <summary>Each block as a file that should compile, by the line it begins in.</summary>
    internal static IEnumerable<(int Line, string Source)> Read(string document)
    {
        foreach (Match example in Example().Matches(document.ReplaceLineEndings("\n")))
        {
            string around = example.Groups["around"].Success ? example.Groups["around"].Value : Block;
            int line = 1 + document[..example.Groups["block"].Index].Count(c => c == '\n');
            yield return around.Contains(Block, StringComparison.Ordinal)
                ? (line, around.Replace(Block, example.Groups["block"].Value, StringComparison.Ordinal))
                : throw new InvalidOperationException($"The comment above the example in line {line} does not say where {Block} stands.");
        }
    }

    [GeneratedRegex("(?:<!-- example\\n(?<around>(?:(?!-->)[\\s\\S])*)-->\\n)?```csharp\\n(?<block>[\\s\\S]*?)```")]
    private static partial Regex Example();
}
