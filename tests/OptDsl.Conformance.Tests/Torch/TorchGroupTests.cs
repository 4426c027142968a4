using System.Text.Json;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Conformance.Tests.Torch;

/// <summary>Parameter groups with values of their own, over three tensors, as PyTorch steps them.</summary>
public class TorchGroupTests
{
    /// <summary>Catches a group stepped by the other's rate or decay, and a tensor in the wrong group.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Follow_the_recorded_trajectories(bool byDeclaration)
    {
        JsonElement[] runs = [.. TorchRun.Groups()];
        Assert.Equal(["SGD", "AdamW"], runs.Select(run => run.GetProperty("class").GetString()));
        Follow(runs[0], byDeclaration,
            settings => new MomentumL2(Number(settings, "lr"), Number(settings, "momentum"), Number(settings, "weight_decay")));
        Follow(runs[1], byDeclaration, settings => new AdamW(Number(settings, "lr"), WeightDecay: Number(settings, "weight_decay")));
    }

    private static void Follow<TRule>(JsonElement run, bool byDeclaration, Func<Dictionary<string, double>, TRule> create)
        where TRule : class, IUpdateRule<double>
    {
        Dictionary<string, double> first = Settings(run.GetProperty("args"), []), second = Settings(run.GetProperty("group1"), first);
        using var parameters = new ParameterBuffer<double>();
        foreach (JsonElement slice in run.GetProperty("slices").EnumerateArray())
        {
            int begin = slice[0].GetInt32();
            parameters.Add($"p{begin}", [slice[1].GetInt32() - begin], slice[2].GetInt32() == 0 ? ParameterGroup.Default : "second");
        }

        TorchRun.Start.CopyTo(parameters.Values);
        Optimizer<double, TRule> optimizer = parameters.Optimize(create(first));
        optimizer.Groups["second"].Rule = create(second);
        int compared = 0;
        for (int step = 1; step <= 20; step++)
        {
            for (int i = 0; i < parameters.Count; i++)
            {
                parameters.Gradients[i] = TorchRun.DriveAt(step, i) + (0.5 * parameters.ReadOnlyValues[i]);
            }

            _ = byDeclaration ? optimizer.StepReference(TestContext.Current.CancellationToken)
                : optimizer.Step(TestContext.Current.CancellationToken);
            if (run.GetProperty("params")
                .TryGetProperty(step.ToString(System.Globalization.CultureInfo.InvariantCulture), out JsonElement recorded))
            {
                double[] expected = TorchRun.Doubles(recorded);
                compared++;
                for (int i = 0; i < expected.Length; i++)
                {
                    double difference = Math.Abs(parameters.ReadOnlyValues[i] - expected[i]) / Math.Max(1, Math.Abs(expected[i]));
                    Assert.True(difference <= 1e-12,
                        $"step {step}, parameter {i}: expected {expected[i]:R}, got {parameters.ReadOnlyValues[i]:R}");
                }
            }
        }

        Assert.Equal(5, compared);
    }

    private static Dictionary<string, double> Settings(JsonElement own, Dictionary<string, double> common)
    {
        var settings = new Dictionary<string, double>(common);
        foreach (JsonProperty property in own.EnumerateObject())
        {
            settings[property.Name] = property.Value.GetDouble();
        }

        return settings;
    }

    private static double Number(Dictionary<string, double> settings, string name) => settings.GetValueOrDefault(name);
}
