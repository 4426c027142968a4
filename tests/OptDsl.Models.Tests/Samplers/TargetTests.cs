namespace OptDsl.Models.Tests;

/// <summary>Targets against finite differences, against models, and what they refuse.</summary>
public class TargetTests
{
    private const int Rows = 5, Rank = 2;

    public static TheoryData<string> Posteriors => ["factorization", "completion", "sensing"];

    [Theory]
    [MemberData(nameof(Posteriors))]
    public void The_gradient_of_a_matrix_posterior_is_that_of_its_potential(string kind)
    {
        MatrixPosterior<double> target = Make(kind);
        double[] x = Numbers(Rows * Rank, 1), gradient = new double[x.Length], ignored = new double[x.Length], potential = new double[1];
        target.Evaluate(new ChainBatch<double>(x, gradient, potential));
        for (int i = 0; i < x.Length; i++)
        {
            const double Step = 1e-5;
            double At(double change)
            {
                double[] moved = [.. x];
                moved[i] += change;
                target.Evaluate(new ChainBatch<double>(moved, ignored, potential));
                return potential[0];
            }

            double slope = (At(Step) - At(-Step)) / (2 * Step);
            Assert.InRange(gradient[i], slope - (1e-6 * (1 + Math.Abs(slope))), slope + (1e-6 * (1 + Math.Abs(slope))));
        }
    }

    [Theory]
    [MemberData(nameof(Posteriors))]
    public void The_potential_of_a_matrix_posterior_is_its_definition_s(string kind)
    {
        double[] x = Numbers(Rows * Rank, 1), potential = new double[1];
        Make(kind).Evaluate(new ChainBatch<double>(x, new double[x.Length], potential));
        double Product(int i, int j) => (x[i * Rank] * x[j * Rank]) + (x[(i * Rank) + 1] * x[(j * Rank) + 1]);
        double sum = 0;
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Rows; j++)
            {
                sum += kind == "factorization" || (kind == "completion" && (i, j) is (0, 1) or (3, 3))
                    ? Math.Pow(Product(i, j) - Matrix[(i * Rows) + j], 2) : 0;
            }
        }

        for (int m = 0; kind == "sensing" && m < 3; m++)
        {
            double measured = -m;
            for (int i = 0; i < Rows; i++)
            {
                for (int j = 0; j < Rows; j++)
                {
                    measured += Sensors[(m * Rows * Rows) + (i * Rows) + j] * Product(i, j);
                }
            }

            sum += measured * measured;
        }

        Assert.Equal(3 * sum, potential[0], 1e-12 * sum);
    }

    [Fact]
    public void A_loss_is_a_potential_by_its_temperature_and_its_tensors_are_the_variables()
    {
        using var parameters = new ParameterBuffer<double>();
        var factorization = new DeepFactorization<double>([3, 2, 4]);
        factorization.AddTo(parameters);
        bool[] observed = [.. Enumerable.Repeat(true, 12)];
        var loss = new DenseCompletionLoss<double>(factorization, Numbers(12, 4), observed, 0.1);
        ITarget<double> target = Target.FromLoss(loss, parameters, 2.5);
        Assert.Equal(parameters.Count, target.Dimensions);
        Assert.Equal(parameters.Tensors.Select(tensor => tensor.Length), target.Variables.Select(variable => variable.Size));

        double[] positions = Numbers(2 * parameters.Count, 3), gradients = new double[positions.Length], potentials = new double[2];
        target.Evaluate(new ChainBatch<double>(positions, gradients, potentials));
        Assert.All(parameters.Values.ToArray(), value => Assert.Equal(0, value));
        for (int chain = 0; chain < 2; chain++)
        {
            positions.AsSpan(chain * parameters.Count, parameters.Count).CopyTo(parameters.Values);
            Assert.Equal(2.5 * loss.ComputeGradient(parameters), potentials[chain]);
            Assert.Equal(parameters.Gradients.ToArray().Select(g => 2.5 * g),
                gradients.Skip(chain * parameters.Count).Take(parameters.Count));
            parameters.Values.Clear();
        }
    }

    [Fact]
    public void Names_of_tensors_become_names_of_variables()
    {
        using var parameters = new ParameterBuffer<float>();
        parameters.Add("layer 1/w", [2]);
        parameters.Add("layer-1/w", [1]);
        parameters.Add("1", []);
        ITarget<float> target = Target.FromLoss(new Nothing(), parameters);
        Assert.Equal(["layer_1_w", "layer_1_w_2", "_1"], target.Variables.Select(variable => variable.Name));
    }

    [Fact]
    public void What_is_no_target_is_refused_by_name()
    {
        using var empty = new ParameterBuffer<float>();
        Assert.Contains("no parameters", Assert.Throws<ArgumentException>(() => Target.FromLoss(new Nothing(), empty)).Message,
            StringComparison.Ordinal);
        empty.Add("w", [2]);
        Assert.Contains("above 0", Assert.Throws<ArgumentOutOfRangeException>(() => Target.FromLoss(new Nothing(), empty, -1)).Message,
            StringComparison.Ordinal);
        ITarget<double> plane = Target.FromPotential<double>(2, static (_, _) => 0);
        Assert.Contains("2 x 2", Assert.Throws<ArgumentException>(() => Target.WithGradientNoise(plane, [1])).Message,
            StringComparison.Ordinal);
        Assert.Contains("symmetric", Assert.Throws<ArgumentException>(() => Target.WithGradientNoise(plane, [1, 0.5, 0.4, 1])).Message,
            StringComparison.Ordinal);
        Assert.Contains("eigenvalue -1", Assert.Throws<ArgumentException>(() => Target.WithGradientNoise(plane, [1, 2, 2, 1])).Message,
            StringComparison.Ordinal);
        Assert.Contains("(0, 1) is 2 and (1, 0) is 3",
            Assert.Throws<ArgumentException>(() => MatrixPosterior<double>.Factorization([1, 2, 3, 4], 2, 1, 1)).Message,
                StringComparison.Ordinal);
        Assert.Contains("Entry 0 is at (2, 0)",
            Assert.Throws<ArgumentException>(() => MatrixPosterior<double>.Completion([2], [0], [1], 2, 1, 1)).Message,
                StringComparison.Ordinal);
        Assert.Contains("1 measurements of 2 x 2",
            Assert.Throws<ArgumentException>(() => MatrixPosterior<double>.Sensing([1, 2, 3], [1], 2, 1, 1)).Message,
                StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ChainBatch<double>(new double[3], new double[3], new double[2]));
    }

    private static readonly double[] Sensors = Numbers(3 * Rows * Rows, 2);

    private static double[] Matrix
    {
        get
        {
            double[] half = Numbers(Rows * Rows, 5);
            return [.. Enumerable.Range(0, Rows * Rows).Select(at => half[at] + half[(at % Rows * Rows) + (at / Rows)])];
        }
    }

    private static MatrixPosterior<double> Make(string kind) => kind switch
    {
        "factorization" => MatrixPosterior<double>.Factorization(Matrix, Rows, Rank, 3),
        "completion" => MatrixPosterior<double>.Completion([0, 3], [1, 3], [Matrix[1], Matrix[(3 * Rows) + 3]], Rows, Rank, 3),
        _ => MatrixPosterior<double>.Sensing(Sensors, [0, 1, 2], Rows, Rank, 3),
    };

    private static double[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextDouble()) - 1)];
    }

    private sealed class Nothing : ILossModel<float>
    {
        public double ComputeLoss(ParameterBuffer<float> parameters) => 0;

        public double ComputeGradient(ParameterBuffer<float> parameters)
        {
            parameters.Gradients.Clear();
            return 0;
        }
    }
}
