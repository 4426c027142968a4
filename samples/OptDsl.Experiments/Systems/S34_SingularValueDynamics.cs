namespace OptDsl.Experiments;

/// <summary>
/// Under balanced descent the singular values move by -L s^(2 - 2/L) times the gradient between their vectors (Arora, Cohen, Hu and Luo
/// 2019, theorem 3): large ones fast, small ones hardly.
/// </summary>
internal sealed class S34_SingularValueDynamics : VerificationSystem
{
    internal override string Id => "S34";

    internal override string Title => "How fast singular values move, by depth";

    internal override string Text => """
        One step of gradient descent on balanced factors moves the singular values of their product. The measured speed is
        compared with d s / dt = -L s^(2 - 2/L) <G, u v^T>, where L is the depth and G the gradient (Arora, Cohen, Hu and Luo
        2019, theorem 3). The power of s makes large singular values move faster than small ones, and more so at a greater
        depth.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var table = new DataTable("table", "Speed d s / dt of the singular values of a 4 x 4 matrix in a step of learning rate 1e-6",
            "depth", "singular value s", "measured d s / dt", "formula");
        double worst = 0;
        for (int depth = 2; depth <= 4; depth++)
        {
            var step = new EndToEndStep(depth, trial.Seed, trial.Cancellation);
            double scale = 0, error = 0;
            for (int k = 0; k < step.Values.Count; k++)
            {
                double measured = step.U.Column(k) * (step.Velocity * step.V.Column(k));
                double formula = -depth * Math.Pow(step.Values[k], 2 - (2.0 / depth))
                    * (step.U.Column(k) * (step.Gradient * step.V.Column(k)));
                table.Row(depth, step.Values[k], measured, formula);
                scale = Math.Max(scale, Math.Abs(formula));
                error = Math.Max(error, Math.Abs(measured - formula));
            }

            worst = Math.Max(worst, error / scale);
        }

        trial.Show(table);
        yield return new("S34.rate", worst);
    }
}
