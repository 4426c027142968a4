using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Diagnostics;

/// <summary>OPT0001 to OPT0012: what is wrong with the declaration of a rule.</summary>
public class DeclarationDiagnosticsTests
{
    private const string Body = "{ [Update] static double Update(double parameter, double gradient) => parameter - gradient; }";

    public static TheoryData<string, string, string> Errors => new()
    {
        { "OPT0001", $"[Optimizer] public sealed record [|Plain|] {Body}", "'Plain'" },
        { "OPT0002", $"class [|Around|] {{ [Optimizer] public sealed partial record Inner {Body} }}", "'Around'" },
        { "OPT0003", $"[Optimizer] public partial record struct [|Value|] {Body}", "'Value'" },
        { "OPT0003", $"[Optimizer] public partial struct [|Value|] {Body}", "'Value'" },
        { "OPT0004", "[Optimizer] public sealed partial record [|Idle|](double A = 1) { }", "'Idle' has no methods marked [Update]" },
        { "OPT0004",
            "[Optimizer] public sealed partial record Twice { [Update] static double One(double parameter, double gradient) => parameter - gradient; [Update] static double [|Two|](double parameter, double gradient) => parameter + gradient; }", "'Twice' has 2" },
        { "OPT0005", $"[Optimizer] public partial record [|Open|] {Body}", "'Open' is not sealed" },
        { "OPT0005", $"[Optimizer] public abstract partial record [|Base|] {Body}", "abstract" },
        { "OPT0005", $"[Optimizer] file sealed partial record [|Hidden|] {Body}", "local to its file" },
        { "OPT0005", $"file partial class Around {{ [Optimizer] public sealed partial record [|Hidden|] {Body} }}",
            "inside 'Around', which is local to its file" },
        { "OPT0005",
            $"file partial class Around {{ public partial class Inner {{ [Optimizer] public sealed partial record [|Hidden|] {Body} }} }}",
                "inside 'Around'" },
        { "OPT0005",
            "[Optimizer] public static partial class [|Only|] { [Update] static double Update(double parameter, double gradient) => parameter - gradient; }", "static" },
        { "OPT0006",
            "[Optimizer] public sealed partial record R { [Update] static [|decimal|] Update(double parameter, double gradient) => 1; }",
                "'Update' returns 'decimal'" },
        { "OPT0006",
            "[Optimizer] public sealed partial record R { [State] static [|int|] Tally(int previousTally) => previousTally + 1; [Update] static double Update(double parameter, double gradient) => parameter - gradient; }", "'Tally' returns 'int'" },
        { "OPT0006",
            "[Optimizer] public sealed partial record R { [Derived] static [|int|] Level(double gradient) => 1; [Update] static double Update(double parameter, double gradient, int level) => parameter - gradient; }", "'Level' returns 'int'" },
        { "OPT0006",
            "[Optimizer] public sealed partial record R { [Derived] static [|decimal|] Wrong(double gradient) => 1; [RunningAverage(Decay = nameof(Wrong))] static double Mean(double gradient) => gradient; [State(Initial = nameof(Wrong))] static double Kept(double previousKept, double gradient) => previousKept + gradient; [Update] static double Update(double parameter, double wrong, double previousWrong, double mean, double kept) => parameter - wrong - mean - kept; }", "'Wrong' returns 'decimal'" },
        { "OPT0006",
            "[Optimizer] public sealed partial record R<T> where T : struct { [Update] static [|T|] Update(T parameter, T gradient) => parameter; }", "'Update' returns 'T', but a rule is declared in one type, and one in double runs on buffers of float, too; return double or float" },
        { "OPT0007",
            "[Optimizer] public sealed partial record R { [State] static [|float|] Level(float previousLevel) => previousLevel; [Update] static double Update(double parameter, double gradient) => parameter - gradient; }", "'Level' returns float" },
        { "OPT0008",
            "[Optimizer] public sealed partial record R { [State, [|Derived|]] static double Level(double gradient) => gradient; [Update] static double Update(double parameter, double gradient) => parameter - gradient; }", "'Level'" },
        { "OPT0009", $"[Optimizer] public sealed partial record R {{ const int [|OptDslKernel|] = 1; {Body[1..]}", "'OptDslKernel'" },
        { "OPT0009",
            "[Optimizer] public sealed partial record R(double [|Report|] = 1) { [Update] double Update(double parameter, double gradient) => parameter - Report * gradient; }", "'Report'" },
        { "OPT0009", $"[Optimizer] public sealed partial record [|Report|] {Body}", "the generated part of the rule has that name" },
        { "OPT0009",
            "[Optimizer] public sealed partial record R { [Derived] static double [|Report|](double gradient) => gradient; [Update] static double Update(double parameter, double report) => parameter - report; }", "'Report'" },
        { "OPT0009",
            "static class Report { public const double Half = 0.5; } [Optimizer] public sealed partial record R { [Update] static double Update(double parameter, double gradient) => parameter - [|Report|].Half * gradient; }", "would no longer stand for what is read here" },
        { "OPT0009",
            "public record Base { public double Report { get; init; } } [Optimizer] public sealed partial record R : Base { [Update] double Update(double parameter, double gradient) => parameter - this.[|Report|] * gradient; }", "would no longer stand for what is read here" },
        { "OPT0009",
            $"partial class Around {{ const double Report = 2; [Optimizer] public sealed partial record R {{ static double Twice => [|Report|]; {Body[1..]} }}", "would no longer stand for what is read here" },
        { "OPT0009", $"namespace System {{ static class BitConverter {{ }} }} [Optimizer] public sealed partial record [|R|] {Body}",
            "'System.BitConverter'" },
        { "OPT0009",
            $"namespace OptDsl.Contract {{ static class RuleChecks {{ }} }} namespace Own {{ [Optimizer] public sealed partial record [|R|] {Body} }}", "'OptDsl.Contract.RuleChecks'" },
        { "OPT0009",
            "[Optimizer] public sealed partial record R { [State] static double [|PreviousLevel|](double gradient) => gradient; [Update] static double Update(double parameter, double previousLevel) => parameter - previousLevel; }", "'PreviousLevel'" },
        { "OPT0009",
            "[Optimizer] public sealed partial record R { [Derived] static double [|Gradient|](double parameter) => parameter; [Update] static double Update(double parameter, double gradient) => parameter - gradient; }", "'gradient' is a built-in input" },
        { "OPT0009",
            "[Optimizer] public sealed partial record R { [Derived] static double Size(double gradient) => gradient; [Derived] static double [|size|](double gradient) => gradient; [Update] static double Update(double parameter, double size) => parameter - size; }", "'Size' is read by the same input name" },
        { "OPT0011",
            "[Optimizer] public sealed partial record R { [Derived] static double Size[|<T>|](double gradient) => gradient; [Update] static double Update(double parameter, double gradient) => parameter - gradient; }", "'Size' is generic" },
        { "OPT0011",
            "[Optimizer] public sealed partial record R { [State] static [|void|] Size(double gradient) { } [Update] static double Update(double parameter, double gradient) => parameter - gradient; }", "'Size' returns nothing" },
        { "OPT0011",
            "[Optimizer] public sealed partial record R { [Update] static double Update(double parameter, ref double [|gradient|]) => parameter - gradient; }", "takes 'gradient' by reference" },
        { "OPT0011",
            "[Optimizer] public sealed partial record R { [Update] static double Update(double parameter, params double[] [|gradient|]) => parameter; }", "takes 'gradient' as params" },
        { "OPT0011",
            "[Optimizer] public sealed partial record R { [Update] static double [|Update|](double parameter, double gradient) => parameter - gradient; static double Update(double x) => x; }", "'Update' is overloaded" },
    };

    public static TheoryData<string, string> NearMisses => new()
    {
        { "OPT0001", $"public sealed record Plain {Body.Replace("[Update] ", "", StringComparison.Ordinal)}" },
        { "OPT0002", $"partial class Around {{ [Optimizer] public sealed partial record Inner {Body} }}" },
        { "OPT0003", $"partial struct Around {{ [Optimizer] public sealed partial class Inner {Body} }}" },
        { "OPT0004",
            "[Optimizer] public sealed partial record R { [Update] static double Update(double parameter, double gradient) => parameter - gradient; static double Other(double x) => x; }" },
        { "OPT0005", $"abstract partial class Around {{ [Optimizer] private sealed partial class Inner {Body} }}" },
        { "OPT0006",
            "[Optimizer] public sealed partial record R { [Derived] static int Level(int step) => step; [Derived] static bool Up(double gradient) => gradient > 0; [Update] static double Update(double parameter, double gradient, int level, bool up) => up ? parameter : parameter - gradient * level; }" },
        { "OPT0007",
            "[Optimizer] public sealed partial record R(float Rate = 1) { [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }" },
        { "OPT0008",
            "[Optimizer] public sealed partial record R { [Obsolete, Derived] static double Level(double gradient) => gradient; [Update] static double Update(double parameter, double level) => parameter - level; }" },
        { "OPT0009",
            "[Optimizer] public sealed partial record R(double Previous = 1) { [Update] double Update(double parameter, double gradient) => parameter - Previous * gradient; static double Gradient(double x) => x; }" },
        { "OPT0009",
            "static class Report { public const double Half = 0.5; } public record Base { public double Report { get; init; } protected double Half() => Report / 2; } [Optimizer] public sealed partial record R : Base { static int Passes => R.Report.Passes; [Update] double Update(double parameter, double gradient) => parameter - Half() * global::Report.Half * gradient; }" },
        { "OPT0009",
            $"namespace Own {{ static class System {{ }} static class OptDsl {{ }} static class Math {{ }} static class BitConverter {{ }} static class nuint {{ }} [Optimizer] public sealed partial record T {Body} }}" },
        { "OPT0011",
            "[Optimizer] public sealed partial record R { [Update] static double Update(double parameter, double gradient) => parameter - Twice(gradient); static double Twice(double x) => Twice(x, 2); static double Twice(double x, double y) => x * y; }" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Is_reported_on_the_smallest_node(string id, string source, string words) => AnalyzerHarness.RequireOne(id, source, words);

    [Theory]
    [MemberData(nameof(NearMisses))]
    public void Is_silent_on_a_near_miss(string id, string source)
    {
        Assert.StartsWith("OPT", id, StringComparison.Ordinal);
        AnalyzerHarness.RequireNone(source);
    }

    [Fact]
    public void OPT0010_is_reported_for_an_old_language_version()
    {
        string source = $"[Optimizer] public sealed partial class R {Body}";
        Diagnostic diagnostic = Assert.Single(
            AnalyzerHarness.Run(RuleCompilation.Create(LanguageVersion.CSharp11, checkOverflow: false, source)));
        Assert.Equal("OPT0010", diagnostic.Id);
        Assert.Equal("R", source[diagnostic.Location.SourceSpan.Start..diagnostic.Location.SourceSpan.End]);
        Assert.Contains("the language version is 11.0", diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
        Assert.Empty(AnalyzerHarness.Run(RuleCompilation.Create(LanguageVersion.CSharp12, checkOverflow: false, source)));
    }
}
