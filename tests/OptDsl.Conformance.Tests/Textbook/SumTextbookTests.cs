using OptDsl.Rules;
using Xunit;

namespace OptDsl.Conformance.Tests.Textbook;

/// <summary>Methods that go by sums of gradients, or by their signs alone.</summary>
public class SumTextbookTests
{
    /// <summary>
    /// Catches a step on the side where the sign has changed, a kept gradient there, and sizes beyond their bounds. The signs are the
    /// same in float, so that it is near, too.
    /// </summary>
    [Fact]
    public void Rprop()
    => TextbookComparison.Run(new Rprop(0.05, 0.4, 1.3, 0.01, 0.1), new Rprop(0.02, 0.4, 1.3, 0.01, 0.1), model => model.ForEach((x, i) =>
    {
        double[] size = x["size"], last = x["last"];
        if (model.T == 1)
        {
            size[i] = x.Second ? 0.02 : 0.05;
        }

        double agreement = x.G[i] * last[i], g = agreement < 0 ? 0 : x.G[i];
        size[i] = Math.Min(Math.Max(size[i] * (agreement > 0 ? 1.3 : agreement < 0 ? 0.4 : 1), 0.01), 0.1);
        x.P[i] -= size[i] * Math.Sign(g);
        last[i] = g;
    }));

    /// <summary>Catches a square root for the cubic one, an origin that moves, and momentum on the wrong side.</summary>
    [Fact]
    public void Madgrad()
    => TextbookComparison.Run(new Madgrad(0.03, 0.7, 1e-2), new Madgrad(0.01, 0.7, 1e-2), model => model.ForEach((x, i) =>
    {
        double[] v = x["v"], s = x["s"], origin = x.Start("origin", i == 0 ? model.T : 2);
        double weight = ((x.Second ? 0.01 : 0.03) + 1e-2) * Math.Sqrt(model.T);
        v[i] += weight * x.G[i] * x.G[i];
        s[i] += weight * x.G[i];
        double z = origin[i] - s[i] / (Math.Cbrt(v[i]) + 1e-2);
        x.P[i] = 0.7 * x.P[i] + (1 - 0.7) * z;
    }));

    /// <summary>Catches roots of new or old sums in the other's place, and a threshold or decay that is missing.</summary>
    [Fact]
    public void Ftrl()
    => TextbookComparison.Run(new Ftrl(0.3, 0.2, 0.1, 0.5, 0.1), new Ftrl(0.1, 0.2, 0.1, 0.5, 0.1), model => model.ForEach((x, i) =>
    {
        double[] z = x["z"], n = x["n"];
        double rate = x.Second ? 0.1 : 0.3, old = model.T == 1 ? 0.1 : n[i];
        n[i] = old + x.G[i] * x.G[i];
        double sigma = (Math.Pow(n[i], 0.5) - Math.Pow(old, 0.5)) / rate;
        z[i] += x.G[i] - sigma * x.P[i];
        x.P[i] = Math.Abs(z[i]) < 0.2 ? 0 : (Math.Sign(z[i]) * 0.2 - z[i]) / ((0.5 + Math.Sqrt(n[i])) / rate + 0.1);
    }));

    /// <summary>Catches a rate or an average that is one step off, and a model that is the iterate.</summary>
    [Fact]
    public void Averaged_sgd()
    => TextbookComparison.Run(new AveragedSgd(0.1, 0.2, 0.6, 4), new AveragedSgd(0.05, 0.2, 0.6, 4), model => model.ForEach((x, i) =>
    {
        double[] average = x["average"];
        double first = x.Second ? 0.05
            : 0.1, rate = first / Math.Pow(1 + 0.2 * first * (model.T - 1), 0.6), mu = 1 / Math.Max(1, model.T - 1 - 4.0);
        x.P[i] *= 1 - 0.2 * rate;
        x.P[i] -= rate * x.G[i];
        average[i] = mu == 1 ? x.P[i] : average[i] + mu * (x.P[i] - average[i]);
    }), read: x => x["average"]);

    /// <summary>Catches a mask by the wrong sign, a count over all tensors, and the new mean where the old one is due.</summary>
    [Fact]
    public void Cautious_lion()
    => TextbookComparison.Run(new CautiousLion(0.01, 0.8, 0.9, 0.3), new CautiousLion(0.02, 0.8, 0.9, 0.3), model =>
    {
        foreach (TextbookTensor x in model.Tensors)
        {
            double[] m = x["m"], u = x["u"];
            double rate = x.Second ? 0.02 : 0.01, kept = 0;
            for (int i = 0; i < x.Count; i++)
            {
                u[i] = Math.Sign(0.8 * m[i] + 0.2 * x.G[i]);
                kept += u[i] * x.G[i] > 0 ? 1 : 0;
                m[i] = 0.9 * m[i] + 0.1 * x.G[i];
            }

            for (int i = 0; i < x.Count; i++)
            {
                x.P[i] *= 1 - rate * 0.3;
                x.P[i] -= u[i] * x.G[i] > 0 ? rate * u[i] * x.Count / (kept + 1) : 0;
            }
        }
    });
}
