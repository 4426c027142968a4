using System.Text;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>Rules deeper, or longer, than a person writes.</summary>
internal static class DeepRules
{
    private const string Head = "[Optimizer] public sealed partial record R(double Rate = 0.1, int Period = 3) { ";
    private const string Update = " [Update] double Update(double parameter, double gradient) => ";

    /// <summary>A rule of the named shape, so many levels deep.</summary>
    internal static string Of(string shape, int depth) => Head + Body(shape, depth) + " }";

    /// <summary>Shapes whose translation doubles with every level: forty of those are refused, too.</summary>
    internal static IEnumerable<string> Explosive => ["partial returns", "doubling calls"];

    /// <summary>
    /// Shapes that are long for the author but deep in the kernel, if it were printed in place: what is emitted for them is
    /// compiled in every run, for the others, which only take long, with <c>OPTDSL_FUZZ=all</c>.
    /// </summary>
    internal static IEnumerable<string> Nesting => ["uniform locals", "integer locals", "doubling integers", "local initial"];

    internal static IEnumerable<string> Shapes =>
    [
        "parentheses", "minuses", "left sums", "right sums", "uniform left sums", "conditionals", "nested conditionals", "conditions",
            "not",
        "calls of helpers", "uniform calls of helpers", "arguments", "uniform arguments", "locals", "uniform locals", "integer locals",
            "doubling locals",
        "doubling integers", "doubling properties", "properties", "local initial", "members", "uniform members", "states", "uniform states",
            "reverse members",
        "ifs", "assigning ifs", "uniform assigning ifs", "else ifs", "assigning else ifs", "returning ifs", "uniform returning ifs",
            "blocks", "switch arms", "nested switches",
        "partial returns", "doubling calls", "casts", "containing types",
    ];

    private static string Body(string shape, int depth) => shape switch
    {
        "parentheses" => $"{Update} {Repeat("(gradient + ", depth)}parameter{Repeat(")", depth)};",
        "minuses" => $"{Update} {Repeat("- ", depth)}gradient;",
        "left sums" => $"{Update} gradient{Repeat(" + parameter", depth)};",
        "right sums" => $"{Update} {Repeat("gradient + (", depth)}parameter{Repeat(")", depth)};",
        "uniform left sums" => $"{Update} gradient * (Rate{Repeat(" + Rate", depth)});",
        "conditionals" => $"{Update} {Number(depth, i => $"gradient > {i} ? parameter * {i} : ")}gradient;",
        "nested conditionals" => $"{Update} {Number(depth, i => $"gradient > {i} ? ")}gradient{Number(depth, i => $" : parameter * {i}")};",
        "conditions" => $"{Update} gradient > 0{Number(depth, i => $" && gradient < {i}")} ? parameter : gradient;",
        "not" => $"{Update} {Repeat("!", depth)}(gradient > 0) ? parameter : gradient;",
        "calls of helpers" =>
            $"static double F0(double x) => x; {Number(depth, i => $"static double F{i + 1}(double x) => F{i}(x) * 0.5; ")}{Update} parameter - F{depth}(gradient);",
        "uniform calls of helpers" =>
            $"static double F0(double x) => x; {Number(depth, i => $"static double F{i + 1}(double x) => F{i}(x) * 0.5; ")}{Update} parameter - F{depth}(Rate) * gradient;",
        "arguments" => $"{Update} parameter - {Repeat("Math.Abs(", depth)}gradient{Repeat(")", depth)};",
        "uniform arguments" => $"{Update} parameter - gradient * {Repeat("Math.Abs(", depth)}Rate{Repeat(")", depth)};",
        "locals" =>
            $"{Update[..^3]} {{ double x0 = gradient; {Number(depth, i => $"double x{i + 1} = x{i} * 0.5 + parameter; ")} return x{depth}; }}",
        "uniform locals" =>
            $"{Update[..^3]} {{ double x0 = Rate; {Number(depth, i => $"double x{i + 1} = x{i} * 0.5 + {i}.0; ")} return parameter - x{depth} * gradient; }}",
        "integer locals" =>
            $"{Update[..^3]} {{ int x0 = Period; {Number(depth, i => $"int x{i + 1} = 7 / x{i}; ")} return parameter - x{depth} * gradient; }}",
        "doubling locals" =>
            $"{Update[..^3]} {{ double x0 = Rate; {Number(depth, i => $"double x{i + 1} = x{i} * x{i}; ")} return parameter - x{depth} * gradient; }}",
        "doubling integers" =>
            $"{Update[..^3]} {{ int x0 = Period; {Number(depth, i => $"int x{i + 1} = (x{i} + 1) / x{i}; ")} return parameter - x{depth} * gradient; }}",
        "doubling properties" => $"double P0 => Rate; {Number(depth, i => $"double P{i + 1} => P{i} * P{i}; ")}{State($"P{depth}")}",
        "properties" => $"double P0 => Rate; {Number(depth, i => $"double P{i + 1} => P{i} * 0.5; ")}{State($"P{depth}")}",
        "local initial" =>
            $"double P {{ get {{ double x0 = Rate; {Number(depth, i => $"double x{i + 1} = x{i} * x{i}; ")} return x{depth}; }} }} {State("P")}",
        "members" =>
            $"[Derived] static double M0(double gradient) => gradient; {Number(depth, i => $"[Derived] double M{i + 1}(double m{i}) => m{i} * Rate; ")} [Update] static double Update(double parameter, double m{depth}) => parameter - m{depth};",
        "reverse members" =>
            $"[Update] static double Update(double parameter, double m{depth}) => parameter - m{depth}; {Number(depth, i => $"[Derived] double M{depth - i}(double m{depth - i - 1}) => m{depth - i - 1} * Rate; ")} [Derived] static double M0(double gradient) => gradient;",
        "uniform members" =>
            $"[Derived] static double M0(int step) => step; {Number(depth, i => $"[Derived] double M{i + 1}(double m{i}) => m{i} * Rate; ")} [Update] static double Update(double parameter, double gradient, double m{depth}) => parameter - m{depth} * gradient;",
        "states" =>
            $"[State] static double M0(double gradient) => gradient; {Number(depth, i => $"[State] double M{i + 1}(double m{i}, double previousM{i}) => m{i} * Rate + previousM{i}; ")} [Update] static double Update(double parameter, double m{depth}) => parameter - m{depth};",
        "uniform states" =>
            $"[State] static double M0(int step) => step; {Number(depth, i => $"[State] double M{i + 1}(double m{i}, double previousM{i}) => m{i} * Rate + previousM{i}; ")} [Update] static double Update(double parameter, double gradient, double m{depth}) => parameter - m{depth} * gradient;",
        "ifs" => $"{Update[..^3]} {{ double x = gradient; {Repeat("if (x > 0) { ", depth)} return x; {Repeat("}", depth)} return parameter; }}",
        "assigning ifs" =>
            $"{Update[..^3]} {{ double x = gradient; {Repeat("if (x > 0) { x = x - 1; ", depth)}{Repeat("}", depth)} return x; }}",
        "uniform assigning ifs" =>
            $"{Update[..^3]} {{ double x = Rate; {Repeat("if (x > 0) { x = x - 1; ", depth)}{Repeat("}", depth)} return x * gradient; }}",
        "else ifs" =>
            $"{Update[..^3]} {{ {Number(depth, i => $"if (gradient > {i}) {{ return parameter * {i}; }} else ")} return gradient; }}",
        "assigning else ifs" =>
            $"{Update[..^3]} {{ double x = 0; {Number(depth, i => $"if (gradient > {i}) {{ x = {i}; }} else ")} x = gradient; return x; }}",
        "returning ifs" => $"{Update[..^3]} {{ {Number(depth, i => $"if (gradient > {i}) return parameter * {i}; ")} return gradient; }}",
        "uniform returning ifs" =>
            $"[Derived] double Q(int step) {{ {Number(depth, i => $"if (step > {i}) return Rate * {i}; ")} return Rate; }} [Update] static double Update(double parameter, double gradient, double q) => parameter - q * gradient;",
        "partial returns" =>
            $"{Update[..^3]} {{ {Number(depth, i => $"if (gradient > {i}) {{ if (parameter > {i}) return parameter; }} ")} return gradient; }}",
        "doubling calls" =>
            $"static double F0(double x) => x; {Number(depth, i => $"static double F{i + 1}(double x) => F{i}(x + {i}) - F{i}(x - {i}); ")}{Update} parameter - F{depth}(gradient);",
        "blocks" => $"{Update[..^3]} {Repeat("{ ", depth)} return gradient; {Repeat("}", depth)}",
        "switch arms" =>
            $"[Derived] double Q(int step) => step switch {{ {Number(depth, i => $"{i} => Rate * {i}, ")} _ => Rate }}; [Update] static double Update(double parameter, double gradient, double q) => parameter - q * gradient;",
        "nested switches" =>
            $"[Derived] double Q(int step) => {Repeat("step switch { 1 => Rate, _ => ", depth)} Rate {Repeat("}", depth)}; [Update] static double Update(double parameter, double gradient, double q) => parameter - q * gradient;",
        "casts" => $"{Update} parameter - gradient * {Repeat("(double)(int)", depth)}Rate;",
        "containing types" =>
            $"{Update} parameter - Rate * gradient; {Number(depth, i => $"public partial class C{i} {{ ")} {Head.Replace("record R", "record Inner", StringComparison.Ordinal)} {Update} parameter - Rate * gradient; }} {Repeat("}", depth)}",
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, null),
    };

    private static string State(string initial)
        => $"[State(Initial = nameof({initial}))] static double Sum(double gradient, double previousSum) => gradient + previousSum; [State(Initial = nameof({initial}))] static double Scale(double previousScale, int step) => previousScale / step; [Update] static double Update(double parameter, double sum, double scale) => parameter - sum * scale;";

    private static string Repeat(string text, int count) => Number(count, _ => text);

    private static string Number(int count, Func<int, string> part)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            text.Append(part(i));
        }

        return text.ToString();
    }
}
