using System.Numerics;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Conformance.Tests.Torch;

/// <summary>The rules make the steps PyTorch made, in double and in float, by the kernel and by the declaration.</summary>
public class TorchTrajectoryTests
{
    /// <summary>The recorded runs whose settings the rules express, and how many there are of each optimizer.</summary>
    private static readonly (string Optimizer, int Expressed)[] Expected = [("SGD", 12), ("Adagrad", 12), ("RMSprop", 8), ("Adam", 14), ("AdamW", 10)];

    public static TheoryData<string, string> Runs
    {
        get
        {
            var runs = new TheoryData<string, string>();
            foreach ((string optimizer, int expressed) in Expected)
            {
                TorchRun[] expressible = [.. TorchRun.All(optimizer).Where(IsExpressed)];
                Assert.Equal(expressed, expressible.Length);
                foreach (TorchRun run in expressible)
                {
                    runs.Add(optimizer, run.Id);
                }
            }

            return runs;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Follows_the_recorded_trajectory(string optimizer, string id)
    {
        TorchRun run = TorchRun.All(optimizer).Single(run => run.Id == id);
        switch (optimizer)
        {
            case "SGD" when run.Number("momentum") == 0:
                Follow(run, new Sgd(run.Number("lr")));
                break;
            case "SGD" when run.Flag("nesterov"):
                Follow(run, new NesterovMomentum(run.Number("lr"), run.Number("momentum")), ("momentum_buffer", "Velocity"));
                break;
            case "SGD":
                Follow(run, new Momentum(run.Number("lr"), run.Number("momentum")), ("momentum_buffer", "Velocity"));
                break;
            case "Adagrad":
                Follow(run, new AdaGrad(run.Number("lr"), run.Number("eps"), run.Number("lr_decay"), run.Number("initial_accumulator_value")), ("sum", "SquareSum"));
                break;
            case "RMSprop":
                Follow(run, new RmsProp(run.Number("lr"), run.Number("alpha"), run.Number("eps")), ("square_avg", "MeanSquare"));
                break;
            case "Adam":
                Follow(run, new Adam(run.Number("lr"), run.Beta(0), run.Beta(1), run.Number("eps")), ("exp_avg", "Mean"), ("exp_avg_sq", "MeanSquare"));
                break;
            default:
                Follow(run, new AdamW(run.Number("lr"), run.Beta(0), run.Beta(1), run.Number("eps"), run.Number("weight_decay")), ("exp_avg", "Mean"), ("exp_avg_sq", "MeanSquare"));
                break;
        }
    }

    private static bool IsExpressed(TorchRun run) => run.Optimizer switch
    {
        "SGD" => run.Number("dampening") == 0,
        "RMSprop" => !run.Flag("centered") && run.Number("momentum") == 0,
        "AdamW" => !run.Flag("amsgrad"),
        _ => true,
    };

    private static void Follow<TRule>(TorchRun run, TRule rule, params (string Torch, string Ours)[] states)
        where TRule : class, IUpdateRule<double>, IUpdateRule<float>
    {
        foreach (bool declaration in (bool[])[false, true])
        {
            if (run.IsDouble)
            {
                Walk<double, TRule>(run, rule, 1e-12, declaration, states);
            }
            else
            {
                Walk<float, TRule>(run, rule, run.Optimizer == "SGD" ? 1e-3 : 4e-6, declaration, states);
            }
        }
    }

    private static void Walk<T, TRule>(TorchRun run, TRule rule, double tolerance, bool declaration, (string Torch, string Ours)[] states)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        using var parameters = new ParameterBuffer<T>();
        ParameterTensor<T> tensor = parameters.Add("p", [TorchRun.Start.Length]);
        for (int i = 0; i < TorchRun.Start.Length; i++)
        {
            tensor.Values[i] = T.CreateTruncating(TorchRun.Start[i]);
        }

        Optimizer<T, TRule> optimizer = parameters.Optimize(rule);
        for (int step = 1; step <= run.Steps; step++)
        {
            run.Gradient<T>(step, tensor.ReadOnlyValues, tensor.Gradients, coupledDecay: run.Optimizer != "AdamW");
            if (declaration)
            {
                optimizer.StepReference(TestContext.Current.CancellationToken);
            }
            else
            {
                optimizer.Step(TestContext.Current.CancellationToken);
            }

            if (run.Parameters(step) is { } expected)
            {
                RequireNear(expected, tensor.ReadOnlyValues, tolerance, $"{run.Id}, step {step}");
            }
        }

        foreach ((string torch, string ours) in states)
        {
            RequireNear(run.State(torch)!, optimizer.State[ours], tolerance, $"{run.Id}, {torch}");
        }
    }

    private static void RequireNear<T>(double[] expected, ReadOnlySpan<T> actual, double tolerance, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs(double.CreateTruncating(actual[i]) - expected[i]) / Math.Max(1, Math.Abs(expected[i]));
            Assert.True(difference <= tolerance, $"{what}, element {i}: expected {expected[i]:R}, got {actual[i]}, off by {difference:E2}");
        }
    }
}
