using OptDsl.Rules;
using Xunit;

namespace OptDsl.Conformance.Tests.Textbook;

/// <summary>Methods that scale each parameter by itself.</summary>
public class AdaptiveTextbookTests
{
    /// <summary>Catches a correction of the greatest gradient, which has none, and an epsilon outside the maximum.</summary>
    [Fact]
    public void Adamax()
    => TextbookComparison.Run(new Adamax(0.02, 0.8, 0.9, 0.05), new Adamax(0.01, 0.8, 0.9, 0.05), model => model.ForEach((x, i) =>
    {
        double[] m = x["m"], u = x["u"];
        m[i] = 0.8 * m[i] + 0.2 * x.G[i];
        u[i] = Math.Max(0.9 * u[i], Math.Abs(x.G[i]) + 0.05);
        x.P[i] -= (x.Second ? 0.01 : 0.02) / (1 - Math.Pow(0.8, model.T)) * m[i] / u[i];
    }));

    /// <summary>Catches a decay that the rate multiplies, or that follows the step.</summary>
    [Fact]
    public void Independent_adam_w()
    => TextbookComparison.Run(new IndependentAdamW(0.02, 0.8, 0.9, 0.05, 0.03), new IndependentAdamW(0.01, 0.8, 0.9, 0.05, 0.03),
        model => model.ForEach((x, i) =>
    {
        double[] m = x["m"], v = x["v"];
        m[i] = 0.8 * m[i] + 0.2 * x.G[i];
        v[i] = 0.9 * v[i] + 0.1 * x.G[i] * x.G[i];
        double mean = m[i] / (1 - Math.Pow(0.8, model.T)), square = v[i] / (1 - Math.Pow(0.9, model.T));
        x.P[i] = 0.97 * x.P[i] - (x.Second ? 0.01 : 0.02) * mean / (Math.Sqrt(square) + 0.05);
    }));

    /// <summary>
    /// Catches momentum in the searched direction, none in the step, and a direction from squares that are not yet this step's.
    /// </summary>
    [Fact]
    public void Adam_sls()
    {
        TextbookComparison.Run(new AdamSls(0.02, 0.8, 0.9, 0.05), new AdamSls(0.01, 0.8, 0.9, 0.05), model => model.ForEach((x, i) =>
        {
            double[] m = x["m"], v = x["v"];
            m[i] = 0.8 * m[i] + 0.2 * x.G[i];
            v[i] = 0.9 * v[i] + 0.1 * x.G[i] * x.G[i];
            double mean = m[i] / (1 - Math.Pow(0.8, model.T)), square = v[i] / (1 - Math.Pow(0.9, model.T));
            x.P[i] -= (x.Second ? 0.01 : 0.02) * mean / (Math.Sqrt(square) + 0.05);
        }));

        using var buffer = new ParameterBuffer<double>();
        buffer.Add("x", [3]);
        Optimizer<double, AdamSls> optimizer = buffer.Optimize(new AdamSls(0.02, 0.8, 0.9, 0.05));
        double[] squares = new double[3], direction = new double[3];
        for (int t = 1; t <= 10; t++)
        {
            double slope = 0;
            double[] expected = new double[3];
            for (int i = 0; i < 3; i++)
            {
                double gradient = buffer.Gradients[i] = TextbookModel.Gradient(t, i, buffer.Values[i]);
                squares[i] = 0.9 * squares[i] + 0.1 * gradient * gradient;
                expected[i] = gradient / (Math.Sqrt(squares[i] / (1 - Math.Pow(0.9, t))) + 0.05);
                slope += gradient * expected[i];
            }

            Assert.Equal(slope, optimizer.ComputeSearchDirection(direction), 1e-12);
            Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(expected[i], direction[i], 1e-12));
            optimizer.Step(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Catches the greatest of corrected squares, or a correction before the maximum: with a short memory they differ.</summary>
    [Fact]
    public void Ams_grad()
    => TextbookComparison.Run(new AmsGrad(0.02, 0.8, 0.6, 1e-3), new AmsGrad(0.01, 0.8, 0.6, 1e-3), model => model.ForEach((x, i) =>
    {
        double[] m = x["m"], v = x["v"], largest = x["largest"];
        m[i] = 0.8 * m[i] + 0.2 * x.G[i];
        v[i] = 0.6 * v[i] + 0.4 * x.G[i] * x.G[i];
        largest[i] = Math.Max(largest[i], v[i]);
        double denominator = Math.Sqrt(largest[i]) / Math.Sqrt(1 - Math.Pow(0.6, model.T)) + 1e-3;
        x.P[i] -= (x.Second ? 0.01 : 0.02) / (1 - Math.Pow(0.8, model.T)) * m[i] / denominator;
    }));

    /// <summary>Catches an epsilon outside the roots, and the new average of changes where the old one is due.</summary>
    [Fact]
    public void Adadelta()
    => TextbookComparison.Run(new Adadelta(0.7, 0.8, 1e-2), new Adadelta(0.5, 0.8, 1e-2), model => model.ForEach((x, i) =>
    {
        double[] v = x["v"], a = x["a"];
        v[i] = 0.8 * v[i] + 0.2 * x.G[i] * x.G[i];
        double u = Math.Sqrt(a[i] + 1e-2) / Math.Sqrt(v[i] + 1e-2) * x.G[i];
        a[i] = 0.8 * a[i] + 0.2 * u * u;
        x.P[i] -= (x.Second ? 0.5 : 0.7) * u;
    }));

    /// <summary>Catches momentum over raw gradients, and a rate inside the velocity.</summary>
    [Fact]
    public void Rms_prop_momentum()
    => TextbookComparison.Run(new RmsPropMomentum(0.02, 0.9, 0.7, 1e-2), new RmsPropMomentum(0.01, 0.9, 0.7, 1e-2),
        model => model.ForEach((x, i) =>
    {
        double[] v = x["v"], b = x["b"];
        v[i] = 0.9 * v[i] + 0.1 * x.G[i] * x.G[i];
        b[i] = 0.7 * b[i] + x.G[i] / (Math.Sqrt(v[i]) + 1e-2);
        x.P[i] -= (x.Second ? 0.01 : 0.02) * b[i];
    }));

    /// <summary>Catches a variance about the old mean.</summary>
    [Fact]
    public void Centred_rms_prop()
    => TextbookComparison.Run(new CentredRmsProp(0.02, 0.9, 0.5, 1e-2), new CentredRmsProp(0.01, 0.9, 0.5, 1e-2),
        model => model.ForEach((x, i) =>
    {
        double[] v = x["v"], a = x["a"], b = x["b"];
        v[i] = 0.9 * v[i] + 0.1 * x.G[i] * x.G[i];
        a[i] = 0.9 * a[i] + 0.1 * x.G[i];
        b[i] = 0.5 * b[i] + x.G[i] / (Math.Sqrt(v[i] - (a[i] * a[i])) + 1e-2);
        x.P[i] -= (x.Second ? 0.01 : 0.02) * b[i];
    }));

    /// <summary>Catches a wrong length of memory or rectifier, the branch at another length than five, and a corrected epsilon.</summary>
    [Fact]
    public void R_adam() => TextbookComparison.Run(new RAdam(0.02, 0.8, 0.95, 1e-2), new RAdam(0.01, 0.8, 0.95, 1e-2), model =>
    {
        double power = Math.Pow(0.95, model.T), limit = 2 / (1 - 0.95) - 1, length = limit - (2 * model.T * power / (1 - power));
        model.ForEach((x, i) =>
        {
            double[] m = x["m"], v = x["v"];
            double rate = x.Second ? 0.01 : 0.02;
            m[i] = 0.8 * m[i] + 0.2 * x.G[i];
            v[i] = 0.95 * v[i] + 0.05 * x.G[i] * x.G[i];
            double corrected = m[i] / (1 - Math.Pow(0.8, model.T));
            x.P[i] -= length > 5
                ? rate * corrected * Math.Sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length))
                * Math.Sqrt(1 - power) / (Math.Sqrt(v[i]) + 1e-2)
                : rate * corrected;
        });
    });

    /// <summary>Catches the product of PyTorch 1.13, which has one factor twice, and a schedule that is one step off.</summary>
    [Fact]
    public void N_adam() => TextbookComparison.Run(new NAdam(0.02, 0.8, 0.95, 1e-2, 0.3), new NAdam(0.01, 0.8, 0.95, 1e-2, 0.3), model =>
    {
        double now = 0.8 * (1 - 0.5 * Math.Pow(0.96, model.T * 0.3)), next = 0.8 * (1 - 0.5 * Math.Pow(0.96, (model.T + 1) * 0.3));
        double product = model["product", 1] = model["product", 1] * now;
        model.ForEach((x, i) =>
        {
            double[] m = x["m"], v = x["v"];
            double rate = x.Second ? 0.01 : 0.02;
            m[i] = 0.8 * m[i] + 0.2 * x.G[i];
            v[i] = 0.95 * v[i] + 0.05 * x.G[i] * x.G[i];
            double denominator = Math.Sqrt(v[i] / (1 - Math.Pow(0.95, model.T))) + 1e-2;
            x.P[i] -= rate * (1 - now) / (1 - product) * x.G[i] / denominator;
            x.P[i] -= rate * next / (1 - product * next) * m[i] / denominator;
        });
    });

    /// <summary>Catches a change in the first step, a missing correction of any of three averages, and decay after the step.</summary>
    [Fact]
    public void Adan()
    => TextbookComparison.Run(new Adan(0.02, 0.9, 0.8, 0.95, 1e-2, 0.3), new Adan(0.01, 0.9, 0.8, 0.95, 1e-2, 0.3),
        model => model.ForEach((x, i) =>
    {
        double[] m = x["m"], q = x["q"], n = x["n"], last = x["last"];
        double rate = x.Second ? 0.01 : 0.02, change = model.T == 1 ? 0 : x.G[i] - last[i], ahead = x.G[i] + 0.8 * change;
        last[i] = x.G[i];
        m[i] = 0.9 * m[i] + 0.1 * x.G[i];
        q[i] = 0.8 * q[i] + 0.2 * change;
        n[i] = 0.95 * n[i] + 0.05 * ahead * ahead;
        double denominator = Math.Sqrt(n[i]) / Math.Sqrt(1 - Math.Pow(0.95, model.T)) + 1e-2;
        x.P[i] *= 1 - rate * 0.3;
        x.P[i] -= rate / (1 - Math.Pow(0.9, model.T)) * m[i] / denominator;
        x.P[i] -= rate * 0.8 / (1 - Math.Pow(0.8, model.T)) * q[i] / denominator;
    }));

    /// <summary>Catches the new mean square where the old one is due, a first step that moves, and a bound that is one step off.</summary>
    [Fact]
    public void Adopt()
    => TextbookComparison.Run(new Adopt(0.02, 0.9, 0.95, 0.2), new Adopt(0.01, 0.9, 0.95, 0.2), model => model.ForEach((x, i) =>
    {
        double[] m = x["m"], v = x["v"];
        if (model.T == 1)
        {
            v[i] = x.G[i] * x.G[i];
            return;
        }

        double bound = Math.Pow(model.T - 1, 0.25), u = x.G[i] / Math.Max(Math.Sqrt(v[i]), 0.2);
        u = u < -bound ? -bound : u > bound ? bound : u;
        m[i] += 0.1 * (u - m[i]);
        x.P[i] -= (x.Second ? 0.01 : 0.02) * m[i];
        v[i] = 0.95 * v[i] + 0.05 * x.G[i] * x.G[i];
    }));

    /// <summary>Catches a square of the batch's mean gradient in place of the caller's number, and a window of decayed form.</summary>
    [Fact]
    public void Batch_aware_rms_prop()
    => TextbookComparison.Run(new BatchAwareRmsProp(0.02, 6, 1e-2), new BatchAwareRmsProp(0.01, 6, 1e-2), model => model.ForEach((x, i) =>
    {
        double[] s = x["s"];
        double n = Math.Min(6, model.T), square = ExampleSquare(model.T, x.First + i);
        s[i] = (1 - 1 / n) * s[i] + square / n;
        x.P[i] -= (x.Second ? 0.01 : 0.02) * x.G[i] / Math.Sqrt(s[i] + 1e-2);
    }), input: ("exampleSquare", ExampleSquare));

    /// <summary>Catches a best batch of this step where that of the last is due, a rate during the warm-up, and a missing floor.</summary>
    [Fact]
    public void Complete()
    => TextbookComparison.Run(new Complete(5, 2, 4, 3, 0.05, 1e-3, 1e-2, 0.3), new Complete(5, 2, 4, 3, 0.02, 1e-3, 1e-2, 0.1),
        model => model.ForEach((x, i) =>
    {
        double[] mean = x["mean"], square = x["square"], best = x["best"];
        double a = model.T <= 5 ? 1.0 / model.T : Math.Min(1, 2 / best[i]);
        mean[i] = (1 - a) * mean[i] + a * x.G[i];
        square[i] = (1 - a) * square[i] + a * x.G[i] * x.G[i];
        double variance = Math.Max(square[i] - mean[i] * mean[i], 0);
        best[i] = Math.Max(3 * variance / (mean[i] * mean[i] + 1e-3), 4);
        double rate = Math.Min((x.Second ? 0.02 : 0.05) * mean[i] * mean[i] / Math.Max(variance, 1e-2), x.Second ? 0.1 : 0.3);
        x.P[i] -= (model.T <= 5 ? 0 : rate) * x.G[i];
    }));

    /// <summary>Something positive that is not the square of the gradient.</summary>
    private static double ExampleSquare(int t, int place) => 1 + Math.Cos(0.3 * (place + t));
}
