using System.Reflection;
using Microsoft.CodeAnalysis;
using OptDsl.Rules;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Analysis;

/// <summary>The report of a rule, by rules whose cost, degrees and units are known.</summary>
public class RuleReportTests
{
    private static readonly Dictionary<string, RuleReport> Library = typeof(Adam).Assembly.GetTypes()
        .Where(type => type.Namespace == "OptDsl.Rules" && type.IsAssignableTo(typeof(IReportedRule)))
        .Select(type => (RuleReport)type.GetProperty("Report", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!)
        .ToDictionary(report => report.Name);

    [Theory]
    [InlineData("Sgd", 0, 12, 0, 0)]
    [InlineData("Momentum", 4, 20, 0, 0)]
    [InlineData("Lion", 4, 20, 0, 0)]
    [InlineData("Adam", 8, 28, 1, 1)]
    [InlineData("AdamW", 8, 28, 1, 1)]
    [InlineData("GrowingWindowAdam", 8, 28, 1, 1)]
    [InlineData("RmsPropVariance", 4, 20, 1, 0)]
    public void Costs(string rule, int stateBytes, int bytes, int divisions, int roots)
    {
        RuleReport report = Library[rule];
        Assert.Equal((stateBytes, bytes, divisions, roots, 1),
            (report.StateBytes, report.BytesPerParameter, report.Divisions, report.SquareRoots, report.Passes));
        Assert.True(report.OtherOperations > 0);
    }

    [Theory]
    [InlineData("Sgd", 1.0, 0.0)]
    [InlineData("Momentum", 1.0, 0.0)]
    [InlineData("NesterovMomentum", 1.0, 0.0)]
    [InlineData("VelocityMomentum", 1.0, 0.0)]
    [InlineData("MeanMomentum", 1.0, 0.0)]
    [InlineData("Adam", 0.0, 0.0)]
    [InlineData("RmsProp", 0.0, 0.0)]
    [InlineData("RmsPropRootEpsilon", 0.0, 0.0)]
    [InlineData("RmsPropVariance", -1.0, 0.0)]
    [InlineData("AdaGrad", 0.0, 0.0)]
    [InlineData("AdamW", 0.0, null)]
    [InlineData("Lion", 0.0, null)]
    public void Degrees(string rule, double? gradient, double? parameter)
        => Assert.Equal((gradient, parameter), (Library[rule].GradientDegree, Library[rule].ParameterDegree));

    [Theory]
    [InlineData("Sgd", "LearningRate P^2/L")]
    [InlineData("Momentum", "Decay 1, LearningRate P^2/L")]
    [InlineData("Adam", "Beta1 1, Beta2 1, Epsilon L/P, LearningRate P")]
    [InlineData("AdamW", "Beta1 1, Beta2 1, Epsilon L/P, LearningRate P, WeightDecay 1/P")]
    [InlineData("RmsPropRootEpsilon", "Epsilon L^2/P^2, LearningRate P, Window 1")]
    [InlineData("RmsPropVariance", "Epsilon L^2/P^2, LearningRate L, Window 1")]
    [InlineData("AdaGrad", "Epsilon L/P, InitialSum L^2/P^2, LearningRate P, RateDecay 1")]
    [InlineData("GrowingWindowAdam", "Epsilon L^2/P^2, LearningRate P, MeanWindow 1, SquareWindow 1")]
    public void Units(string rule, string units)
        => Assert.Equal(units, string.Join(", ", Library[rule].Units.Select(unit => $"{unit.Name} {unit.Unit}")));

    [Fact]
    public void Epsilon_is_what_breaks_the_degree_of_Adam()
    {
        Assert.Equal("In the gradient, epsilon in sqrt(meanSquareCorrected) + epsilon adds degree 0 to degree 1.",
            Library["Adam"].DegreeNote);
        Assert.Empty(Library["Sgd"].DegreeNote);
        Assert.Contains(
            "In the parameters, parameter * (1 - learningRate * weightDecay) has degree 1 and learningRate * direction degree 0.",
                Library["Lion"].DegreeNote, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_lives_are_those_of_the_defaults()
    {
        Assert.Equal(["Mean", "MeanSquare"], Library["Adam"].HalfLives.Select(average => average.Name));
        Assert.Equal(Math.Log(0.5) / Math.Log(0.9), Library["Adam"].HalfLives[0].Steps, 12);
        Assert.Equal(Math.Log(0.5) / Math.Log(0.99), Assert.Single(Library["RmsPropVariance"].HalfLives).Steps, 12);
        Assert.Equal(Math.Log(0.5) / Math.Log(0.999), Library["GrowingWindowAdam"].HalfLives[1].Steps, 12);
        Assert.Empty(
            Report("[RunningAverage(Decay = nameof(Beta))] static double Mean(double gradient) => gradient; [Update] double Update(double parameter, double mean) => parameter - mean;", "double Beta").HalfLives);
    }

    [Theory]
    [InlineData("parameter - gradient * LearningRate * Factor", "gradient * (learningRate * factor)", "multiplication")]
    [InlineData("parameter - gradient / LearningRate / Factor", "gradient / (learningRate * factor)", "division")]
    [InlineData("parameter - LearningRate * gradient / Factor", "gradient * (learningRate / factor)", "division")]
    [InlineData("parameter - gradient / LearningRate * Factor", "gradient * (factor / learningRate)", "division")]
    public void Parentheses_that_save_an_operation_are_suggested(string update, string better, string saved)
    {
        string suggestion = Assert.Single(Report($"[Update] double Update(double parameter, double gradient) => {update};").Suggestions);
        Assert.Contains($"written as {better} would save a {saved}", suggestion, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("parameter - LearningRate * Factor * gradient")]
    [InlineData("parameter - gradient * (LearningRate * Factor)")]
    [InlineData("parameter - gradient * parameter * Factor")]
    public void Nothing_is_suggested_where_nothing_is_saved(string update)
        => Assert.Empty(Report($"[Update] double Update(double parameter, double gradient) => {update};").Suggestions);

    [Theory]
    [InlineData("double scale = Math.Abs(gradient) > 0 ? Math.Abs(parameter) / Math.Abs(gradient) : 1; return parameter - LearningRate * scale * gradient;", 0.0, 1.0)]
    [InlineData("return parameter - LearningRate * (gradient + Factor * parameter);", null, null)]
    [InlineData("return parameter - LearningRate * Math.Clamp(gradient, -Factor, Factor);", null, 0.0)]
    [InlineData("return parameter - LearningRate * gradient / Math.Max(gradient * gradient, Factor);", -1.0, 0.0)]
    [InlineData("return gradient > 0 ? parameter - LearningRate : parameter + LearningRate;", 0.0, 0.0)]
    [InlineData("return Math.FusedMultiplyAdd(-LearningRate, gradient * gradient * gradient, parameter);", 3.0, 0.0)]
    [InlineData("return Math.Clamp(parameter - LearningRate * gradient, -1, 1);", null, null)]
    [InlineData("return parameter - LearningRate * Math.Floor(gradient);", null, 0.0)]
    [InlineData("return parameter - LearningRate * RuleMath.Atan2(gradient, Math.Abs(gradient));", 0.0, 0.0)]
    [InlineData("return parameter - LearningRate * gradient * RuleMath.Atan2(0, gradient * parameter);", 1.0, 0.0)]
    [InlineData("return parameter - LearningRate * RuleMath.Atan2(gradient, gradient * parameter);", 0.0, null)]
    [InlineData("return parameter - LearningRate * RuleMath.Atan2(Factor, gradient);", null, 0.0)]
    public void Degrees_of_an_update(string body, double? gradient, double? parameter)
    {
        RuleReport report = Report($"[Update] double Update(double parameter, double gradient) {{ {body} }}");
        Assert.Equal((gradient, parameter), (report.GradientDegree, report.ParameterDegree));
        Assert.Equal(gradient is null || parameter is null || body.Contains("Max", StringComparison.Ordinal)
            || body.Contains(": 1;", StringComparison.Ordinal), report.DegreeNote.Length > 0);
    }

    /// <summary>Of the library, and of rules each of which loses its degree in another way.</summary>
    [Theory]
    [InlineData("[Update] double Update(double parameter, double gradient) => parameter - LearningRate * Math.Floor(gradient);",
        "floor(gradient) is a function of degree 1 that is not homogeneous")]
    [InlineData("[Update] double Update(double parameter, double gradient) => parameter - LearningRate * RuleMath.Tanh(gradient);",
        "tanh(gradient) is a function of degree 1 that is not homogeneous")]
    [InlineData("[Update] double Update(double parameter, double gradient) => parameter - LearningRate * RuleMath.Atan2(gradient, Factor);",
        "atan2(gradient, factor) is the angle of degree 1 beside degree 0")]
    [InlineData("[Update] double Update(double parameter, double gradient) => parameter - LearningRate * RuleMath.Atan(gradient);",
        "atan(gradient) is a function of degree 1 that is not homogeneous")]
    [InlineData("[Update] double Update(double parameter, double gradient) => parameter - LearningRate * RuleMath.Pow(Math.Abs(gradient), Math.Abs(gradient));", "has an exponent that is no constant")]
    [InlineData("[Update] double Update(double parameter, [PerParameter] double given) => parameter - LearningRate * given;",
        "given is given by the caller, who knows its degree")]
    [InlineData("[State(Initial = 1)] static double Product(double gradient, double previousProduct) => previousProduct * gradient; [Update] double Update(double parameter, double product) => parameter - LearningRate * product;", "the states' degrees change from step to step")]
    [InlineData("[Update] double Update(double parameter, double gradient) => gradient;",
        "the update is not the parameter and what is added to it")]
    public void An_unknown_degree_says_why(string members, string words)
    {
        RuleReport report = Report(members);
        Assert.Null(report.GradientDegree);
        Assert.Contains($"In the gradient, ", report.DegreeNote, StringComparison.Ordinal);
        Assert.Contains(words, report.DegreeNote, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_unknown_degree_of_the_library_says_why()
        => Assert.All(Library.Values, report =>
        {
            Assert.True(report.GradientDegree is not null || report.DegreeNote.Contains("In the gradient, ", StringComparison.Ordinal),
                $"{report.Name}: '{report.DegreeNote}'");
            Assert.True(report.ParameterDegree is not null || report.DegreeNote.Contains("In the parameters, ", StringComparison.Ordinal),
                $"{report.Name}: '{report.DegreeNote}'");
        });

    [Fact]
    public void A_state_that_begins_with_another_degree_than_it_keeps_says_so()
    {
        RuleReport report = Report(
            "[State(Initial = 0.1)] static double Sum(double gradient, double previousSum) => previousSum + gradient * gradient; [Update] double Update(double parameter, double gradient, double sum) => parameter - LearningRate * gradient / Math.Sqrt(sum);");
        Assert.Equal((0.0, "In the gradient, Sum begins with 0.1, of degree 0, and keeps degree 2."),
            (report.GradientDegree, report.DegreeNote));
    }

    [Fact]
    public void A_state_that_multiplies_what_it_keeps_by_the_gradient_has_no_degree()
        => Assert.Null(
            Report("[State(Initial = 1)] static double Product(double gradient, double previousProduct) => previousProduct * gradient; [Update] double Update(double parameter, double product) => parameter - LearningRate * product;").GradientDegree);

    [Fact]
    public void A_unit_that_the_rule_leaves_open_is_not_determined()
        => Assert.Equal("Factor not determined, LearningRate not determined",
            string.Join(", ",
                Report("[Update] double Update(double parameter, double gradient) => parameter - LearningRate * Factor * gradient;")
                    .Units.Select(unit => $"{unit.Name} {unit.Unit}")));

    [Fact]
    public void The_documentation_says_what_the_report_says_and_disturbs_nobody()
    {
        Microsoft.CodeAnalysis.CSharp.CSharpCompilation compilation = RuleCompilation.Create("/// <summary>Mine.</summary>\n"
            + Rule("[Update] double Update(double parameter, double gradient, int step) => step < 3 ? parameter : parameter - gradient;",
                "double A = 1"));
        Assert.DoesNotContain(GeneratorHarness.Compile(compilation),
            diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Id != "CS1573");
        GeneratorHarness.Run(compilation, out Compilation withKernels);
        INamedTypeSymbol rule = withKernels.GetTypeByMetadataName("R")!;
        Assert.DoesNotContain("What the expressions",
            rule.GetDocumentationCommentXml(cancellationToken: TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("<para>In float it keeps 0 bytes of state per parameter, and a step reads and writes 12 bytes per parameter in 1 pass;",
            rule.GetMembers("Report").Single().GetDocumentationCommentXml(cancellationToken: TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
    }

    private static string Rule(string members, string parameters)
        => $"[Optimizer] public sealed partial record R({parameters}) {{ {members} }}";

    /// <summary>The report of a rule, from its emitted text through the compiler.</summary>
    private static RuleReport Report(string members, string parameters = "double LearningRate = 0.1, double Factor = 2")
        => (RuleReport)EmittedRules.Load(Rule(members, parameters))
        .GetType("R", throwOnError: true)!.GetProperty("Report")!.GetValue(null)!;
}
