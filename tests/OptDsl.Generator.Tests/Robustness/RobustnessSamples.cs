using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Testing;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>
/// The rules that are mutated: three that cover the language between them, or, where <c>OPTDSL_FUZZ=all</c> is set, every rule
/// of the library and of the conformance tests as well.
/// </summary>
internal static class RobustnessSamples
{
    /// <summary>
    /// Helpers, a switch, guards, uniform states of every type, checked arithmetic, computed properties and a second part.
    /// </summary>
    internal const string Branching = """
        namespace Sample.Nested;

        static class Shapes
        {
            public const double Half = 0.5;
            public static readonly double Third = 1.0 / 3;
            public static double Share(int k) => 10 / k;
            public static double Bend(double x, double by)
            {
                double bent = x;
                if (x > by && !(by < 0) || x == 0)
                {
                    return bent * Half;
                }
                else
                {
                    bent += RuleMath.Clamp(x, -by, Math.Abs(by));
                }

                bent *= 2;
                return bent;
            }
        }

        [Optimizer(Arithmetic = Arithmetic.Fused)]
        public sealed partial record Branching(double LearningRate = 0.1, int Period = 3, bool Alternate = true)
        {
            double Decay => 1 - 1 / (1.0 + Period);

            [Derived]
            double Phase(int step) => (step % 4) switch
            {
                0 => 1.0,
                1 when Alternate => -Shapes.Half,
                > 2 => Shapes.Third,
                _ => checked(step * 2) / 3.0,
            };

            [Derived]
            bool Late(int step) => step > 5 && Period != 0 && step / Period > 1;

            [State(Initial = 1.5)]
            double Scale(int step, double previousScale) => step > 1 ? previousScale / Shapes.Share(step - 1) : previousScale;

            [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.Published, Initial = nameof(LearningRate))]
            static double Mean(double gradient, double phase) => Shapes.Bend(gradient, by: phase);
        }

        public partial record Branching
        {
            [Update]
            double Update(double parameter, double mean, double previousMean, double scale, bool late, int previousStep)
                => parameter - LearningRate * (late ? mean : Math.Min(mean, previousMean) * (double)previousStep) / scale;
        }
        """;

    /// <summary>Whether every rule is mutated, and not the three of a normal run.</summary>
    internal static bool All => Environment.GetEnvironmentVariable("OPTDSL_FUZZ") == "all";

    /// <summary>The rules to mutate: a name, the file that is mutated, and a file beside it that is not.</summary>
    internal static IEnumerable<(string Name, string File, string Companion)> Rules()
    {
        yield return ("Adam", SampleRules.Adam, "");
        yield return ("Everything", SampleRules.Everything, "");
        yield return ("Branching", Branching, "");
        foreach ((string, string, string) rule in All ? Declared() : [])
        {
            yield return rule;
        }
    }

    /// <summary>Every rule of the library and of the conformance tests, each a file of its own.</summary>
    private static IEnumerable<(string Name, string File, string Companion)> Declared([CallerFilePath] string here = "")
    {
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
        foreach (string folder in (string[])["runtime/OptDsl/Rules", "tests/OptDsl.Conformance.Tests/Rules"])
        {
            foreach (string path in Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs").Order(StringComparer.Ordinal))
            {
                // Adam is among the three, word for word.
                foreach ((string, string, string) rule in Split(File.ReadAllText(path)).Where(rule => rule.Name != "Adam"))
                {
                    yield return rule;
                }
            }
        }
    }

    /// <summary>A rule a file: to mutate one must not cost the translation of its neighbours.</summary>
    private static IEnumerable<(string Name, string File, string Companion)> Split(string text)
    {
        CompilationUnitSyntax root = CSharpSyntaxTree.ParseText(text, RuleCompilation.Options()).GetCompilationUnitRoot();
        var space = (FileScopedNamespaceDeclarationSyntax)root.Members.Single();
        string head = string.Concat(root.Usings.Concat(space.Usings).Select(item => item.ToString() + "\n")) + $"namespace {space.Name};\n";
        var rules = space.Members.OfType<TypeDeclarationSyntax>()
            .Where(type => type.DescendantNodes().OfType<AttributeSyntax>().Any(attribute => attribute.Name.ToString() == "Optimizer"))
            .ToList();
        string helpers = head + string.Concat(space.Members.Except(rules).Select(member => member.ToFullString()));
        return rules.Select(rule => (rule.Identifier.Text, head + rule.ToFullString(), helpers));
    }
}
