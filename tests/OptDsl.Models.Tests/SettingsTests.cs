using System.Reflection;
using OptDsl.Rules;

namespace OptDsl.Models.Tests;

/// <summary>
/// Settings are records, so that <c>with</c> and initialisers set what no constructor sees: whoever takes them looks at them, before it
/// does anything.
/// </summary>
public class SettingsTests
{
    private static readonly SamplerOptions Few = new() { Chains = 2, WarmUp = 2, Draws = 1 };

    /// <summary>By type, settings that are taken, and who takes them.</summary>
    private static readonly Dictionary<Type, (object Good, Action<object> Use)> Uses = new()
    {
        [typeof(OptimizerOptions)] = (new OptimizerOptions(), options => Optimizer((OptimizerOptions)options)),
        [typeof(DescentSettings)] = (new DescentSettings { Iterations = 1 },
            settings => Descent.Run(new Bowl(), Optimizer(null), (DescentSettings)settings)),
        [typeof(SamplerOptions)] = (Few,
            options => new MetropolisLangevin<double>(Target.FromPotential<double>(1, Potential), (SamplerOptions)options).Dispose()),
        [typeof(MetropolisSettings)] = (new MetropolisSettings(),
            settings => new MetropolisLangevin<double>(Target.FromPotential<double>(1, Potential), Few, (MetropolisSettings)settings)
                .Dispose()),
        [typeof(ParallelTemperingSettings)] = (new ParallelTemperingSettings(),
            settings => new ParallelTempering<double>(Target.FromPotential<double>(1, Potential), Few, (ParallelTemperingSettings)settings)
                .Dispose()),
        [typeof(SimulatedTemperingSettings)] = (new SimulatedTemperingSettings { InverseTemperatures = [.5, 1] },
            settings =>
                new SimulatedTempering<double>(Target.FromPotential<double>(1, Potential), Few, (SimulatedTemperingSettings)settings)
                .Dispose()),
        [typeof(NewtonSettings)] = (new NewtonSettings(),
            settings => _ = new NewtonStep<double>(Optimizer(null).Parameters, (NewtonSettings)settings)),
        [typeof(LbfgsSettings)] = (new LbfgsSettings(),
            settings => _ = new LimitedMemoryBfgs<double>(Optimizer(null).Parameters, (LbfgsSettings)settings)),
        [typeof(ArmijoSearch)] = (new ArmijoSearch(), Search),
        [typeof(GoldsteinSearch)] = (new GoldsteinSearch(), Search),
        [typeof(PolyakStep)] = (new PolyakStep(), Search),
        [typeof(RecommenderSettings)] = (new RecommenderSettings { Iterations = 1 },
            settings => Recommender.Fit([0, 1, 2, 3], [0, 1, 2, 3], [1, 2, 3, 4], 4, 4, (RecommenderSettings)settings)),
    };

    // Of these every number means something.
    private static readonly string[] Free = [$"{nameof(PolyakStep)}.{nameof(PolyakStep.OptimalLoss)} -1"];

    public static TheoryData<string> Names => [.. Uses.Keys.Select(type => type.Name)];

    [Fact]
    public void All_settings_are_tried()
        => Assert.Equal([], new[] { typeof(OptimizerOptions), typeof(DescentSettings) }.SelectMany(type => type.Assembly.GetExportedTypes())
            .Where(type => type.GetMethod("<Clone>$") is not null && !type.IsAbstract)
            .Where(type => type.GetMethods(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Any(method => method.Name == "Validate") || type.Name.EndsWith("Settings", StringComparison.Ordinal)
                || type.Name.EndsWith("Options", StringComparison.Ordinal))
            .Except(Uses.Keys));

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_no_setting_is_refused_by_name(string name)
    {
        (Type type, (object good, Action<object> use)) = Uses.Single(pair => pair.Key.Name == name);
        use(good);
        int tried = 0;
        foreach (PropertyInfo property in type.GetProperties().Where(property => property.CanWrite))
        {
            foreach (object? bad in Bad(property).Where(bad => !Free.Contains($"{name}.{property.Name} {bad}")))
            {
                object changed = type.GetMethod("<Clone>$")!.Invoke(good, null)!;
                property.SetValue(changed, bad);
                ArgumentException refusal = Assert.ThrowsAny<ArgumentException>(() => use(changed));
                Assert.True(refusal.Message.Contains(property.Name, StringComparison.Ordinal),
                    $"{name}.{property.Name} = {bad}: {refusal.Message}");
                tried++;
            }
        }

        Assert.True(tried > 1, "Nothing was tried.");
    }

    private static IEnumerable<object?> Bad(PropertyInfo property) => property.PropertyType switch
    {
        var type when type == typeof(double) => [double.NaN, double.NegativeInfinity, -1.0],
        var type when type == typeof(int) || type == typeof(int?) => [int.MinValue, -1],
        { IsEnum: true } type => [Enum.ToObject(type, -1), Enum.ToObject(type, 99)],
        var type when type == typeof(IReadOnlyList<double>) =>
            [Array.Empty<double>(), new[] { double.NaN, 1 }, new[] { 1.0, double.PositiveInfinity }],
        var type when type == typeof(StepSearch) => [new ArmijoSearch { InitialRate = double.NaN }],
        _ => [],
    };

    private static void Search(object search)
        => _ = new LineSearch<double, Sgd>(Optimizer(null), (StepSearch)search, static (rule, rate) => rule with { LearningRate = rate });

    private static Optimizer<double, Sgd> Optimizer(OptimizerOptions? options)
    {
        var buffer = new ParameterBuffer<double>();
        buffer.Add("p", [1]);
        return buffer.Optimize(new Sgd(), options);
    }

    private static double Potential(ReadOnlySpan<double> position, Span<double> gradient)
    {
        gradient[0] = position[0];
        return position[0] * position[0] / 2;
    }

    private sealed class Bowl : ILossModel<double>
    {
        public double ComputeLoss(ParameterBuffer<double> parameters) => 0;

        public double ComputeGradient(ParameterBuffer<double> parameters) => parameters.Gradients[0] = 0;
    }
}
