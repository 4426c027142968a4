using System.Numerics;

namespace OptDsl.Models.Tests.Steps;

/// <summary>Newton's step is exact on a quadratic, refuses one without a least point, and both ways to solve agree.</summary>
public class NewtonStepTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<bool> Ways => [true, false];

    /// <summary>Least squares with a Hessian that is no diagonal: a transposed or permuted solution would miss.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void One_step_is_exact_on_least_squares(bool byProducts)
    {
        Check<double>(1e-10);
        Check<float>(1e-4);

        void Check<T>(double tolerance)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            const int Side = 7, Examples = 40;
            var random = new Xoshiro256(5);
            double[] truth = [.. Enumerable.Range(0, Side).Select(_ => random.NextGaussian())];
            var x = new T[Examples * Side];
            var y = new T[Examples];
            for (int i = 0; i < Examples; i++)
            {
                double sum = 0;
                for (int k = 0; k < Side; k++)
                {
                    x[(i * Side) + k] = T.CreateTruncating(random.NextGaussian() * (k + 1));
                    sum += double.CreateTruncating(x[(i * Side) + k]) * truth[k];
                }

                y[i] = T.CreateTruncating(sum);
            }

            using var parameters = new ParameterBuffer<T>();
            var loss = new LinearRegressionLoss<T>(x, y, Side);
            loss.AddTo(parameters).FillGaussian(2, 3);
            var newton = new NewtonStep<T>(parameters);
            StepReport report = byProducts ? newton.StepByConjugateGradients(loss, Token) : newton.Step(loss, Token);
            Assert.Equal((StepOutcome.Accepted, 1.0, 0L, 1L),
                (report.Outcome, report.Rate, report.Evaluations.Losses, report.Evaluations.Gradients));
            Assert.True(byProducts ? report.Evaluations.HessianProducts is >= Side and < 60 : report.Evaluations.HessianProducts == Side,
                $"{report.Evaluations}");
            Assert.All(Enumerable.Range(0, Side), i => Assert.Equal(truth[i], double.CreateTruncating(parameters.Values[i]), tolerance));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_hessian_that_is_not_positive_definite_is_refused_and_damping_mends_it(bool byProducts)
    {
        using var bowl = new Bowl<double>([2, -0.5], [3, 1]);
        ArithmeticException error = Assert.Throws<ArithmeticException>(() => Step(new NewtonStep<double>(bowl.Parameters)));
        Assert.Contains("damping 0", error.Message, StringComparison.Ordinal);
        Assert.Equal([3, 1], bowl.Values);
        StepReport report = Step(new NewtonStep<double>(bowl.Parameters, new NewtonSettings { Damping = 1 }));
        Assert.True(report.Accepted);
        Assert.Equal(3 - (6 / 3.0), bowl.Values[0], 1e-14);
        Assert.Equal(1 + (0.5 / 0.5), bowl.Values[1], 1e-14);

        StepReport Step(NewtonStep<double> newton) => byProducts ? newton.StepByConjugateGradients(bowl, Token) : newton.Step(bowl, Token);
    }

    [Fact]
    public void A_search_shortens_the_step_and_keeps_its_rate()
    {
        using var bowl = new Bowl<double>([1], [2]);
        var newton = new NewtonStep<double>(bowl.Parameters,
            new NewtonSettings { Search = new ArmijoSearch { InitialRate = 8, Backtrack = 0.5, Growth = 1 } });
        StepReport report = newton.Step(bowl, Token);
        Assert.Equal((1.0, 4L, 0.0), (report.Rate, report.Evaluations.Losses, report.TrialLoss));
        Assert.Equal([0], bowl.Values);
        Assert.Equal([2], bowl.Parameters.Gradients.ToArray());
        Assert.Equal(1, newton.Step(bowl, Token).Evaluations.Losses);
        Assert.Equal(new EvaluationCounts(5, 2, 2), newton.Total);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_start_that_is_not_finite_writes_nothing(bool byProducts)
    {
        using var bowl = new Bowl<double>([1, 1], [double.NaN, 2]);
        var newton = new NewtonStep<double>(bowl.Parameters);
        StepReport report = byProducts ? newton.StepByConjugateGradients(bowl, Token) : newton.Step(bowl, Token);
        Assert.Equal(StepOutcome.NotFinite, report.Outcome);
        Assert.Equal(2, bowl.Values[1]);
    }

    [Fact]
    public void Preconditioned_descent_goes_along_the_matrix_times_the_gradient()
    {
        using var bowl = new Bowl<double>([4, 10], [3, 5]);
        Assert.True(new PreconditionedDescent<double>(bowl.Parameters, [0.25, 0.1]).Step(bowl, Token).Accepted);
        Assert.Equal(0, bowl.Values[0], 1e-15);
        Assert.Equal(0, bowl.Values[1], 1e-15);

        // Rows against columns: P g of g = (12, 50) is (112, 350), not (162, 224).
        using var other = new Bowl<double>([4, 10], [3, 5]);
        var descent = new PreconditionedDescent<double>(other.Parameters, [1, 2, 4, 6.04]) { Rate = 0.5 };
        StepReport report = descent.Step(other, Token);
        Assert.Equal((12 * 112.0) + (50 * 350), report.Slope, 1e-9);
        Assert.Equal(3 - 56.0, other.Values[0], 1e-12);
        Assert.Equal(5 - 175.0, other.Values[1], 1e-12);
        StepReport searched = new PreconditionedDescent<double>(other.Parameters, [1, 1], new ArmijoSearch()).Step(other, Token);
        Assert.True(searched.Accepted && searched.TrialLoss < searched.LossBefore);
        Assert.Equal(StepOutcome.NoDescent, new PreconditionedDescent<double>(other.Parameters, [-1, -1]).Step(other, Token).Outcome);
    }

    [Fact]
    public void Misuse_is_named()
    {
        using var bowl = new Bowl<double>([4, 10], [3, 5]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new NewtonStep<double>(bowl.Parameters, new NewtonSettings { Damping = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NewtonStep<double>(bowl.Parameters, new NewtonSettings { Tolerance = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NewtonStep<double>(bowl.Parameters, new NewtonSettings { MaxProducts = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new NewtonStep<double>(bowl.Parameters, new NewtonSettings { Search = new ArmijoSearch { Tries = 0 } }));
        Assert.Contains("needs 2, or 4",
            Assert.Throws<ArgumentException>(() => new PreconditionedDescent<double>(bowl.Parameters, [1, 2, 3])).Message,
                StringComparison.Ordinal);
        Assert.Contains("Number 1",
            Assert.Throws<ArgumentException>(() => new PreconditionedDescent<double>(bowl.Parameters, [1, double.NaN])).Message,
                StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PreconditionedDescent<double>(bowl.Parameters, [1, 2]).Rate = 0);
    }
}
