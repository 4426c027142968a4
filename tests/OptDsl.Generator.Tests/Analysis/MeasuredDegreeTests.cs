using System.Reflection;
using OptDsl.Rules;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Analysis;

/// <summary>The degrees a rule reports, measured: gradients or parameters are scaled, and the change with them.</summary>
public class MeasuredDegreeTests
{
    private const int Steps = 5, Length = 37;

    // So small that it does not show beside anything.
    private const double Epsilon = 1e-150;

    [Theory]
    [InlineData(-8)]
    [InlineData(2)]
    [InlineData(20)]
    public void Degree_in_the_gradient(int power)
    {
        double factor = Math.Pow(2, power);
        RequireGradientDegree(new Sgd(), factor);
        RequireGradientDegree(new Momentum(), factor);
        RequireGradientDegree(new NesterovMomentum(), factor);
        RequireGradientDegree(new VelocityMomentum(), factor);
        RequireGradientDegree(new MeanMomentum(), factor);
        RequireGradientDegree(new Adam(Epsilon: Epsilon), factor);
        RequireGradientDegree(new AdamW(Epsilon: Epsilon), factor);
        RequireGradientDegree(new GrowingWindowAdam(Epsilon: Epsilon), factor);
        RequireGradientDegree(new RmsProp(Epsilon: Epsilon), factor);
        RequireGradientDegree(new RmsPropRootEpsilon(Epsilon: Epsilon), factor);
        RequireGradientDegree(new RmsPropVariance(Epsilon: Epsilon), factor);
        RequireGradientDegree(new AdaGrad(Epsilon: Epsilon), factor);
        RequireGradientDegree(new Lion(), factor);
    }

    [Theory]
    [InlineData(-6)]
    [InlineData(10)]
    public void Degree_in_the_parameters(int power)
    {
        double factor = Math.Pow(2, power);
        RequireParameterDegree(new Sgd(), factor);
        RequireParameterDegree(new Momentum(), factor);
        RequireParameterDegree(new Adam(), factor);
        RequireParameterDegree(new RmsPropVariance(), factor);
        RequireParameterDegree(new AdaGrad(), factor);
    }

    /// <summary>A step in proportion to the parameter, as a trust ratio makes it.</summary>
    [Theory]
    [InlineData(-6)]
    [InlineData(10)]
    public void Degree_one_in_the_parameters(int power)
    {
        Type rule = EmittedRules.Load(
            "[Optimizer] public sealed partial record R(double Rate = 0.1) { [Update] double Update(double parameter, double gradient) => parameter - Rate * Math.Abs(parameter) * RuleMath.Sign(gradient); }").GetType("R", throwOnError: true)!;
        object instance = rule.GetConstructor([typeof(double)])!.Invoke([0.1]);
        Assert.Equal(1, ((RuleReport)rule.GetProperty("Report")!.GetValue(null)!).ParameterDegree);
        typeof(MeasuredDegreeTests)
            .GetMethod(nameof(RequireParameterDegree), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(rule)
            .Invoke(null, [instance, Math.Pow(2, power)]);
    }

    /// <summary>The units say the same: a rate in P^a L^b must be scaled by c^a when the parameters are measured in another unit.</summary>
    [Fact]
    public void The_unit_of_the_rate_is_how_it_must_follow_a_change_of_the_parameters_unit()
    {
        const double c = 4;

        // w = c u: the gradient by u is c times that by w, and u must stay w / c. P stands for 1 / c, L is unchanged.
        RequireSamePath(new Sgd(), new Sgd(new Sgd().LearningRate / (c * c)), c);
        RequireSamePath(new Adam(Epsilon: Epsilon), new Adam(LearningRate: new Adam().LearningRate / c, Epsilon: Epsilon), c);
        RequireSamePath(new RmsPropRootEpsilon(Epsilon: Epsilon),
            new RmsPropRootEpsilon(LearningRate: new RmsPropRootEpsilon().LearningRate / c, Epsilon: Epsilon), c);
        RequireSamePath(new RmsPropVariance(Epsilon: Epsilon), new RmsPropVariance(Epsilon: Epsilon), c);
    }

    private static void RequireGradientDegree<TRule>(TRule rule, double factor)
        where TRule : class, IUpdateRule<double>, IReportedRule
    {
        double degree = TRule.Report.GradientDegree!.Value;
        double[] start = new double[Length], plain = Run(rule, start, 1), scaled = Run(rule, start, factor);
        RequireClose(TRule.Report.Name, plain.Select(value => value * Math.Pow(factor, degree)), scaled);
    }

    private static void RequireParameterDegree<TRule>(TRule rule, double factor)
        where TRule : class, IUpdateRule<double>, IReportedRule
    {
        // Changes are read from positions, so these are kept small beside what is looked for.
        double degree = TRule.Report.ParameterDegree!.Value;
        double[] start = [.. Enumerable.Range(1, Length).Select(i => i * 1e-6)], far = [.. start.Select(value => value * factor)];
        double[] plain = Run(rule, start, 1), scaled = Run(rule, far, 1);
        RequireClose(TRule.Report.Name, plain.Zip(start, (end, begin) => (end - begin) * Math.Pow(factor, degree)),
            scaled.Zip(far, (end, begin) => end - begin));
    }

    private static void RequireSamePath<TRule>(TRule inW, TRule inU, double c)
        where TRule : class, IUpdateRule<double>, IReportedRule
    {
        double[] start = [.. Enumerable.Range(1, Length).Select(i => i * 0.125)];
        RequireClose(TRule.Report.Name, Run(inW, start, 1).Select(w => w / c), Run(inU, [.. start.Select(w => w / c)], c));
    }

    private static void RequireClose(string rule, IEnumerable<double> expected, IEnumerable<double> actual)
        => Assert.All(expected.Zip(actual),
            pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-9 * Math.Abs(pair.First),
                $"{rule}: {pair.First} and {pair.Second}"));

    private static double[] Run<TRule>(TRule rule, double[] start, double factor)
        where TRule : class, IUpdateRule<double>
    {
        using var parameters = new ParameterBuffer<double>();
        ParameterTensor<double> tensor = parameters.Add("p", [Length]);
        start.CopyTo(tensor.Values);
        Optimizer<double, TRule> optimizer = parameters.Optimize(rule);
        for (int step = 1; step <= Steps; step++)
        {
            for (int i = 0; i < Length; i++)
            {
                tensor.Gradients[i] = factor * Math.Sin(step + (3 * i));
            }

            optimizer.Step(TestContext.Current.CancellationToken);
        }

        return tensor.Values.ToArray();
    }
}
