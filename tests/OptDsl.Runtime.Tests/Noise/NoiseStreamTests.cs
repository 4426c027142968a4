using OptDsl.Contract;
using Xunit;

#pragma warning disable OPT1018 // The updates write what was drawn, to be looked at.

namespace OptDsl.Runtime.Tests.Noise;

/// <summary>Which stream a name draws from.</summary>
public class NoiseStreamTests
{
    private const ulong Seed = 11;

    [Fact]
    public void Names_of_one_hash_draw_apart_and_the_first_keeps_its_bits()
    {
        Assert.Equal(Hash("costarring"), Hash("liquid"));
        (double[] first, double[] second) = Draws(new Colliding());
        Assert.Equal(Expected(Hash("costarring")), first);
        Assert.Equal(Expected(Hash("costarring") + 1), second);
    }

    [Fact]
    public void A_draw_of_one_a_tensor_is_kept_apart_as_well()
    {
        (double[] first, double[] second) = Draws(new CollidingOfTensor());
        Assert.NotEqual(first[0], second[0]);
    }

    /// <summary>The other name alone, in another rule, has the stream of its hash.</summary>
    [Fact]
    public void A_name_that_meets_no_other_has_its_own_hash()
        => Assert.Equal(Expected(Hash("liquid")), Draws(new Alone()).First);

    /// <summary>
    /// Names that differ in their last letter alone, their first alone, and their length: a hash that leaves one out would make them one.
    /// </summary>
    [Fact]
    public void Every_letter_of_a_name_counts()
    {
        string[] names = ["drawA", "drawB", "drawAA", "ADraw", "BDraw"];
        InputSchema[] inputs = [.. NoiseStreams.Assign(
            [.. names.Select(name => new InputSchema(name, InputSource.Gaussian, Scope.Parameter, -1))])];
        Assert.Equal(names.Select(Hash), inputs.Select(input => input.Stream));
        Assert.Equal(names.Length, inputs.Select(input => input.Stream).Distinct().Count());
    }

    /// <summary>A stream that a collision would be moved to, and that another name has.</summary>
    [Fact]
    public void What_is_moved_takes_no_others_place()
    {
        const string Third = "nicvafke";
        Assert.Equal(Hash("liquid") + 1, Hash(Third));
        string[] names = ["liquid", Third, "costarring", "liquid"];
        InputSchema[] inputs = [.. NoiseStreams.Assign(
            [.. names.Select(name => new InputSchema(name, InputSource.Uniform, Scope.Parameter, -1))])];
        Assert.Equal([Hash("liquid") + 2, Hash("liquid") + 1, Hash("liquid"), Hash("liquid") + 2], inputs.Select(input => input.Stream));
        Assert.Equal(0u,
            Assert.Single(NoiseStreams.Assign([new InputSchema("liquid", InputSource.PerParameter, Scope.Parameter, -1)])).Stream);
    }

    private static double[] Expected(uint stream)
        => [.. Enumerable.Range(0, 5)
            .Select(place => OptDsl.Noise.At<double>(NoiseKind.Gaussian, new NoiseKey(Seed, 1, stream), (ulong)place))];

    private static (double[] First, double[] Second) Draws<TRule>(TRule rule)
        where TRule : class, IUpdateRule<double>
    {
        double[][] made = [[], []];
        for (int run = 0; run < 2; run++)
        {
            using var parameters = new ParameterBuffer<double>();
            parameters.Add("x", [5]);
            Optimizer<double, TRule> optimizer = parameters.Optimize(rule, new OptimizerOptions { Seed = Seed });
            if (run == 0)
            {
                optimizer.Step(TestContext.Current.CancellationToken);
            }
            else
            {
                optimizer.StepReference();
            }

            double[] first = parameters["x"].Values.ToArray(), second = optimizer.Schema.BufferCount > 0
                ? optimizer.State["Second"].ToArray() : [];
            made[run] = [.. first, .. second];
        }

        Assert.Equal(made[0], made[1]);
        return (made[0][..5], made[0][5..]);
    }

    private static uint Hash(string name)
    {
        uint hash = 2166136261;
        foreach (char c in name)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return hash;
    }
}

[Optimizer]
internal sealed partial record Colliding
{
    [State]
    static double Second([Gaussian] double liquid, double gradient) => liquid + gradient;

    [Update]
    static double Update(double second, [Gaussian] double costarring) => second == 0 ? second : costarring;
}

[Optimizer]
internal sealed partial record CollidingOfTensor
{
    [State]
    static double Second(double gradient, [Gaussian(Scope = Scope.Tensor)] double liquid) => gradient + liquid;

    [Update]
    static double Update(double second, [Gaussian(Scope = Scope.Tensor)] double costarring) => second == 0 ? second : costarring;
}

[Optimizer]
internal sealed partial record Alone
{
    [Update]
    static double Update(double gradient, [Gaussian] double liquid) => liquid + gradient;
}
