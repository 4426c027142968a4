using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Documentation;

/// <summary>The examples of the language's page do what the page says they do: they compile, run, and their rules step.</summary>
public class LanguageExamplesTests
{
    // What an SDK project uses without being told.
    private const string Usings = "global using System.Collections.Generic;\nglobal using System.Linq;";

    public static TheoryData<int, string> Examples
        => [.. DocumentExamples.Read(File.ReadAllText(Page()))
            .Select(example => new TheoryDataRow<int, string>(example.Line, example.Source))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Compiles_and_runs(int line, string source)
    {
        Assert.True(line > 0);
        Run(source);
    }

    [Fact]
    public void The_page_has_examples_of_rules_and_of_their_use()
    {
        Assert.Contains(Examples, example => example.Data.Item2.Contains("[Optimizer]", StringComparison.Ordinal));
        Assert.Contains(Examples, example => example.Data.Item2.Contains(".Optimize(", StringComparison.Ordinal));
    }

    [Fact]
    public void An_example_that_does_not_compile_or_throws_fails()
    {
        Assert.Throws<InvalidOperationException>(() =>
            Run("[Optimizer] public sealed partial record R { [Update] static double Update(double parameter, double gradient) => parameter - Rate * gradient; }"));
        Assert.Throws<InvalidOperationException>(() => Run("var parameters = new ParameterBuffer<float>(); parameters.Step();"));
        Assert.ThrowsAny<Exception>(() => Run("throw new NotSupportedException();"));
        Assert.Equal([(6, "int a = 1;\nint b = a;\n\n")],
            DocumentExamples.Read("Text.\n<!-- example\nint a = 1;\n$block\n-->\n```csharp\nint b = a;\n```\n")
                .Select(example => (example.Line - 1, example.Source)));
        Assert.Throws<InvalidOperationException>(() => DocumentExamples.Read("<!-- example\nint a;\n-->\n```csharp\na = 1;\n```\n")
            .ToList());
    }

    private static void Run(string source)
    {
        bool isProgram = CSharpSyntaxTree.ParseText(source, RuleCompilation.Options())
            .GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);
        CSharpCompilation compilation = RuleCompilation.Create(source, Usings);
        if (isProgram)
        {
            compilation = compilation.WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication));
        }

        Assembly example = EmittedRules.Load(compilation);
        example.EntryPoint?.Invoke(null, [Array.Empty<string>()]);
        foreach (Type rule in example.GetTypes())
        {
            foreach (Type element in (Type[])[typeof(double), typeof(float)])
            {
                if (Array.Exists(rule.GetInterfaces(),
                    face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IUpdateRule<>)
                        && face.GenericTypeArguments[0] == element))
                {
                    typeof(LanguageExamplesTests)
                        .GetMethod(nameof(Step), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(element, rule)
                        .Invoke(null, null);
                }
            }
        }
    }

    private static void Step<T, TRule>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        ConstructorInfo constructor = typeof(TRule).GetConstructors()
            .First(constructor => constructor.GetParameters().All(parameter => parameter.HasDefaultValue));
        var rule = (TRule)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
        using var parameters = new ParameterBuffer<T>();
        ParameterTensor<T> tensor = parameters.Add("p", [3, 5]);
        tensor.Values.Fill(T.One);
        tensor.Gradients.Fill(T.One);

        // A function, for those that ask for the loss or for gradients elsewhere; the gradients stay.
        parameters.Optimize(rule).Step(() => 1, TestContext.Current.CancellationToken);
        Assert.NotEqual(T.One, tensor.Values[^1]);
    }

    private static string Page([CallerFilePath] string file = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "docs", "language.md"));
}
