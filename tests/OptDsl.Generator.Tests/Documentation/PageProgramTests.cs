using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Models;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Documentation;

/// <summary>The C# of README and of every page of docs compiles and runs, block behind block.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public class PageProgramTests
{
    // What the programs print would stand between the lines of other tests.
    private const string Name = "Console";

    // The SDK's implicit usings, and nothing a page does not say.
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>Those of language.md stand each for itself: <see cref="LanguageExamplesTests"/>.</summary>
    public static TheoryData<string> Pages
        => [.. Directory.GetFiles(Path.Combine(Root(), "docs"), "*.md")
            .Concat(Directory.GetFiles(Root(), "*.md"))
            .Concat(Directory.GetFiles(Path.Combine(Root(), "runtime"), "README.md", SearchOption.AllDirectories))
            .Select(page => Path.GetRelativePath(Root(), page).Replace('\\', '/'))
            .Where(page => page != "docs/language.md" && File.ReadAllText(Path.Combine(Root(), page))
                .Contains("```csharp", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Compiles_and_runs(string page) => Run(PageProgram.Of(File.ReadAllText(Path.Combine(Root(), page)), page));

    [Fact]
    public void Those_with_programs_are_found()
        => Assert.Superset(
            new HashSet<string>(["README.md", "docs/checkpoints.md", "docs/samplers.md", "docs/steps.md", "runtime/OptDsl/README.md"]),
            new HashSet<string>(Pages.Select(page => page.Data)));

    [Fact]
    public void A_page_that_does_not_compile_redeclares_or_throws_fails()
    {
        const string Good = "```csharp\nusing OptDsl;\nint a = 1;\n```\n```csharp\nusing OptDsl;\nSystem.Console.WriteLine(a);\n```\n";
        Run(PageProgram.Of(Good, "page.md"));
        var thrown = Assert.Throws<InvalidOperationException>(() => Run(PageProgram.Of(Good + "```csharp\nint a = 2;\n```\n", "page.md")));
        Assert.Contains("page.md(10,5)", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Run(PageProgram.Of("```csharp\nint b = a;\n```\n", "page.md")));
        Assert.ThrowsAny<Exception>(() => Run(PageProgram.Of("```csharp\nthrow new NotSupportedException();\n```\n", "page.md")));
    }

    /// <summary>What README shows of emitted code is emitted.</summary>
    [Fact]
    public void Emitted_blocks_are_emitted()
    {
        (string rule, string text) = Assert.Single(PageProgram.Emitted(File.ReadAllText(Path.Combine(Root(), "README.md"))));
        string snapshot = File.ReadAllText(
            Path.Combine(Root(), "tests", "OptDsl.Generator.Tests", "Emission", $"EmittedTextTests.{rule}.verified.cs"));
        string[] emitted = [.. snapshot.Split('\n').Select(line => line.Trim())];
        string[] shown = [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        Assert.True(shown.Length > 10);
        Assert.All(shown, line => Assert.Contains(line, emitted));
    }

    private static void Run(string source)
    {
        CSharpCompilation compilation = RuleCompilation.Create();
        compilation = compilation
            .RemoveAllSyntaxTrees()
            .AddSyntaxTrees(CSharpSyntaxTree.ParseText(source, RuleCompilation.Options(), "Program.cs"),
                CSharpSyntaxTree.ParseText(Usings, RuleCompilation.Options(), "Usings.cs"))
            .WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication))
            .AddReferences(new[] { typeof(Target), typeof(RuleAssert), typeof(MathNet.Numerics.Precision) }
                .Select(type => MetadataReference.CreateFromFile(type.Assembly.Location)));
        Assembly program = EmittedRules.Load(compilation);
        TextWriter console = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            program.EntryPoint!.Invoke(null, program.EntryPoint.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(console);
        }
    }

    private static string Root([CallerFilePath] string file = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
