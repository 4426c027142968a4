using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Diagnostics;

/// <summary>OPT2001 to OPT2009 and OPT3001 to OPT3010: what is wrong inside a body.</summary>
public class TranslationDiagnosticsTests
{
    private const string Head = "[Optimizer] public sealed partial record R(double Rate = 0.1, int Period = 3) { ";

    public static TheoryData<string, string, string> Reported => new()
    {
        { "OPT2001", In("[|for (int i = 0; i < 3; i++) { gradient *= 2; }|] return parameter - gradient;"),
            "A loop is not supported in a rule, here in 'Update'" },
        { "OPT2001", In("[|throw new Exception();|]"), "Throw" },
        { "OPT2001",
            Head + "static (double, double) Two(double x) => (x, 2 * x); [Update] double Update(double parameter, double gradient) { [|var (a, b) = Two(gradient)|]; return parameter - Rate * a * b / Period; } }", "Deconstructing a tuple is not supported in a rule, here in 'Update'; call one helper per value" },
        { "OPT2001", In("return parameter - ([|gradient % 2|]);"), "on a per-parameter value" },
        { "OPT2001", In("return parameter - [|new double[] { 1 }[0]|] * gradient;"), "An array" },
        { "OPT2001",
            In("double Local(double x) => x; return parameter - gradient;")
                .Replace("double Local(double x) => x;", "[|double Local(double x) => x;|]", StringComparison.Ordinal),
                "A local function" },
        { "OPT2001", In("return parameter - Local(gradient); [|static double Local(double x) => 2 * x;|]"),
            "A local function is not supported in a rule, here in 'Update'; make it a static method of the rule" },
        { "OPT2001", In("if (gradient > 0) { return parameter - Local(2); [|double Local(double x) => gradient * x;|] } return parameter;"),
            "A local function" },
        { "OPT2001",
            Head + "double Half { get { return Of(Rate); [|double Of(double x) => x / 2;|] } } [Update] double Update(double parameter, double gradient) => parameter - Half * gradient; }", "here in 'Half'" },
        { "OPT2001",
            "static class Other { public static double Soft(double x) { return Twice(x); [|static double Twice(double y) => 2 * y;|] } } [Optimizer] public sealed partial record R(double Rate = 0.1) { [Update] double Update(double parameter, double gradient) => parameter - Rate * Other.Soft(gradient); }", "here in 'Soft'" },
        { "OPT2001", In("return parameter - Rate * ([|step ^ 2|]) * gradient;"), "it is not a power in C#: write step * step" },
        { "OPT2001", In("return parameter - Rate * ([|step + 1 ^ 2|]) * gradient;"), "write x * x for the square of x" },
        { "OPT2001", In("return parameter - Rate * ([|step ^ 3|]) * gradient;"), "call RuleMath.Pow" },
        { "OPT2001",
            Head + "static void Twice(double x, out double y) => y = 2 * x; [Update] double Update(double parameter, double gradient) { Twice(gradient, [|out var twice|]); return parameter - twice; } }", "An argument by reference is not supported in a rule, here in 'Update'; return the value from the method" },
        { "OPT2001", In("return [|gradient switch { > 0 => parameter, _ => parameter - gradient }|];"),
            "A switch over a per-parameter value" },
        { "OPT2001", In("return parameter - (double)[|(decimal)Rate|] * gradient;"), "decimal" },
        { "OPT2001", In("bool up = gradient is > 0 and [|{ }|]; return up ? parameter : parameter - gradient;"), "The pattern '{ }'" },
        { "OPT2001",
            In("return parameter - [|(gradient = 2)|];").Replace("[|(gradient = 2)|]", "([|gradient = 2|])", StringComparison.Ordinal),
                "An assignment inside an expression" },
        { "OPT2001",
            "[Optimizer] public sealed partial record R(string Name = \"x\") { [Update] double Update(double parameter, double gradient) => parameter - [|Name|].Length * gradient; }".Replace("[|Name|].Length", "[|Name.Length|]", StringComparison.Ordinal), "A property of another object" },
        { "OPT2001",
            "[Optimizer] public sealed partial class R(double rate) { [Update] double Update(double parameter, double gradient) => parameter - [|rate|] * gradient; }", "A constructor's parameter" },
        { "OPT2001", In("int sign = gradient > 0 ? 1 : -1; return parameter - ([|sign * step|]);"),
            "Integer arithmetic on a per-parameter value" },
        { "OPT2001", In("int sign = gradient > 0 ? 1 : -1; return [|sign == step|] ? parameter : parameter - gradient;"),
            "Integer arithmetic on a per-parameter value" },
        { "OPT2001", In("int sign = gradient > 0 ? 1 : -1; return parameter - [|Math.Max(sign, 0)|];"),
            "Math.Max of per-parameter integers" },
        { "OPT2002", In("return parameter - [|Math.Asin(gradient)|];"), "'Math.Asin' has no vector form" },
        { "OPT2002", In("return parameter - [|Math.Log(gradient, 10)|];"), "'Math.Log' has no vector form" },
        { "OPT2002", In("return parameter - [|Math.Sign(gradient)|];"), "RuleMath.Sign" },
        { "OPT2002", In("return parameter - [|Math.Clamp(gradient, -parameter, parameter)|];"), "RuleMath.Clamp" },
        { "OPT2002", In("return parameter - [|Math.IEEERemainder(Rate, 2)|] * gradient;"), "'Math.IEEERemainder'" },
        { "OPT2003",
            Head + "double total; [Update] double Update(double parameter, double gradient) { [|total = gradient|]; return parameter - gradient; } }", "'total' is written in a rule" },
        { "OPT2003",
            Head + "static double Total = 1; [Update] static double Update(double parameter, double gradient) => parameter - [|Total|] * gradient; }", "'Total' is a static field that can change" },
        { "OPT2003",
            "[Optimizer] public sealed partial class R { public double Rate { get; set; } [Update] double Update(double parameter, double gradient) => parameter - [|Rate|] * gradient; }", "'Rate' can change during a step" },
        { "OPT2003",
            Head + "static double Total { get; set; } = 1; [Update] static double Update(double parameter, double gradient) => parameter - [|Total|] * gradient; }", "declare it with { get; }, or const, or as a hyperparameter" },
        { "OPT2004",
            Head + "static double Power(double x) => x > 1 ? [|Power(x * 0.5)|] : x; [Update] static double Update(double parameter, double gradient) => parameter - Power(gradient); }", "Power calls Power" },
        { "OPT2005", In("return parameter - [|Convert.ToDouble(gradient)|];"), "it is compiled code" },
        { "OPT2006", In("return parameter - (float)[|gradient|];"), "from double to float" },
        { "OPT2006", In("return parameter - (int)[|gradient|];"), "Math.Truncate" },
        { "OPT2006",
            "[Optimizer] public sealed partial record R { [Update] static float Update(float parameter, float gradient) => (float)([|parameter|] - 0.5); }", "the suffix f" },
        { "OPT2007", In("return gradient > 0 ? parameter - gradient * ([|step % Period|]) : parameter;"), "an integer division by zero" },
        // A tensor of one number has rank 0.
        { "OPT2007",
            "[Optimizer] public sealed partial record R { [Update] static double Update(double parameter, double gradient, int step, int rank) => gradient > 0 ? parameter - gradient * ([|step % rank|]) : parameter; }",
            "an integer division by zero" },
        { "OPT2007", In("if (gradient > 0) { int k = checked([|step * Period|]); return parameter - gradient * k; } return parameter;"),
            "an overflow in a checked context" },
        { "OPT2007", In("return gradient > 0 ? parameter - gradient * ([|Period switch { 1 => 2, > 1 => 3 }|]) : parameter;"),
            "no arm may match" },
        { "OPT2007",
            In("return gradient > 0 ? parameter - gradient * ([|Period switch { < 0 or > 7 => 1, >= 0 and not 5 => 2 }|]) : parameter;"),
                "no arm may match" },
        { "OPT2007", In("return gradient > 0 ? parameter - gradient * ([|step % (Period % 3)|]) : parameter;"),
            "an integer division by zero" },
        { "OPT2007", In("return gradient > 0 ? parameter - gradient * ([|Period % -1|]) : parameter;"), "an integer division by zero" },
        { "OPT2007", In("return gradient > 0 ? parameter - gradient * [|Math.Abs(Period)|] : parameter;"),
            "the absolute value of the smallest int" },
        { "OPT2007", In("return gradient > 0 ? parameter - gradient * (Period > -2 ? [|step % Period|] : 1) : parameter;"),
            "an integer division by zero" },
        { "OPT2007",
            "[Optimizer] public sealed partial record R([Domain(\"[0, 9]\")] int Period = 3) { [Update] double Update(double parameter, double gradient, int step) => gradient > 0 ? parameter - gradient * ([|step % Period|]) : parameter; }", "an integer division by zero" },
        { "OPT2009",
            "public record Base { readonly double half = 0.5; protected double Half() => [|half|]; } [Optimizer] public sealed partial record R : Base { [Update] double Update(double parameter, double gradient) => parameter - Half() * gradient; }", "not accessible outside of 'Base'" },
        { "OPT2009",
            "static class Other { static readonly double half = 0.5; public static double Half() => [|half|]; } [Optimizer] public sealed partial record R { [Update] static double Update(double parameter, double gradient) => parameter - Other.Half() * gradient; }", "not accessible outside of 'Other'" },
        { "OPT2007", RowAndColumn("return row > 0 ? gradient * ([|step % (int)column|]) : parameter;"), "an integer division by zero" },
        { "OPT2007", RowAndColumn("return row > 0 ? [|Math.Clamp(gradient, column, 1)|] : parameter;"), "bounds out of order" },
        { "OPT2007", RowAndColumn("if (row > 0) { if (column > 0) { return gradient * ([|step % Period|]); } } return parameter;"),
            "an integer division by zero" },
        { "OPT3001",
            "[Optimizer] public sealed partial record R(float Rate = 0.1f) { [Update] float Update(float parameter, float gradient) => parameter - (float)([|Rate|] * 0.5) * gradient; }", "'Rate' widens a float to double" },
        { "OPT3002", In("return parameter - ([|step / Period|]) * gradient;"), "'step / Period' divides integers" },
        { "OPT3002", In("return parameter - [|1 / 2|] * Rate * gradient;"), "'1 / 2' divides integers and drops the remainder" },
        { "OPT3002", In("return parameter - (1 + [|7 / 2|] * 2) * Rate * gradient;"), "'7 / 2'" },
        { "OPT3002", In("const int half = [|1 / 2|]; return parameter - half * Rate * gradient;"), "'1 / 2'" },
        { "OPT3002", In("return parameter - [|3L / 2|] * Rate * gradient;"), "'3L / 2'" },
        { "OPT3002", In("return 2.5 > [|7 / 3|] ? parameter - Rate * gradient : parameter;"), "'7 / 3'" },
        { "OPT3002",
            Head + "const double Half = [|1 / 2|]; [Update] double Update(double parameter, double gradient) => parameter - Half * Rate * gradient; }", "'1 / 2'" },
        { "OPT3002",
            Head + "static readonly double Third = [|1 / 3|]; [Update] double Update(double parameter, double gradient) => parameter - Third * Rate * gradient; }", "'1 / 3'" },
        { "OPT3002",
            "[Optimizer] public sealed partial record R(double Rate = [|1 / 10|]) { [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }", "'1 / 10'" },
        { "OPT3002",
            "[Optimizer] public sealed partial record R { public double Rate { get; init; } = [|1 / 10|]; [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }", "'1 / 10'" },
        { "OPT3002",
            Head + "[State(Initial = [|1 / 2|])] static double Sum(double gradient, double previousSum) => previousSum + gradient; [Update] double Update(double parameter, double sum) => parameter - Rate * sum; }", "'1 / 2'" },
        { "OPT3003", In("return parameter - [|Math.Exp(Rate)|] * gradient;"), "call RuleMath.Exp so that the declaration equals the kernel bit for bit" },
        { "OPT3003", In("return parameter - [|Math.Pow(Rate, step)|] * gradient;"), "within 1 ulp" },
        { "OPT3003",
            "[Optimizer] public sealed partial record R(float Rate = 0.1f) { [Update] float Update(float parameter, float gradient) => parameter - [|MathF.Tanh(Rate)|] * gradient; }", "'MathF.Tanh'" },
        { "OPT3003", In("return parameter - [|Math.Atan2(Rate, 1)|] * gradient;"), "call RuleMath.Atan2 so that the declaration equals the kernel bit for bit" },
        { "OPT3003", In("return parameter - [|double.Atan2(Rate, step)|] * gradient;"), "'Double.Atan2'" },
        { "OPT3003", In("return parameter - [|Math.Atan(Rate)|] * gradient;"), "call RuleMath.Atan so that the declaration equals the kernel bit for bit" },
        { "OPT2002", In("return parameter - [|double.Atan2Pi(gradient, parameter)|];"), "'Double.Atan2Pi' has no vector form" },
        { "OPT3010",
            "[Optimizer] public sealed partial record R(double Rate = 0.1, double Epsilon = [|1e-60|]) { [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient / (Math.Abs(gradient) + Epsilon); }", "The default 1E-60 of 'Epsilon' becomes 0 in float" },
        { "OPT3010",
            "[Optimizer] public sealed partial record R(double Rate = 0.1, double Epsilon = 1e-30) { [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient / (gradient * gradient + [|Epsilon * Epsilon|]); }", "The value 1E-60 of 'Epsilon * Epsilon' at the defaults becomes 0 in float" },
        { "OPT3010",
            "[Optimizer] public sealed partial record R(double Rate = 0.1, double Epsilon = 1e-30) { [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient / (gradient * gradient + [|RuleMath.Pow(Epsilon, 2)|]); }", "of 'RuleMath.Pow(Epsilon, 2)' at the defaults" },
        { "OPT3010", In("return parameter - gradient * [|1e200|];"), "The constant 1E+200 becomes" },
    };

    public static TheoryData<string, string> NearMisses => new()
    {
        { "OPT2001",
            In("double scale = (step % Period) switch { 0 => 1.0, _ => 2.0 }; if (gradient > 0) { scale *= 2; } else scale += 1; ; return parameter - scale * gradient;") },
        { "OPT2001", In("return parameter - Rate * gradient; static double Unused(double x) => x;") },
        { "OPT2002",
            In("return parameter - Math.Clamp(gradient, -1, 1) - RuleMath.Clamp(gradient, -gradient, 1) - RuleMath.Sign(gradient);") },
        { "OPT2003",
            Head + "const double Half = 0.5; static readonly double Third = 1 / 3.0; static double Fixed { get; } = 2; readonly double own = 3; [Update] double Update(double parameter, double gradient) => parameter - Half * Third * Fixed * own * gradient; }" },
        { "OPT2004",
            Head + "static double Half(double x) => x * 0.5; [Update] static double Update(double parameter, double gradient) => parameter - Half(Half(Half(gradient))); }" },
        { "OPT2005",
            "static class Other { public static double Softly(this double x) => x / Math.Max(1, Math.Abs(x)); } [Optimizer] public sealed partial record R { [Update] static double Update(double parameter, double gradient) => parameter - gradient.Softly(); }" },
        { "OPT2006", In("int sign = gradient > 0 ? 1 : gradient < 0 ? -1 : step; return parameter - sign;") },
        { "OPT2006", In("return parameter - (float)Rate * (double)step * gradient;") },
        { "OPT2007", In("return step > 2 ? parameter - gradient * (step % Period) : parameter;") },
        { "OPT2007", In("return gradient > 0 ? step % 2 == 0 ? parameter : parameter - gradient : parameter - 2 * gradient;") },
        { "OPT2007",
            In("return gradient > 0 ? parameter - gradient * ((step % -3) * (step / 7) + Math.Abs(-5) + Math.Abs(step) + Math.Abs(step % 3) + (step - 1) % (step + 1 - 1 + 1)) : parameter;").Replace(" / 7", " % 7", StringComparison.Ordinal).Replace(" + (step - 1) % (step + 1 - 1 + 1)", "", StringComparison.Ordinal) },
        { "OPT2007",
            In("return gradient > 0 ? parameter - gradient * (checked(step % 7 * 3 + 1) + checked(-(step % 5)) + checked(step - 1)) : parameter;") },
        { "OPT2007",
            In("return gradient > 0 ? parameter - gradient * (Period > 0 ? step % Period : 1) * (Period != 0 ? step % Period : 1) * (Period == 0 ? 1 : step % Period) : parameter;") },
        { "OPT2007",
            In("return gradient > 0 ? parameter - gradient * (step switch { 1 => 2, > 1 => 3 }) * ((step % 2) switch { 0 => 1, 1 => 2 }) * (step > Period) switch { true => 1, false => 2 } : parameter;") },
        { "OPT2007",
            In("return gradient > 0 ? parameter - gradient * (Period switch { < 0 or > 7 => 1, >= 0 and not 5 => 2, 5 => 3 }) : parameter;") },
        { "OPT2001",
            In("return gradient is > 0 and < 1 or double.NaN ? parameter : Period is not (1 or > 5) ? parameter - Rate : parameter - gradient;") },
        { "OPT2007", In("return gradient > 0 ? parameter - gradient * Math.Clamp(step, 1, 5) : parameter;") },
        { "OPT2007",
            "[Optimizer] public sealed partial record R([Domain(\"[1, 9]\")] int Period = 3) { [Update] double Update(double parameter, double gradient, int step) => gradient > 0 ? parameter - gradient * (step % Period) : parameter; }" },
        { "OPT2007",
            RowAndColumn("return row > 0 && column > 0 ? parameter - gradient * Math.Clamp(row, -1, 1) * (step % 2) : parameter;") },
        { "OPT2009",
            "public record Base { protected readonly double half = 0.5; const double Tiny = 1e-8; protected double Half() => half * Tiny; } [Optimizer] public sealed partial record R : Base { [Update] double Update(double parameter, double gradient) => parameter - Half() * gradient; }" },
        { "OPT2007",
            RowAndColumn(
                "double first = row > 0 ? step % (int)row : 1, second = column > 0 ? step % Period : 2; return parameter - gradient * first * second;") },
        { "OPT3001",
            "[Optimizer] public sealed partial record R(float Rate = 0.1f) { [Update] float Update(float parameter, float gradient) => parameter - Rate * 0.5f * gradient * MathF.Sqrt(MathF.Abs(gradient)); }" },
        { "OPT3002", In("return parameter - (double)step / Period * gradient;") },
        { "OPT3002", In("const int two = 10 / 5; return parameter - 4 / 2 * two * (1 / 2.0) * (1.0 / 2) * Rate * gradient;") },
        { "OPT3002",
            "[Optimizer] public sealed partial record R(double Rate = 1 / 10.0) { const double Two = 4 / 2, Unread = 1 / 2; [Update] double Update(double parameter, double gradient) => parameter - Two * Rate * gradient; }" },
        { "OPT3003",
            "[Optimizer] public sealed partial record R { [Update] static double Update(double parameter, double gradient) => parameter - RuleMath.Hypot(RuleMath.Exp(0.5), RuleMath.Pow(0.5, 2)) * gradient; }" },
        { "OPT3003", In("return parameter - RuleMath.Atan2(gradient, Math.Abs(gradient)) * RuleMath.Atan(Rate);") },
        { "OPT3010",
            "[Optimizer] public sealed partial record R(double Rate = 0.1, double Epsilon = 1e-40, double Limit = double.PositiveInfinity) { [Update] double Update(double parameter, double gradient) => parameter - Rate * Math.Min(gradient, Limit) / (Math.Abs(gradient) + Epsilon); }" },
    };

    private static string RowAndColumn(string statements)
        => Head + "[Reduce(Reduction.Max, Scope = Scope.Row)] static double Row(double gradient) => gradient; "
        + "[Reduce(Reduction.Max, Scope = Scope.Column)] static double Column(double gradient) => gradient; "
        + "[Update] double Update(double parameter, double gradient, int step, double row, double column) { " + statements + " } }";

    private static string In(string statements)
        => Head + $"[Update] double Update(double parameter, double gradient{(statements.Contains("step", StringComparison.Ordinal) ? ", int step" : "")}) {{ {statements} }} }}";

    /// <summary>The compiler refuses it, too, but says nothing of powers.</summary>
    [Fact]
    public void A_power_as_other_languages_write_it_is_explained()
        => AnalyzerHarness.RequireOne("OPT2001",
            In("return parameter - Rate * ([|gradient ^ 2|]);").Replace(", int Period = 3", "", StringComparison.Ordinal),
                "write gradient * gradient");

    [Fact]
    public void What_the_compiler_refuses_with_advice_is_left_to_it()
        => Assert.Empty(AnalyzerHarness.Run(RuleCompilation.Create(In("return parameter - RuleMath.Log(step) * gradient;"))));

    [Theory]
    [MemberData(nameof(Reported))]
    public void Is_reported_on_the_smallest_node(string id, string source, string words)
    => AnalyzerHarness.RequireOne(id, AnalyzerHarness.WithoutUnread(source, Head), words);

    [Theory]
    [MemberData(nameof(NearMisses))]
    public void Is_silent_on_a_near_miss(string id, string source)
    {
        Assert.StartsWith("OPT", id, StringComparison.Ordinal);
        AnalyzerHarness.RequireNone(AnalyzerHarness.WithoutUnread(source, Head));
    }

    [Fact]
    public void A_pragma_suppresses_a_warning_where_it_stands()
    {
        string source = AnalyzerHarness.WithoutUnread(In("return parameter - (\nstep / Period\n) * gradient;"), Head);
        Assert.Single(AnalyzerHarness.Run(RuleCompilation.Create(source)));
        string suppressed = source.Replace("(\nstep / Period\n)",
            "(\n#pragma warning disable OPT3002\nstep / Period\n#pragma warning restore OPT3002\n)", StringComparison.Ordinal);
        Assert.Empty(AnalyzerHarness.Run(RuleCompilation.Create(suppressed)));
    }
}
