using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>S35b: the integral of a linear network's steps around a closed curve, which is not 0 from depth 3 on.</summary>
internal sealed class S35b_NoPotential : VerificationSystem
{
    private const int Points = 4000;
    private const double Inner = 0.5, Outer = 1;

    internal override string Id => "S35b";

    internal override string Title => "The effect of depth is not the gradient of any loss";

    internal override string Text => """
        `ImplicitAcceleration` moves a weight vector as gradient descent on a deep linear network moves the network's product.
        The field of these steps is integrated around a closed curve, for a linear loss. The integral of a gradient is 0 around
        every closed curve. Here it is 0 for depths 1 and 2, but not for depth 3 (Arora, Cohen and Hazan 2018, theorem 2).
        """;

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        yield return new("S35b.depth1", Math.Abs(Integral(1, trial.Cancellation)));
        yield return new("S35b.depth2", Math.Abs(Integral(2, trial.Cancellation)));
        yield return new("S35b.depth3", Integral(3, trial.Cancellation));
    }

    private static double Integral(int depth, CancellationToken cancellation)
    {
        using var parameters = new ParameterBuffer<double>();
        parameters.Add("w", [2]);
        Optimizer<double, ImplicitAcceleration> optimizer = parameters.Optimize(new ImplicitAcceleration(LearningRate: 1, Depth: depth));
        double total = 0;
        (double X, double Y) from = Curve(0);
        for (int i = 1; i < 4 * Points; i++)
        {
            (double X, double Y) to = Curve(i), middle = ((from.X + to.X) / 2, (from.Y + to.Y) / 2);
            parameters.Tensors[0].FillFrom([middle.X, middle.Y]);
            (parameters.Gradients[0], parameters.Gradients[1]) = (1, 0);
            optimizer.Step(cancellation);
            total += ((middle.X - parameters.ReadOnlyValues[0]) * (to.X - from.X))
                + ((middle.Y - parameters.ReadOnlyValues[1]) * (to.Y - from.Y));
            from = to;
        }

        return total;
    }

    /// <summary>Along the axis, around 0 below it at the inner radius, along the axis, and back above it at the outer one.</summary>
    private static (double X, double Y) Curve(int point)
    {
        double share = point % Points / (Points - 1.0), angle = Math.PI * share;
        return (point / Points) switch
        {
            0 => (-Outer + ((Outer - Inner) * share), 0),
            1 => (-Inner * Math.Cos(angle), -Inner * Math.Sin(angle)),
            2 => (Inner + ((Outer - Inner) * share), 0),
            _ => (Outer * Math.Cos(angle), Outer * Math.Sin(angle)),
        };
    }
}
