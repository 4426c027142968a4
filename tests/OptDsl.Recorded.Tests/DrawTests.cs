using System.Numerics;

namespace OptDsl.Recorded.Tests;

/// <summary>A thousand draws of each kind, and of the generator that initial values come from.</summary>
public class DrawTests
{
    private const int Count = 1000;

    private static readonly Recording Recorded = new("draws.txt");

    [Fact]
    public void Draws_of_a_rule_have_the_recorded_bits()
    {
        Require<double, GaussianDraw>(new());
        Require<float, GaussianDraw>(new());
        Require<double, UniformDraw>(new());
        Require<float, UniformDraw>(new());
        Require<double, RademacherDraw>(new());
        Require<float, RademacherDraw>(new());
        Require<double, SharedDraw>(new());
        Require<float, SharedDraw>(new());
    }

    [Fact]
    public void The_generator_gives_the_recorded_numbers()
    {
        var numbers = new Xoshiro256(seed: 7, stream: 3);
        double[] gaussian = [.. Enumerable.Range(0, Count).Select(_ => numbers.NextGaussian())];
        double[] uniform = [.. Enumerable.Range(0, Count).Select(_ => numbers.NextDouble())];
        double[] bounded = [.. Enumerable.Range(0, Count).Select(_ => (double)numbers.NextInt32(37))];
        Recorded.Require("Xoshiro256 NextGaussian", new Digest().Add<double>(gaussian));
        Recorded.Require("Xoshiro256 NextDouble", new Digest().Add<double>(uniform));
        Recorded.Require("Xoshiro256 NextInt32", new Digest().Add<double>(bounded));
    }

    private static void Require<T, TRule>(TRule rule)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        using var parameters = new ParameterBuffer<T>();
        parameters.Add("draws", [Count / 10, 10]);
        Optimizer<T, TRule> optimizer = parameters.Optimize(rule, new OptimizerOptions { Seed = 7, NoiseOffset = 12345 });
        optimizer.Step(TestContext.Current.CancellationToken);
        Recorded.Require($"{TRule.Schema.Name} {typeof(T).Name}", new Digest().Add(parameters.ReadOnlyValues));
    }
}

[Optimizer]
internal sealed partial record GaussianDraw
{
    [Update]
    static double Update(double parameter, double gradient, [Gaussian] double noise) => parameter - gradient + noise;
}

[Optimizer]
internal sealed partial record UniformDraw
{
    [Update]
    static double Update(double parameter, double gradient, [Uniform] double noise) => parameter - gradient + noise;
}

[Optimizer]
internal sealed partial record RademacherDraw
{
    [Update]
    static double Update(double parameter, double gradient, [Rademacher] double noise) => parameter - gradient + noise;
}

/// <summary>Draws of every scope that is shared.</summary>
[Optimizer]
internal sealed partial record SharedDraw
{
    [Update]
    static double Update(
        double parameter, double gradient, [Gaussian(Scope = Scope.Row)] double row, [Gaussian(Scope = Scope.Column)] double column,
        [Uniform(Scope = Scope.Tensor)] double tensor, [Rademacher(Scope = Scope.Global)] double all)
        => parameter - gradient + row + 2 * column + 4 * tensor + 8 * all;
}
