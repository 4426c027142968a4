using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Symbols;

/// <summary>A helper is a symbol: what has the name of another is not the other.</summary>
public class HelperIdentityTests
{
    private const string Head =
        "[Optimizer] public sealed partial record R { [Update] static double Update(double parameter, double first, double second) => parameter - first * second; }";

    private const string First =
        "partial record R { [Derived] static double First(double gradient) => H.F(gradient); public static double OfFirst(double g) => H.F(g); }";

    private const string Second =
        "partial record R { [Derived] static double Second(double gradient) => H.F(gradient); public static double OfSecond(double g) => H.F(g); }";

    public static TheoryData<string, string[]> Twins => new()
    {
        { "in two files",
            ["file static class H { public static double F(double x) => x * 3; } " + First,
                "file static class H { public static double F(double x) => x + 5; } " + Second] },
        { "in a file and the project",
            ["file static class H { public static double F(double x) => x * 3; } " + First,
                "static class H { public static double F(double x) => x + 5; } " + Second] },
        { "inside a type that is local to its file",
            ["file static class Around { public static class H { public static double F(double x) => x * 3; } } "
                + First.Replace("H.F", "Around.H.F", StringComparison.Ordinal),
                "file static class Around { public static class H { public static double F(double x) => x + 5; } } "
                    + Second.Replace("H.F", "Around.H.F", StringComparison.Ordinal)] },
        { "by another helper of its file",
            ["file static class H { public static double F(double x) => G(x) + 1; static double G(double x) => x * 3; } " + First,
                "file static class H { public static double F(double x) => G(x) + 1; static double G(double x) => x + 5; } " + Second] },
        { "as computed properties",
            ["file static class H { static double Half => 0.5; public static double F(double x) => x * Half; } " + First,
                "file static class H { static double Half => 0.25; public static double F(double x) => x * Half; } " + Second] },
        { "as extensions",
            ["file static class H { public static double F(this double x) => x * 3; } " + First,
                "file static class H { public static double F(this double x) => x + 5; } " + Second] },
        { "as constants",
            ["file static class H { const double Half = 0.5; public static double F(double x) => x * Half; } " + First,
                "file static class H { const double Half = 0.25; public static double F(double x) => x * Half; } " + Second] },
        { "in nested types",
            ["static class A { public static class H { public static double F(double x) => x * 3; } } static class B { public static class H { public static double F(double x) => x + 5; } } " + First.Replace("H.F", "A.H.F", StringComparison.Ordinal), Second.Replace("H.F", "B.H.F", StringComparison.Ordinal)] },
        { "of other types of arguments",
            ["static class H { public static double F(double x) => x * 3; public static double F(float x) => x + 5; } " + First,
                Second.Replace("H.F(gradient)", "H.F(2f)", StringComparison.Ordinal)
                    .Replace("H.F(g)", "H.F(2f)", StringComparison.Ordinal)] },
        { "generic and not",
            ["static class H { public static double F(double x) => x * 3; } static class H<T> { public static double F(double x) => x + 5; } " + First, Second.Replace("H.F", "H<int>.F", StringComparison.Ordinal)] },
    };

    [Theory]
    [MemberData(nameof(Twins))]
    public void Each_name_runs_its_own_body(string what, string[] files)
    {
        Assert.NotEmpty(what);
        SteppedRule.Requires("new R()", "1 - R.OfFirst(g) * R.OfSecond(g)", [Head, .. files]);
    }

    [Theory]
    [InlineData("file static class H { public static readonly double Half = Math.Sqrt(2); }")]
    [InlineData("file static class H { public static double Half { get; } = Math.Sqrt(2); }")]
    public void A_value_in_a_type_that_is_local_to_its_file_is_out_of_reach(string helper)
        => AnalyzerHarness.RequireOne("OPT2009",
            helper + " [Optimizer] public sealed partial record R { [Update] static double Update(double parameter, double gradient) => parameter - [|H.Half|] * gradient; }", "'H' is local to its file");

    /// <summary>The same with the file-local type as an argument or an outer type of what is read.</summary>
    [Theory]
    [InlineData("file class A; static class H<T> { public static readonly double Half = Math.Sqrt(2); }", "H<A>.Half")]
    [InlineData("file static class A { public static class H { public static readonly double Half = Math.Sqrt(2); } }", "A.H.Half")]
    public void So_is_one_whose_type_is_made_of_it(string helper, string read)
        => AnalyzerHarness.RequireOne("OPT2009",
            helper + $" [Optimizer] public sealed partial record R {{ [Update] static double Update(double parameter, double gradient) => parameter - [|{read}|] * gradient; }}", "'A' is local to its file");

    /// <summary>Two assemblies with a type of one name: the one behind an alias has none that emitted text could use.</summary>
    [Fact]
    public void A_value_behind_an_alias_is_out_of_reach_and_the_other_is_itself()
    {
        MetadataReference global = Library("One", 3).WithAliases(["global"]), aliased = Library("Two", 5).WithAliases(["two"]);
        const string Rule =
            "extern alias two; [Optimizer] public sealed partial record R { [Update] static double Update(double parameter, double gradient) => parameter - Shared.Values.Half * gradient; }";
        CSharpCompilation compilation = RuleCompilation.Create(Rule).AddReferences(global, aliased);
        Assert.Empty(AnalyzerHarness.Run(compilation));
        Assert.DoesNotContain(GeneratorHarness.Compile(compilation), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        compilation = RuleCompilation.Create(Rule.Replace("Shared.Values", "two::Shared.Values", StringComparison.Ordinal))
            .AddReferences(global, aliased);
        Assert.Equal("OPT2009", Assert.Single(AnalyzerHarness.Run(compilation)).Id);
        Assert.Empty(GeneratorHarness.Run(compilation));
    }

    /// <summary>An editor has a referenced project's source, a build has not: to both it is compiled.</summary>
    [Theory]
    [InlineData("Shared.Values.Twice(gradient)")]
    [InlineData("Shared.Values.Computed * gradient")]
    public void A_helper_of_a_referenced_project_comes_compiled(string read)
    {
        CSharpCompilation library = LibraryCompilation("One", 3);
        string rule =
            $"[Optimizer] public sealed partial record R {{ [Update] static double Update(double parameter, double gradient) => parameter - {read}; }}";
        foreach (MetadataReference reference in (MetadataReference[])[library.ToMetadataReference(), Image(library)])
        {
            CSharpCompilation compilation = RuleCompilation.Create(rule).AddReferences(reference);
            Diagnostic found = Assert.Single(AnalyzerHarness.Run(compilation));
            Assert.Equal("OPT2005", found.Id);
            Assert.Contains("it is compiled code from One", found.GetMessage(System.Globalization.CultureInfo.InvariantCulture),
                StringComparison.Ordinal);
            Assert.Empty(GeneratorHarness.Run(compilation));
        }
    }

    private static PortableExecutableReference Library(string name, int value) => Image(LibraryCompilation(name, value));

    private static PortableExecutableReference Image(CSharpCompilation library)
    {
        using var image = new MemoryStream();
        Assert.True(library.Emit(image).Success);
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private static CSharpCompilation LibraryCompilation(string name, int value)
        => RuleCompilation.Create(
            $"namespace Shared {{ public static class Values {{ public static readonly double Half = {value}; public static double Computed => {value}; public static double Twice(double x) => {value} * x; }} }}").WithAssemblyName(name);

    public static TheoryData<string, string, string> Generic => new()
    {
        { "a method", "static class H<T> { public static double Half(double x) => x / 2; }", "H<int>.Half(gradient)" },
        { "a method that calls another",
            "static class H<T> { public static double Half(double x) => Quarter(x) * 2; static double Quarter(double x) => x / 4; }",
                "H<int>.Half(gradient)" },
        { "a method of the type's parameter", "static class H<T> { public static T Choose(bool first, T a, T b) => first ? a : b; }",
            "H<double>.Choose(gradient > 1.5, gradient, 7)" },
        { "two constructions, whose values are their own",
            "static class H<T> { public static readonly double Size = typeof(T) == typeof(int) ? 4 : 8; public static double Times(double x) => x * Size; }", "H<int>.Times(gradient) - H<double>.Times(parameter)" },
        { "a computed property",
            "static class H<T> { public static double Half => 0.5; public static double Times(double x) => Half * x; }",
                "H<int>.Times(gradient) * H<string>.Half" },
        { "a nested type of a generic type",
            "static class H<T> { public static class Inner<U> { public static readonly double Size = (typeof(T) == typeof(int) ? 4 : 8) + (typeof(U) == typeof(int) ? 16 : 32); public static double Times(double x) => x * Size; } public static double Twice(double x) => Inner<T>.Times(x) + Inner<string>.Times(x); }", "H<int>.Twice(gradient) - H<long>.Inner<int>.Times(parameter)" },
        { "an extension's argument by name", "static class H { public static double Less(this double x, double y) => x - y; }",
            "H.Less(y: gradient, x: 3)" },
    };

    [Theory]
    [MemberData(nameof(Generic))]
    public void A_static_method_of_a_generic_type_is_a_method_like_others(string what, string helper, string call)
    {
        Assert.NotEmpty(what);
        SteppedRule.Requires("new R()", $"1 - R.Made(1, g)", helper,
            $"[Optimizer] public sealed partial record R {{ public static double Made(double parameter, double gradient) => {call}; [Update] static double Update(double parameter, double gradient) => parameter - ({call}); }}");
    }

    /// <summary>A static value of a generic rule's own type parameter, and one that a type parameter further in hides.</summary>
    [Fact]
    public void A_value_of_a_type_parameter_is_read_where_its_name_stands_for_it()
    {
        const string Rule =
            "static class H<T> { public static readonly double Size = typeof(T) == typeof(int) ? 4 : 8; } public static partial class Outer<T> { [Optimizer] public sealed partial record R<U> { [Update] static double Update(double parameter, double gradient) => parameter - [|H<T>.Size|] * gradient + H<U>.Size; } }";
        SteppedRule.Requires("new Outer<int>.R<string>()", "1 - 4 * g + 8",
            Rule.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal));
        AnalyzerHarness.RequireOne("OPT2009",
            "#pragma warning disable CS0693\npublic static partial class Outer<T> { static class H { public static readonly double Size = 3; } [Optimizer] public sealed partial record R<T> { [Update] static double Update(double parameter, double gradient) => parameter - [|H.Size|] * gradient; } }", "the type parameter 'T' is hidden");
    }

    [Theory]
    [InlineData("static class H { public static T Same<T>(T x) => x; }", "[|H.Same(gradient)|]", "A call of a generic method")]
    [InlineData("interface IHalf { static virtual double Half(double x) => x / 2; } static class H<T> where T : IHalf { public static double Half(double x) => [|T.Half(x)|]; } struct Own : IHalf { static double IHalf.Half(double x) => x / 3; }", "H<Own>.Half(gradient)", "the body that will run is not known")]
    public void What_is_no_such_method_is_refused_for_its_own_reason(string helper, string call, string words)
    {
        string source = helper
            + $" [Optimizer] public sealed partial record R {{ [Update] static double Update(double parameter, double gradient) => parameter - {call}; }}";
        AnalyzerHarness.RequireOne(words.StartsWith('A') ? "OPT2001" : "OPT2005", source, words);
    }
}
