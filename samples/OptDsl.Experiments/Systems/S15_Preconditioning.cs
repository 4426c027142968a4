using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// The classics: AdaGrad's steps under a constant gradient, which are -rate / sqrt t whatever the gradient; Nesterov's accelerated descent
/// beside plain descent at 1/L; Newton's step, which solves a quadratic at once; and descent preconditioned by the Hessian's diagonal.
/// </summary>
internal sealed class S15_Preconditioning : VerificationSystem
{
    private const int Dimension = 20, MostSteps = 400_000;

    internal override string Id => "S15";

    internal override string Title => "AdaGrad, Nesterov's method and Newton's method";

    internal override string Text => """
        With a constant gradient, `AdaGrad` moves by rate / sqrt t in step t, whatever the size of the gradient.
        `AcceleratedSgd` at learning rate 1/L, given the smallest curvature, needs fewer steps than gradient descent.
        `NewtonStep` solves a least squares problem in one step, and `PreconditionedDescent` does so for orthogonal features.
        The slides describe AdaGrad as the inverse of the mean of squares; it is the inverse root of their sum.
        """;

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        yield return new("S15.adagrad", AdaGradError(trial));
        var table = new DataTable("table", "Steps until the loss is 1e-10 of the first loss, at learning rate 1/L", "condition number",
            "gradient descent", "Nesterov", "ratio");
        var curves = new List<Curve>();
        double least = double.PositiveInfinity;
        foreach (double condition in new[] { 10.0, 100, 1000, 10_000 })
        {
            double[] curvatures = [.. Enumerable.Range(0, Dimension).Select(i => Math.Pow(condition, -i / (Dimension - 1.0)))];
            List<(double X, double Y)> plain = Descend(new Sgd(1), curvatures, trial),
                accelerated = Descend(new AcceleratedSgd(1, 1 / condition), curvatures, trial);
            double ratio = plain[^1].X / accelerated[^1].X;
            least = Math.Min(least, ratio);
            table.Row($"{condition:0}", plain[^1].X, accelerated[^1].X, ratio);
            if (condition is 100 or 10_000)
            {
                curves.Add(new($"gradient descent, condition {condition:0}", plain));
                curves.Add(new($"Nesterov, condition {condition:0}", accelerated));
            }
        }

        trial.Show(table);
        trial.Show(new Picture("loss", "Loss on a quadratic of 20 parameters at learning rate 1/L", "step", "loss / first loss",
            [.. curves])
        { LogarithmicX = true, LogarithmicY = true });
        yield return new("S15.nesterov", least);
        (double newton, double diagonal) = SecondOrder(trial);
        yield return new("S15.newton", newton);
        yield return new("S15.preconditioned", diagonal);
    }

    /// <summary>The largest relative error, over gradients of three sizes, of -rate sum 1 / sqrt t after a hundred steps.</summary>
    private static double AdaGradError(Trial trial)
    {
        using var bank = new SeriesBank<AdaGrad>(new AdaGrad(0.1, Epsilon: 0), 3);
        for (int t = 0; t < 100; t++)
        {
            bank.Step([1e-3, 1, 1e3], trial.Cancellation);
        }

        double expected = -0.1 * Enumerable.Range(1, 100).Sum(t => 1 / Math.Sqrt(t));
        return bank.Values.ToArray().Max(value => Math.Abs((value / expected) - 1));
    }

    /// <summary>
    /// Least squares in six weights: the largest gradient after one step of Newton's; and, where the features are orthogonal but of sizes 1
    /// to 1000, after one step preconditioned by the inverse of the Hessian's diagonal.
    /// </summary>
    private static (double Newton, double Preconditioned) SecondOrder(Trial trial)
    {
        const int Features = 6, Examples = 40;
        var random = new Xoshiro256(trial.Seed);
        double[] inputs = new double[Examples * Features], targets = new double[Examples];
        Series.FillGaussian(inputs, random, 0, 1);
        Series.FillGaussian(targets, random, 0, 1);
        using var parameters = new ParameterBuffer<double>();
        var loss = new LinearRegressionLoss<double>(inputs, targets, Features);
        loss.AddTo(parameters);
        new NewtonStep<double>(parameters).Step(loss, trial.Cancellation);
        double newton = LargestGradient(loss, parameters);

        Array.Clear(inputs);
        double[] diagonal = new double[Features];
        for (int i = 0; i < Features; i++)
        {
            double size = Math.Pow(1000, i / (Features - 1.0));
            inputs[(i * Features) + i] = size;
            diagonal[i] = Examples / (size * size);
        }

        using var scaled = new ParameterBuffer<double>();
        var orthogonal = new LinearRegressionLoss<double>(inputs, targets, Features);
        orthogonal.AddTo(scaled);
        new PreconditionedDescent<double>(scaled, diagonal).Step(orthogonal, trial.Cancellation);
        return (newton, LargestGradient(orthogonal, scaled));
    }

    private static double LargestGradient(LinearRegressionLoss<double> loss, ParameterBuffer<double> parameters)
    {
        loss.ComputeGradient(parameters);
        return parameters.Gradients.ToArray().Max(Math.Abs);
    }

    private static List<(double X, double Y)> Descend<TRule>(TRule rule, double[] curvatures, Trial trial)
        where TRule : class, IUpdateRule<double>
    {
        using var bank = new SeriesBank<TRule>(rule, Dimension, start: 1);
        double first = Series.QuadraticLoss(bank.Values, curvatures), loss = first;
        double[] model = new double[Dimension];
        var points = new List<(double X, double Y)>();
        for (int t = 1; t <= MostSteps && loss > 1e-10 * first; t++)
        {
            for (int i = 0; i < Dimension; i++)
            {
                bank.Gradients[i] = curvatures[i] * bank.Values[i];
            }

            bank.Step(trial.Cancellation);
            bank.Optimizer.Read(model);
            loss = Series.QuadraticLoss(model, curvatures);
            if (t < 100 || t % (t / 50) == 0 || loss <= 1e-10 * first)
            {
                points.Add((t, loss / first));
            }
        }

        return points;
    }
}
