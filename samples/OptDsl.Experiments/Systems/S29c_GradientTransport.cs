using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// Implicit gradient transport on a quadratic: the mean of gradients taken ahead of the model is the gradient at the model plus the plain
/// mean of all noise so far, though every gradient was of another point.
/// </summary>
internal sealed class S29c_GradientTransport : VerificationSystem
{
    private const int Dimension = 10, Steps = 500;
    private const double Rate = 0.5;

    internal override string Id => "S29c";

    internal override string Title => "Transported gradients average the noise of all steps";

    internal override string Text => """
        `ImplicitGradientTransport` (Arnold et al. 2019) takes gradients at a point ahead of the model, which `optimizer.Read`
        returns. On a quadratic, the mean of these gradients is the gradient at the model plus the plain mean of all noise so
        far. The model therefore settles closer to the minimum than SGD with the same noise.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var random = new Xoshiro256(trial.Seed);
        using var transport = new SeriesBank<ImplicitGradientTransport>(new(Rate), Dimension, start: 1);
        using var plain = new SeriesBank<Sgd>(new(Rate), Dimension, start: 1);
        double[] noise = new double[Dimension], sum = new double[Dimension], model = new double[Dimension], before = new double[Dimension];
        double error = 0;
        List<(double X, double Y)> transported = [], descended = [];
        for (int t = 1; t <= Steps; t++)
        {
            Series.FillGaussian(noise, random, 0, 1);
            transport.Optimizer.Read(before);
            for (int i = 0; i < Dimension; i++)
            {
                double curvature = 0.1 + (0.1 * i);
                sum[i] += noise[i];
                transport.Gradients[i] = (curvature * transport.Values[i]) + noise[i];
                plain.Gradients[i] = (curvature * plain.Values[i]) + noise[i];
            }

            transport.Step(trial.Cancellation);
            plain.Step(trial.Cancellation);
            ReadOnlySpan<double> mean = transport.Optimizer.State["Mean"];
            for (int i = 0; i < Dimension; i++)
            {
                error = Math.Max(error, Math.Abs(mean[i] - ((0.1 + (0.1 * i)) * before[i]) - (sum[i] / t)));
            }

            transport.Optimizer.Read(model);
            transported.Add((t, Math.Sqrt(Series.MeanSquare(model) * Dimension)));
            descended.Add((t, Math.Sqrt(Series.MeanSquare(plain.Values) * Dimension)));
        }

        trial.Show(new Picture("distance", "Distance to the minimum; both methods have the same noise", "step", "distance |p|",
            new("implicit gradient transport", transported), new("SGD", descended))
        { LogarithmicY = true, LogarithmicX = true });
        trial.Show(new DataTable("table", "Distance to the minimum after 500 steps at learning rate 0.5", "method", "|p|")
            .Row("implicit gradient transport", transported[^1].Y).Row("SGD, the same noise", descended[^1].Y));
        yield return new("S29c.mean", error);
        yield return new("S29c.distance",
            transported.Skip(Steps / 2).Average(point => point.Y) / descended.Skip(Steps / 2).Average(point => point.Y));
    }
}
