using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>Momentum with the rate inside the velocity, and as a running average: one trajectory in two forms.</summary>
internal sealed class S07_MomentumForms : VerificationSystem
{
    internal override string Id => "S7";

    internal override string Title => "The v-form and the mu-form of momentum make the same steps";

    internal override string Text => """
        `VelocityMomentum` has the learning rate in the velocity: v <- (1 - 1/N) v + rate g, p <- p - v. `MeanMomentum` averages
        the gradients: mu <- (1 - 1/N) mu + g/N, p <- p - N rate mu. Both run on the same noisy quadratic of five parameters.
        Their trajectories should agree up to rounding.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        const int Dimension = 5, Steps = 300;
        var random = new Xoshiro256(trial.Seed);
        using var velocity = new SeriesBank<VelocityMomentum>(new VelocityMomentum(0.01, 10), Dimension, start: 1);
        using var mean = new SeriesBank<MeanMomentum>(new MeanMomentum(0.01, 10), Dimension, start: 1);
        double difference = 0;
        for (int step = 0; step < Steps; step++)
        {
            for (int i = 0; i < Dimension; i++)
            {
                // Curvatures from .1 to 2, and the same noise for both.
                double curvature = 0.1 + (1.9 * i / (Dimension - 1)), noise = 0.1 * random.NextGaussian();
                velocity.Gradients[i] = (curvature * velocity.Values[i]) + noise;
                mean.Gradients[i] = (curvature * mean.Values[i]) + noise;
            }

            difference = Math.Max(difference, Series.LargestDifference(velocity.Step(trial.Cancellation), mean.Step(trial.Cancellation)));
        }

        return [new("S7.trajectory", difference)];
    }
}
