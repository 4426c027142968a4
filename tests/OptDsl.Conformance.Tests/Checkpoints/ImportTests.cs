using System.Runtime.CompilerServices;
using OptDsl.Conformance.Tests.Torch;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Conformance.Tests.Checkpoints;

/// <summary>What PyTorch kept after ten steps is taken over, and the next ten end where PyTorch's did.</summary>
public class ImportTests
{
    private const int Imported = 10;

    // PyTorch 1.13 keeps some scalars of ASGD in float.
    private const double Exact = 1e-12, FloatScalars = 1e-7;

    [Theory]
    [InlineData("SGD", 2)]
    [InlineData("SGD", 4)]
    [InlineData("Adam", 1)]
    [InlineData("AdamW", 2)]
    [InlineData("AMSGrad", 1)]
    [InlineData("RMSprop", 1)]
    [InlineData("RMSprop", 3)]
    [InlineData("RMSprop", 5)]
    [InlineData("Adagrad", 2)]
    [InlineData("Adadelta", 1)]
    [InlineData("Adamax", 2)]
    [InlineData("RAdam", 2)]
    [InlineData("Rprop", 1)]
    [InlineData("ASGD", 1)]
    public void The_imported_state_continues_the_trajectory(string optimizer, int number)
    {
        TorchRun run = TorchRun.All(optimizer).Single(run => run.Id == $"{optimizer}/{number}/coupled/f64");
        double rate = run.Number("lr");
        switch (optimizer)
        {
            case "SGD" when run.Flag("nesterov"):
                Follow(run, number, new NesterovMomentum(rate, run.Number("momentum")), Imported);
                break;
            case "SGD":
                Follow(run, number, new Momentum(rate, run.Number("momentum")), Imported);
                break;
            case "RMSprop" when run.Flag("centered"):
                Follow(run, number, new CentredRmsProp(rate, run.Number("alpha"), run.Number("momentum"), run.Number("eps")));
                break;
            case "RMSprop" when run.Number("momentum") != 0:
                Follow(run, number, new RmsPropMomentum(rate, run.Number("alpha"), run.Number("momentum"), run.Number("eps")));
                break;
            case "RMSprop":
                Follow(run, number, new RmsProp(rate, run.Number("alpha"), run.Number("eps")));
                break;
            case "Adagrad":
                Follow(run, number, new AdaGrad(rate, run.Number("eps"), run.Number("lr_decay"), run.Number("initial_accumulator_value")));
                break;
            case "Adadelta":
                Follow(run, number, new Adadelta(rate, run.Number("rho"), run.Number("eps")));
                break;
            case "Rprop":
                Follow(run, number,
                    new Rprop(rate, run.Number("etas", 0), run.Number("etas", 1), run.Number("step_sizes", 0),
                        run.Number("step_sizes", 1)));
                break;
            case "ASGD":
                Follow(run, number, new AveragedSgd(rate, run.Number("lambd"), run.Number("alpha"), run.Number("t0")),
                    tolerance: FloatScalars);
                break;
            case "AdamW":
                Follow(run, number, new AdamW(rate, run.Beta(0), run.Beta(1), run.Number("eps"), run.Number("weight_decay")));
                break;
            case "AMSGrad":
                Follow(run, number, new AmsGrad(rate, run.Beta(0), run.Beta(1), run.Number("eps")));
                break;
            case "Adamax":
                Follow(run, number, new Adamax(rate, run.Beta(0), run.Beta(1), run.Number("eps")));
                break;
            case "RAdam":
                Follow(run, number, new RAdam(rate, run.Beta(0), run.Beta(1), run.Number("eps")));
                break;
            default:
                Follow(run, number, new Adam(rate, run.Beta(0), run.Beta(1), run.Number("eps")));
                break;
        }
    }

    /// <summary>PyTorch's product is wrong in 1.13: the rule makes its own, and what it keeps is what it would have kept itself.</summary>
    [Fact]
    public void What_depends_on_the_step_alone_is_made_again()
    {
        using ParameterBuffer<double> parameters = Create(), walked = Create();
        Optimizer<double, NAdam> imported = parameters.Optimize(new NAdam(LearningRate: 0.05)),
            original = walked.Optimize(new NAdam(LearningRate: 0.05));
        imported.Import(PathOf("NAdam", 1));
        for (int i = 0; i < Imported; i++)
        {
            original.Step(TestContext.Current.CancellationToken);
        }

        Assert.Equal(Imported, imported.StepCount);
        Assert.Equal(original.Snapshot().GetUniformState("default", "Product"), imported.Snapshot().GetUniformState("default", "Product"));
    }

    [Fact]
    public void A_file_of_another_optimizer_or_without_a_step_is_refused_and_nothing_is_changed()
    {
        using ParameterBuffer<double> parameters = Create();
        double[] before = parameters.Values.ToArray();
        CheckpointException missing = Assert.Throws<CheckpointException>(() => parameters.Optimize(new AmsGrad())
            .Import(PathOf("Adam", 1)));
        Assert.Contains("tensor 'layer.weight.max_exp_avg_sq' is missing; import it into", missing.Message, StringComparison.Ordinal);
        CheckpointException extra = Assert.Throws<CheckpointException>(() => parameters.Optimize(new Adam()).Import(PathOf("AMSGrad", 1)));
        Assert.Contains("holds 'layer.weight.max_exp_avg_sq', which this optimizer does not", extra.Message, StringComparison.Ordinal);
        CheckpointException step = Assert.Throws<CheckpointException>(() => parameters.Optimize(new Momentum()).Import(PathOf("SGD", 2)));
        Assert.Contains("tensor 'layer.weight.step' is missing; give Import the number of steps made", step.Message,
            StringComparison.Ordinal);
        CheckpointException other = Assert.Throws<CheckpointException>(() => parameters.Optimize(new Adam())
            .Import(PathOf("Adam", 1), step: 11));
        Assert.Contains("is 10, but the argument step is 11", other.Message, StringComparison.Ordinal);
        InvalidOperationException unnamed = Assert.Throws<InvalidOperationException>(() => parameters.Optimize(new Lion())
            .Import(PathOf("Adam", 1)));
        Assert.Contains("Lion's state 'Mean' has no name in other programs' files", unnamed.Message, StringComparison.Ordinal);
        CheckpointException load = Assert.Throws<CheckpointException>(() => parameters.Optimize(new Adam()).Load(PathOf("Adam", 1)));
        Assert.Contains("take over another program's file with Import", load.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => parameters.Optimize(new Momentum()).Import(PathOf("SGD", 2), step: -1));
        Assert.Equal(before, parameters.Values);
    }

    [Fact]
    public void Names_that_would_be_two_things_are_refused()
    {
        using var parameters = new ParameterBuffer<double>();
        parameters.Add("layer", [1]);
        parameters.Add("layer.exp_avg", [1]);
        CheckpointException refused = Assert.Throws<CheckpointException>(() => parameters.Optimize(new Adam()).Import(PathOf("Adam", 1)));
        Assert.Contains("tensor 'layer.exp_avg' would be a parameter and also a state of another parameter", refused.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Doubles_are_rounded_once_into_a_buffer_of_floats()
    {
        using ParameterBuffer<double> wide = Create();
        using var narrow = new ParameterBuffer<float>();
        narrow.Add("layer.weight", [4, 9]);
        narrow.Add("layer.bias", [1]);
        Optimizer<double, Adam> exact = wide.Optimize(new Adam());
        Optimizer<float, Adam> rounded = narrow.Optimize(new Adam());
        exact.Import(PathOf("Adam", 1));
        rounded.Import(PathOf("Adam", 1));
        Assert.Equal(wide.Values.ToArray().Select(value => (float)value), narrow.Values.ToArray());
        Assert.Equal(exact.State["Mean"].ToArray().Select(value => (float)value), rounded.State["Mean"].ToArray());
    }

    private static void Follow<TRule>(TorchRun run, int number, TRule rule, int? step = null, double tolerance = Exact)
        where TRule : class, IUpdateRule<double>
    {
        using ParameterBuffer<double> parameters = Create();
        Optimizer<double, TRule> optimizer = parameters.Optimize(rule);
        optimizer.Import(PathOf(run.Optimizer, number), step);
        Assert.Equal(Imported, optimizer.StepCount);
        RequireNear(run.Parameters(Imported)!, parameters, 0, $"{run.Id} as imported");
        for (int next = Imported + 1; next <= run.Steps; next++)
        {
            run.Gradient<double>(next, parameters.ReadOnlyValues, parameters.Gradients,
                coupledDecay: run.Optimizer is not ("AdamW" or "Rprop"));
            optimizer.Step(TestContext.Current.CancellationToken);
        }

        RequireNear(run.Parameters(run.Steps)!, parameters, tolerance, run.Id);
        foreach (StateSchema state in optimizer.Schema.States.Where(state => state.SavedAs is not null))
        {
            double[] expected = run.State(state.SavedAs!)!;
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - optimizer.State[state.Name][i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])),
                    $"{run.Id}, {state.Name}, element {i}");
            }
        }
    }

    private static void RequireNear(double[] expected, ParameterBuffer<double> parameters, double tolerance, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs(parameters.ReadOnlyValues[i] - expected[i]) / Math.Max(1, Math.Abs(expected[i]));
            Assert.True(difference <= tolerance,
                $"{what}, element {i}: expected {expected[i]:R}, got {parameters.ReadOnlyValues[i]:R}, off by {difference:E2}");
        }
    }

    private static ParameterBuffer<double> Create()
    {
        var parameters = new ParameterBuffer<double>();
        parameters.Add("layer.weight", [4, 9]);
        parameters.Add("layer.bias", [1]);
        return parameters;
    }

    private static string PathOf(string optimizer, int number, [CallerFilePath] string file = "")
        => Path.Combine(Path.GetDirectoryName(file)!, "..", "Data", "torch-checkpoints", $"{optimizer}-{number}.safetensors");
}
