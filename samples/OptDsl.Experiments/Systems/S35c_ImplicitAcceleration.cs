using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// Two points regressed with the p-th power of the residual, each depth at the best of 27 rates (Arora, Cohen and Hazan 2018).
/// </summary>
internal sealed class S35c_ImplicitAcceleration : VerificationSystem
{
    private const int MostSteps = 20_000;

    internal override string Id => "S35c";

    internal override string Title => "Depth accelerates descent on a fourth-power loss";

    internal override string Text => """
        `ImplicitAcceleration` fits two target values with the p-th power of the residual as the loss. Each depth uses the best
        of 27 learning rates. For p = 4, depth 2 needs fewer steps than depth 1; for p = 2 depth does not help (Arora, Cohen and
        Hazan 2018).
        """;

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var table = new DataTable("table",
            "Steps until the loss is 1e-8 of the first loss, each at the best learning rate of a grid of factor 10^0.25", "power p",
            "targets",
            "depth 1", "depth 2", "depth 3");
        var curves = new List<Curve>();
        var steps = new Dictionary<(int, double, int), double>();
        foreach (int power in (int[])[2, 4])
        {
            foreach (double target in (double[])[10, 30])
            {
                for (int depth = 1; depth <= 3; depth++)
                {
                    (double best, double rate) = Enumerable.Range(0, 27).Select(i => Math.Pow(10, -6.5 + (0.25 * i)))
                        .Select(rate => (Steps(power, target, depth, rate, null, trial), rate)).Min();
                    steps[(power, target, depth)] = best;
                    if (power == 4 && target == 10 && trial.IsShown)
                    {
                        var losses = new List<(double X, double Y)>();
                        Steps(power, target, depth, rate, losses, trial);
                        curves.Add(new(FormattableString.Invariant($"depth {depth}, rate {rate:0.###e0}"), losses));
                    }
                }

                table.Row(power, $"{target}, 1", steps[(power, target, 1)], steps[(power, target, 2)], steps[(power, target, 3)]);
            }
        }

        trial.Show(table);
        trial.Show(new Picture("loss", "Loss with p = 4, targets 10 and 1, each depth at its best learning rate", "step",
            "loss / first loss", [.. curves])
        { LogarithmicY = true, LogarithmicX = true });
        trial.Note("With squares, both points have the same curvature, so one step at depth 1 solves the problem. It is claimed that depth is no faster there. It is not claimed that depth slows squares in general.");
        yield return new("S35c.ten", steps[(4, 10, 1)] / steps[(4, 10, 2)]);
        yield return new("S35c.thirty", steps[(4, 30, 1)] / steps[(4, 30, 2)]);
        yield return new("S35c.squares", steps[(2, 10, 1)] / Math.Min(steps[(2, 10, 2)], steps[(2, 10, 3)]));
    }

    /// <summary>Steps to 1e-8 of the first loss; infinite where it is not reached.</summary>
    private static double Steps(int power, double target, int depth, double rate, List<(double X, double Y)>? losses, Trial trial)
    {
        using var parameters = new ParameterBuffer<double>();
        parameters.Add("w", [2]).FillConstant(0.01);
        var loss = new PowerLoss([target, 1], power);
        Optimizer<double, ImplicitAcceleration> optimizer = parameters.Optimize(new ImplicitAcceleration(rate, depth));
        double first = loss.ComputeLoss(parameters);
        for (int step = 0; step < MostSteps; step++)
        {
            double share = loss.ComputeGradient(parameters) / first;
            losses?.Add((step + 1, share));
            if (share <= 1e-8)
            {
                return step;
            }

            if (!(share <= 1000))
            {
                break;
            }

            optimizer.Step(trial.Cancellation);
        }

        return double.PositiveInfinity;
    }

    /// <summary>sum |w - y|^p / p.</summary>
    private sealed class PowerLoss(double[] targets, int power) : ILossModel<double>
    {
        public double ComputeLoss(ParameterBuffer<double> parameters)
        {
            double sum = 0;
            for (int i = 0; i < targets.Length; i++)
            {
                sum += Power(parameters.ReadOnlyValues[i] - targets[i], power) / power;
            }

            return sum;
        }

        public double ComputeGradient(ParameterBuffer<double> parameters)
        {
            for (int i = 0; i < targets.Length; i++)
            {
                parameters.Gradients[i] = Power(parameters.ReadOnlyValues[i] - targets[i], power - 1);
            }

            return ComputeLoss(parameters);
        }

        private static double Power(double x, int exponent)
        {
            double result = 1;
            for (int i = 0; i < exponent; i++)
            {
                result *= x;
            }

            return result;
        }
    }
}
