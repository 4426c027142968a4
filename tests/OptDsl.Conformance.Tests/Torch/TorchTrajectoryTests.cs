using OptDsl.Conformance.Tests.Rules;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Conformance.Tests.Torch;

/// <summary>The rules make the steps PyTorch made, in double and in float, by the kernel and by the declaration.</summary>
public class TorchTrajectoryTests
{
    // PyTorch 1.13 keeps some scalars of ASGD in float, which the library's rule does not.
    private const double FloatScalars = 1e-7;

    /// <summary>The recorded runs, and how many there are of each optimizer.</summary>
    private static readonly (string Optimizer, int Count)[] Expected =
    [
        ("SGD", 16), ("Adagrad", 12), ("RMSprop", 16), ("Adam", 14), ("AdamW", 12), ("AMSGrad", 6), ("Adamax", 10), ("NAdam", 10),
            ("RAdam", 10),
        ("Rprop", 8), ("ASGD", 8), ("Adadelta", 8),
    ];

    private static readonly (string Torch, string Ours)[] Velocity = [("momentum_buffer", "Velocity")],
        Averages = [("exp_avg", "Mean"), ("exp_avg_sq", "MeanSquare")];

    public static TheoryData<string, string> Runs
    {
        get
        {
            var runs = new TheoryData<string, string>();
            foreach ((string optimizer, int count) in Expected)
            {
                TorchRun[] recorded = [.. TorchRun.All(optimizer)];
                Assert.Equal(count, recorded.Length);
                foreach (TorchRun run in recorded)
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
        double rate = run.Number("lr");
        switch (optimizer)
        {
            case "SGD":
                FollowDescent(run, rate);
                break;
            case "RMSprop":
                FollowRmsProp(run, rate);
                break;
            case "Adagrad":
                TorchReplay.Follow(run,
                    new AdaGrad(rate, run.Number("eps"), run.Number("lr_decay"), run.Number("initial_accumulator_value")),
                        [("sum", "SquareSum")]);
                break;
            case "Adadelta":
                TorchReplay.Follow(run, new Adadelta(rate, run.Number("rho"), run.Number("eps")),
                    [("square_avg", "MeanSquare"), ("acc_delta", "MeanChange")]);
                break;
            case "Rprop":
                TorchReplay.Follow(run,
                    new Rprop(rate, run.Number("etas", 0), run.Number("etas", 1), run.Number("step_sizes", 0), run.Number("step_sizes", 1)),
                    [("prev", "Kept"), ("step_size", "StepSize")]);
                break;
            case "ASGD":
                TorchReplay.Follow(run, new AveragedSgd113(rate, run.Number("lambd"), run.Number("alpha"), run.Number("t0")),
                    [("ax", "Average")]);
                TorchReplay.Follow(run, new AveragedSgd(rate, run.Number("lambd"), run.Number("alpha"), run.Number("t0")),
                    [("ax", "Average")], FloatScalars);
                break;
            default:
                FollowAdam(run, rate, run.Beta(0), run.Beta(1), run.Number("eps"));
                break;
        }
    }

    private static void FollowDescent(TorchRun run, double rate)
    {
        double momentum = run.Number("momentum"), dampening = run.Number("dampening");
        if (momentum == 0)
        {
            TorchReplay.Follow(run, new Sgd(rate), []);
        }
        else if (run.Flag("nesterov"))
        {
            TorchReplay.Follow(run, new NesterovMomentum(rate, momentum), Velocity);
        }
        else if (dampening != 0)
        {
            TorchReplay.Follow(run, new DampenedMomentum(rate, momentum, dampening), Velocity);
        }
        else
        {
            TorchReplay.Follow(run, new Momentum(rate, momentum), Velocity);
            TorchReplay.Follow(run, new MomentumL2(rate, momentum, run.Number("weight_decay")), Velocity, ownDecay: true);
        }
    }

    private static void FollowRmsProp(TorchRun run, double rate)
    {
        double decay = run.Number("alpha"), momentum = run.Number("momentum"), epsilon = run.Number("eps");
        (string, string)[] states = [("square_avg", "MeanSquare"), .. momentum == 0 ? [] : Velocity];
        if (run.Flag("centered"))
        {
            TorchReplay.Follow(run, new CentredRmsProp(rate, decay, momentum, epsilon), [.. states, ("grad_avg", "Mean")]);
        }
        else if (momentum != 0)
        {
            TorchReplay.Follow(run, new RmsPropMomentum(rate, decay, momentum, epsilon), states);
        }
        else
        {
            TorchReplay.Follow(run, new RmsProp(rate, decay, epsilon), states);
        }
    }

    private static void FollowAdam(TorchRun run, double rate, double beta1, double beta2, double epsilon)
    {
        switch (run.Optimizer)
        {
            case "Adam":
                TorchReplay.Follow(run, new Adam(rate, beta1, beta2, epsilon), Averages);
                TorchReplay.Follow(run, new AdamL2(rate, beta1, beta2, epsilon, run.Number("weight_decay")), Averages, ownDecay: true);
                break;
            case "AdamW" when run.Flag("amsgrad"):
                TorchReplay.Follow(run, new AmsGradW(rate, beta1, beta2, epsilon, run.Number("weight_decay")),
                    [.. Averages, ("max_exp_avg_sq", "Largest")]);
                break;
            case "AdamW":
                TorchReplay.Follow(run, new AdamW(rate, beta1, beta2, epsilon, run.Number("weight_decay")), Averages);
                break;
            case "AMSGrad":
                TorchReplay.Follow(run, new AmsGrad(rate, beta1, beta2, epsilon), [.. Averages, ("max_exp_avg_sq", "Largest")]);
                break;
            case "Adamax":
                TorchReplay.Follow(run, new Adamax(rate, beta1, beta2, epsilon), [("exp_avg", "Mean"), ("exp_inf", "Largest")]);
                break;
            case "NAdam":
                TorchReplay.Follow(run, new NAdam113(rate, beta1, beta2, epsilon, run.Number("momentum_decay")), Averages);
                break;
            default:
                TorchReplay.Follow(run, new RAdam(rate, beta1, beta2, epsilon), Averages);
                break;
        }
    }
}
