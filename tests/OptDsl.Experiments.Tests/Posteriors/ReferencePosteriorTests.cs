using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using OptDsl.Models;

namespace OptDsl.Experiments.Tests;

/// <summary>The densities against finite differences, and against the models as they are written down.</summary>
public class ReferencePosteriorTests
{
    public static TheoryData<string> Posteriors => [MadeUpPosteriors.Schools, MadeUpPosteriors.Scores, MadeUpPosteriors.Mixture];

    [Theory]
    [MemberData(nameof(Posteriors))]
    public void The_gradient_is_that_of_the_density(string directory)
    {
        ReferencePosterior posterior = MadeUpPosteriors.Make(directory);
        for (int seed = 0; seed < 3; seed++)
        {
            double[] x = Position(posterior, seed), gradient = new double[x.Length], ignored = new double[x.Length];
            posterior.LogDensity(x, gradient);
            for (int i = 0; i < x.Length; i++)
            {
                double slope = Slope(x, i, moved => posterior.LogDensity(moved, ignored));
                Assert.InRange(gradient[i], slope - (1e-6 * (1 + Math.Abs(slope))), slope + (1e-6 * (1 + Math.Abs(slope))));
            }
        }
    }

    /// <summary>
    /// The density of a position is the model's density of what is reported, times the determinant of the map from one to the other: a
    /// Jacobian that is missing, of the wrong sign or counted twice shows, and so does a prior of another scale.
    /// </summary>
    [Theory]
    [MemberData(nameof(Posteriors))]
    public void The_density_is_the_model_s_times_the_Jacobian(string directory)
    {
        ReferencePosterior posterior = MadeUpPosteriors.Make(directory);
        double[] constants = [.. Enumerable.Range(0, 5).Select(seed =>
        {
            double[] x = Position(posterior, seed), reported = Report(posterior, x);
            var jacobian = Matrix<double>.Build.Dense(x.Length, x.Length,
                (row, column) => Slope(x, column, moved => Report(posterior, moved)[row]));
            return posterior.LogDensity(x, new double[x.Length]) - ModelDensity(directory, reported)
                - Math.Log(Math.Abs(jacobian.Determinant()));
        })];
        Assert.All(constants, constant => Assert.Equal(constants[0], constant, 1e-6));
    }

    [Theory]
    [MemberData(nameof(Posteriors))]
    public void Draws_are_reported_with_their_statistics_and_the_potential_is_minus_the_density(string directory)
    {
        ReferencePosterior posterior = MadeUpPosteriors.Make(directory);
        double[] positions = [.. Position(posterior, 1), .. Position(posterior, 2)], gradients = new double[positions.Length],
            potentials = new double[2], gradient = new double[posterior.Dimensions];
        posterior.Evaluate(new ChainBatch<double>(positions, gradients, potentials));
        Assert.Equal(-posterior.LogDensity(positions.AsSpan(posterior.Dimensions), gradient), potentials[1]);
        Assert.Equal(gradient.Select(slope => -slope), gradients.Skip(posterior.Dimensions));
        Samples<double> reported = posterior.Report(
            new Samples<double>(2, 1, [new SampledVariable("x", [posterior.Dimensions])], positions,
                new Dictionary<string, double[]> { ["log_density"] = [3, 4] }));
        Assert.Equal(Report(posterior, positions[posterior.Dimensions..]), reported.GetDraw(1, 0).ToArray());
        Assert.Equal([3, 4], reported.GetStatistic("log_density").ToArray());
        Assert.Equal(posterior.Reported, reported.Variables);
    }

    /// <summary>The Metropolis-adjusted sampler refuses such a place, and all it may not be is NaN.</summary>
    [Theory]
    [MemberData(nameof(Posteriors))]
    public void Beyond_the_range_of_doubles_there_is_no_density(string directory)
    {
        ReferencePosterior posterior = MadeUpPosteriors.Make(directory);
        foreach (double far in new[] { 1e4, -1e4, 1e200, -1e200 })
        {
            for (int i = 0; i < posterior.Dimensions; i++)
            {
                double[] x = new double[posterior.Dimensions];
                x[i] = far;
                Assert.InRange(posterior.LogDensity(x, new double[x.Length]), double.NegativeInfinity, -1000);
            }
        }
    }

    [Fact]
    public void Coordinates_have_a_deviation_of_about_1()
    {
        foreach (string directory in new[] { MadeUpPosteriors.Scores, MadeUpPosteriors.Mixture })
        {
            ReferencePosterior posterior = MadeUpPosteriors.Make(directory);
            for (int i = 0; i < posterior.Dimensions; i++)
            {
                // Minus the curvature is the variance's inverse where the others are held.
                double[] x = new double[posterior.Dimensions], gradient = new double[x.Length];
                double curvature = -Slope(x, i, moved => { posterior.LogDensity(moved, gradient); return gradient[i]; });
                Assert.InRange(curvature, 0.4, 4);
            }
        }
    }

    /// <summary>By names from the models' definitions: none of the target's own arithmetic is here.</summary>
    private static double ModelDensity(string directory, double[] q)
    {
        switch (directory)
        {
            case MadeUpPosteriors.Schools:
                // Centred, which is the same posterior of theta.
                (double mu, double tau) = (q[^2], q[^1]);
                return Normal.PDFLn(0, 5, mu) + Cauchy.PDFLn(0, 5, tau)
                    + MadeUpPosteriors.Effects.Select((y, j) => Normal.PDFLn(mu, tau, q[j])
                        + Normal.PDFLn(q[j], MadeUpPosteriors.Errors[j], y)).Sum();
            case MadeUpPosteriors.Scores:
                return Cauchy.PDFLn(0, 2.5, q[2])
                    + MadeUpPosteriors.Inputs.Zip(MadeUpPosteriors.Outputs, (x, y) => Normal.PDFLn(q[0] + (q[1] * x), q[2], y)).Sum();
            default:
                Assert.True(q[0] < q[1]);
                return q[..4].Sum(value => Normal.PDFLn(0, 2, value)) + Beta.PDFLn(5, 5, q[4])
                    + MadeUpPosteriors.Values.Sum(y =>
                        Math.Log((q[4] * Normal.PDF(q[0], q[2], y)) + ((1 - q[4]) * Normal.PDF(q[1], q[3], y))));
        }
    }

    private static double[] Report(ReferencePosterior posterior, double[] position)
    {
        double[] quantities = new double[position.Length];
        posterior.Report(position, quantities);
        return quantities;
    }

    private static double Slope(double[] at, int component, Func<double[], double> function)
    {
        const double Step = 1e-5;
        double At(double change)
        {
            double[] moved = [.. at];
            moved[component] += change;
            return function(moved);
        }

        return (At(Step) - At(-Step)) / (2 * Step);
    }

    private static double[] Position(ReferencePosterior posterior, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, posterior.Dimensions).Select(_ => (4 * random.NextDouble()) - 2)];
    }
}
