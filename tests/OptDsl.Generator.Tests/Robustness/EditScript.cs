using Microsoft.CodeAnalysis;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>What an author does next: the kind of an edit, and a number that chooses the file and the place.</summary>
internal readonly record struct Edit(EditKind Kind, int Choice);

/// <summary>The kinds of edits.</summary>
internal enum EditKind
{
    DeleteToken,
    DuplicateToken,
    SwapTokens,
    ChangeConstant,
    RenameMember,
    ChangeHelper,
    ToggleAttribute,
    ToggleFused,
    ToggleUsing,
    ToggleGlobalUsing,
    AddRule,
    AddUnrelated,
    CopyFile,
    RemoveFile,
    EditUnrelated,
    Undo,
}

/// <summary>
/// A project's files by path while an author edits them. Every edit is a function of the files and its own numbers, so that a
/// script means something after edits have been dropped from it.
/// </summary>
internal sealed class EditedFiles
{
    private const string Helper =
        "namespace Sample; static class Helper { public const double Half = 0.5; public static double Damp(double x) => x * Half; }";
    private const string Usings = "global using System;\nglobal using OptDsl;";

    private static readonly string Calling = SampleRules.FusedMomentum.Replace("+ gradient;", "+ Helper.Damp(gradient);",
        StringComparison.Ordinal);
    private readonly Stack<SortedDictionary<string, string>> past = new();

    /// <summary>The files now.</summary>
    internal SortedDictionary<string, string> Files { get; private set; } = new(StringComparer.Ordinal)
    {
        ["Adam.cs"] = SampleRules.Adam,
        ["Helper.cs"] = Helper,
        ["Momentum.cs"] = Calling,
        ["Usings.cs"] = Usings,
    };

    internal void Apply(Edit edit)
    {
        if (edit.Kind == EditKind.Undo)
        {
            Files = past.TryPop(out SortedDictionary<string, string>? before) ? before : Files;
            return;
        }

        past.Push(Files);
        var files = new SortedDictionary<string, string>(Files, StringComparer.Ordinal);
        string path = files.Keys.ElementAt(edit.Choice % files.Count);
        string text = files[path];
        switch (edit.Kind)
        {
            case EditKind.DeleteToken or EditKind.DuplicateToken or EditKind.SwapTokens:
                files[path] = EditToken(text, edit);
                break;
            case EditKind.ChangeConstant:
                files[path] = Toggle(text, "1e-3", "2e-3", "0.5", "0.25");
                break;
            case EditKind.RenameMember:
                files[path] = Toggle(text, "MeanSquare", "Square", "meanSquare", "square", "Velocity", "Speed", "velocity", "speed");
                break;
            case EditKind.ChangeHelper when files.TryGetValue("Helper.cs", out string? helper):
                files["Helper.cs"] = Toggle(helper, "x * Half", "x - Half", "0.5", "0.125");
                break;
            case EditKind.ToggleAttribute:
                files[path] = Toggle(text, "[Update]", "[Derived]", "[Optimizer", "[Obsolete");
                break;
            case EditKind.ToggleFused:
                files[path] = Toggle(text, "[Optimizer]", "[Optimizer(Arithmetic = Arithmetic.Fused)]");
                break;
            case EditKind.ToggleUsing:
                files[path] = Toggle(text, "namespace Sample;", "using M = System.Math; namespace Sample;", "Math.Sqrt", "M.Sqrt");
                break;
            case EditKind.ToggleGlobalUsing when files.TryGetValue("Usings.cs", out string? usings):
                files["Usings.cs"] = Toggle(usings, "global using OptDsl;", "global using Other;");
                break;
            case EditKind.AddRule:
                files[$"Rule{edit.Choice % 5}.cs"] = SampleRules.Adam.Replace("record Adam", $"record Rule{edit.Choice % 3}",
                    StringComparison.Ordinal);
                break;
            case EditKind.AddUnrelated:
                files[$"Unrelated{edit.Choice % 5}.cs"] = $"namespace Other; class Unrelated{edit.Choice % 3} {{ }}";
                break;
            case EditKind.CopyFile:
                files["Copy of " + path] = text;
                break;
            case EditKind.RemoveFile when files.Count > 1:
                files.Remove(path);
                break;
            case EditKind.EditUnrelated:
                files["Unrelated0.cs"] = $"namespace Other; class Unrelated {{ int edited{edit.Choice}; }}";
                break;
        }

        Files = files;
    }

    private static string EditToken(string text, Edit edit)
    {
        SyntaxToken[] tokens = TokenEdits.Tokens(text);
        int index = tokens.Length < 2 ? -1 : edit.Choice / 16 % (tokens.Length - 1);
        return (index < 0, edit.Kind) switch
        {
            (true, _) => text,
            (_, EditKind.DeleteToken) => TokenEdits.Delete(text, tokens[index]),
            (_, EditKind.DuplicateToken) => TokenEdits.Duplicate(text, tokens[index]),
            _ => TokenEdits.Swap(text, tokens[index], tokens[index + 1]),
        };
    }

    /// <summary>Replaces the first text of each pair by the second, or the second by the first where there is none of the first.</summary>
    private static string Toggle(string text, params string[] pairs)
    {
        for (int i = 0; i < pairs.Length; i += 2)
        {
            text = text.Contains(pairs[i], StringComparison.Ordinal)
                ? text.Replace(pairs[i], pairs[i + 1], StringComparison.Ordinal)
                : text.Replace(pairs[i + 1], pairs[i], StringComparison.Ordinal);
        }

        return text;
    }
}
