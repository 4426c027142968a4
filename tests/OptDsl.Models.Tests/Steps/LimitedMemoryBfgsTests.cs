using System.Runtime.CompilerServices;
using System.Text.Json;

namespace OptDsl.Models.Tests.Steps;

public class LimitedMemoryBfgsTests
{
    public static TheoryData<int> Runs => [0, 1, 2, 3, 4, 5];

    /// <summary>
    /// Parameters, losses and the number of evaluations as PyTorch had them: catches any other order of the two loops, bracket or
    /// interpolation.
    /// </summary>
    [Theory]
    [MemberData(nameof(Runs))]
    public void Follows_the_recorded_trace(int number)
    {
        using JsonDocument recorded = Recorded();
        JsonElement run = recorded.RootElement.GetProperty("runs")[number], arguments = run.GetProperty("args");
        Assert.Equal(6, recorded.RootElement.GetProperty("runs").GetArrayLength());
        double[] start = Numbers(run.GetProperty("x0"));
        int Integer(string name, int otherwise) => arguments.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : otherwise;
        using var parameters = new ParameterBuffer<double>();
        parameters.Add("x", [start.Length]);
        start.CopyTo(parameters.Values);
        var loss = new Recordable(run.GetProperty("function").GetString() == "rosenbrock4");
        var method = new LimitedMemoryBfgs<double>(parameters,
            new LbfgsSettings(Rate: arguments.GetProperty("lr").GetDouble(), History: Integer("history_size", 100),
                StrongWolfe: arguments.TryGetProperty("line_search_fn", out _)));
        foreach (JsonElement step in run.GetProperty("trace").EnumerateArray())
        {
            Assert.Equal(step.GetProperty("loss_at_entry").GetDouble(), loss.ComputeLoss(parameters), 1e-9);
            method.Run(loss, Integer("max_iter", 20), cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(step.GetProperty("func_evals_total").GetInt64(), method.TotalEvaluations);
            double[] expected = Numbers(step.GetProperty("x"));
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], parameters.Values[i], 1e-9);
            }
        }
    }

    [Fact]
    public void A_quadratic_of_n_parameters_is_solved_in_about_n_iterations_in_float_too()
    {
        using var parameters = new ParameterBuffer<float>();
        parameters.Add("x", [8]);
        var loss = new FloatQuadratic();
        LbfgsReport report = new LimitedMemoryBfgs<float>(parameters, new LbfgsSettings(GradientTolerance: 1e-5))
            .Run(loss, 40, cancellation: TestContext.Current.CancellationToken);
        Assert.Contains(report.Outcome, new[] { LbfgsOutcome.SmallGradient, LbfgsOutcome.SmallChange });
        Assert.InRange(report.Iterations, 2, 20);
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(1.0f / (i + 1), parameters.Values[i], 1e-5f);
        }
    }

    /// <summary>Catches trial points that stay where the loss is not a number, and the end of a search that never saw another.</summary>
    [Fact]
    public void A_search_that_meets_what_is_not_finite_comes_back_from_it()
    {
        using var parameters = new ParameterBuffer<double>();
        parameters.Add("x", [1]);
        parameters.Values[0] = 3;
        var method = new LimitedMemoryBfgs<double>(parameters, new LbfgsSettings(Rate: 100));

        // -ln x + x, defined above 0 only: the first trials lie below.
        LbfgsReport report = method.Run(
            new Scalar(x => Math.Log(x) is var log && x > 0 ? (x - log, 1 - (1 / x)) : (double.NaN, double.NaN)), 50,
                cancellation: TestContext.Current.CancellationToken);
        Assert.Contains(report.Outcome, new[] { LbfgsOutcome.SmallGradient, LbfgsOutcome.SmallChange });
        Assert.Equal(1, parameters.Values[0], 1e-6);
        Assert.Equal(1, report.Loss, 1e-12);

        parameters.Values[0] = -2;
        report = method.Run(new Scalar(x => (double.NaN, double.NaN)), 50, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(LbfgsOutcome.NotFinite, report.Outcome);
        Assert.Equal(-2, parameters.Values[0]);
    }

    [Fact]
    public void A_fixed_rate_that_blows_up_ends_at_the_last_finite_point()
    {
        using var parameters = new ParameterBuffer<double>();
        parameters.Add("x", [1]);
        parameters.Values[0] = 1;
        var method = new LimitedMemoryBfgs<double>(parameters, new LbfgsSettings(Rate: 1e200, StrongWolfe: false));
        LbfgsReport report = method.Run(new Scalar(x => (x * x * x * x, 4 * x * x * x)), 50,
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(LbfgsOutcome.NotFinite, report.Outcome);
        Assert.Equal(1, parameters.Values[0]);
        Assert.Equal(1, report.Loss);
    }

    [Fact]
    public void Cancelled_in_a_search_it_is_where_the_search_began()
    {
        using var parameters = new ParameterBuffer<double>();
        parameters.Add("x", [1]);
        parameters.Values[0] = 3;
        using var source = new CancellationTokenSource();
        int evaluations = 0;
        var method = new LimitedMemoryBfgs<double>(parameters, new LbfgsSettings(Rate: 100));
        var loss = new Scalar(x =>
        {
            if (++evaluations == 2)
            {
                source.Cancel();
            }

            return (x * x, 2 * x);
        });
        Assert.Throws<OperationCanceledException>(() => method.Run(loss, 50, cancellation: source.Token));
        Assert.Equal(3, parameters.Values[0]);

        // And goes on from there as if it had not been stopped.
        method.Run(loss, 50, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(0, parameters.Values[0], 1e-7);
    }

    [Theory]
    [InlineData("Rate")]
    [InlineData("History")]
    [InlineData("Decrease")]
    [InlineData("Curvature")]
    [InlineData("SearchTries")]
    [InlineData("GradientTolerance")]
    [InlineData("ChangeTolerance")]
    public void Settings_out_of_range_are_named(string name)
    {
        LbfgsSettings settings = name switch
        {
            "Rate" => new(Rate: 0),
            "History" => new(History: 0),
            "Decrease" => new(Decrease: 1),
            "Curvature" => new(Curvature: 1e-5),
            "SearchTries" => new(SearchTries: 0),
            "GradientTolerance" => new(GradientTolerance: double.NaN),
            _ => new(ChangeTolerance: -1),
        };
        using var parameters = new ParameterBuffer<double>();
        parameters.Add("x", [1]);
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new LimitedMemoryBfgs<double>(parameters, settings)).ParamName);
    }

    private static JsonDocument Recorded([CallerFilePath] string here = "")
        => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "..", "Data", "LBFGS.json")));

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    /// <summary>The losses of the traces: sum 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2, and sum (i+1) x[i]^2 / 2 - x[i].</summary>
    private sealed class Recordable(bool isRosenbrock) : ILossModel<double>
    {
        public double ComputeLoss(ParameterBuffer<double> parameters) => Evaluate(parameters.ReadOnlyValues, new double[parameters.Count]);

        public double ComputeGradient(ParameterBuffer<double> parameters) => Evaluate(parameters.ReadOnlyValues, parameters.Gradients);

        private double Evaluate(ReadOnlySpan<double> x, Span<double> gradient)
        {
            double loss = 0;
            gradient.Clear();
            for (int i = 0; i < x.Length; i++)
            {
                if (!isRosenbrock)
                {
                    loss += ((i + 1) * x[i] * x[i] / 2) - x[i];
                    gradient[i] = ((i + 1) * x[i]) - 1;
                }
                else if (i + 1 < x.Length)
                {
                    double valley = x[i + 1] - (x[i] * x[i]), rest = 1 - x[i];
                    loss += (100 * valley * valley) + (rest * rest);
                    gradient[i] += (-400 * valley * x[i]) - (2 * rest);
                    gradient[i + 1] += 200 * valley;
                }
            }

            return loss;
        }
    }

    private sealed class FloatQuadratic : ILossModel<float>
    {
        public double ComputeLoss(ParameterBuffer<float> parameters)
        {
            double loss = 0;
            for (int i = 0; i < parameters.Count; i++)
            {
                double x = parameters.ReadOnlyValues[i];
                loss += ((i + 1) * x * x / 2) - x;
            }

            return loss;
        }

        public double ComputeGradient(ParameterBuffer<float> parameters)
        {
            for (int i = 0; i < parameters.Count; i++)
            {
                parameters.Gradients[i] = ((i + 1) * parameters.ReadOnlyValues[i]) - 1;
            }

            return ComputeLoss(parameters);
        }
    }

    private sealed class Scalar(Func<double, (double Loss, double Gradient)> function) : ILossModel<double>
    {
        public double ComputeLoss(ParameterBuffer<double> parameters) => function(parameters.ReadOnlyValues[0]).Loss;

        public double ComputeGradient(ParameterBuffer<double> parameters)
        {
            (double loss, double gradient) = function(parameters.ReadOnlyValues[0]);
            parameters.Gradients[0] = gradient;
            return loss;
        }
    }
}
