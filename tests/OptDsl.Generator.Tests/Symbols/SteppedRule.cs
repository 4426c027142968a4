using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Symbols;

/// <summary>A rule of one test, compiled, loaded and stepped both ways from C# that is compiled with it.</summary>
internal static class SteppedRule
{
    // Not static in the emitted text alone: what the author's own code computes is asked in the same assembly.
    private const string Stepper = """
        public static class Stepper
        {
            public static double[] Run<TRule>(TRule rule, int steps, bool reference) where TRule : class, IUpdateRule<double>
            {
                var parameters = new ParameterBuffer<double>();
                parameters.Add("x", [3]);
                for (int i = 0; i < 3; i++) { parameters.Values[i] = 1; }
                var optimizer = parameters.Optimize(rule);
                for (int step = 0; step < steps; step++)
                {
                    for (int i = 0; i < 3; i++) { parameters.Gradients[i] = i + 1; }
                    if (reference) { optimizer.StepReference(); } else { optimizer.Step(); }
                }

                return parameters.Values.ToArray();
            }
        }
        """;

    /// <summary>
    /// Requires that the kernel and the reference both make the parameters that the given expression of C# does, of an assembly that has
    /// the files: <c>rule</c> is what <paramref name="rule"/> makes, <c>g</c> a gradient, 1, 2 and 3, and the parameter was 1 before the
    /// one step.
    /// </summary>
    internal static void Requires(string rule, string expected, params string[] files)
        => Requires(rule, expected, RuleCompilation.Create([.. files, Stepper, Probe(rule, expected)]));

    internal static void Requires(string rule, string expected, CSharpCompilation compilation)
    {
        Assembly assembly = EmittedRules.Load(compilation);
        double[] Of(string name) => (double[])assembly.GetType("Probe")!.GetMethod(name)!.Invoke(null, null)!;
        string wanted = Text(Of("Expected"));
        Assert.True(wanted == Text(Of("Reference")), $"{rule}: {expected} is {wanted}, the reference makes {Text(Of("Reference"))}");
        Assert.True(wanted == Text(Of("Kernel")), $"{rule}: {expected} is {wanted}, the kernel makes {Text(Of("Kernel"))}");
    }

    internal static string[] WithProbe(string rule, string expected, params string[] files) => [.. files, Stepper, Probe(rule, expected)];

    private static string Probe(string rule, string expected) => $$"""
        public static class Probe
        {
            public static double[] Kernel() => Stepper.Run({{rule}}, 1, false);
            public static double[] Reference() => Stepper.Run({{rule}}, 1, true);
            public static double[] Expected()
            {
                var rule = {{rule}};
                double[] expected = new double[3];
                for (int i = 0; i < 3; i++) { double g = i + 1; expected[i] = {{expected}}; }
                return expected;
            }
        }
        """;

    private static string Text(double[] values)
        => string.Join(" ", values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
