using OptDsl.Rules;
using Xunit;

namespace OptDsl.Conformance.Tests.Textbook;

/// <summary>Methods with a number for a group or for all parameters, or with a second gradient.</summary>
public class GlobalTextbookTests
{
    /// <summary>Catches a norm by tensor or group, and an epsilon that is missing.</summary>
    [Fact]
    public void Clipping() => TextbookComparison.Run(new ClippedSgd(0.1, 3), new ClippedSgd(0.05, 2), model =>
    {
        double norm = Math.Sqrt(model.Sum((x, i) => x.G[i] * x.G[i]));
        model.ForEach((x, i) => x.P[i] -= (x.Second ? 0.05 : 0.1) * Math.Min(1, (x.Second ? 2 : 3) / (norm + 1e-6)) * x.G[i]);
    });

    /// <summary>Catches a sum by tensor or over both groups, a mean for the sum, and a missing correction.</summary>
    [Fact]
    public void Group_rms_prop() => TextbookComparison.Run(new GroupRmsProp(0.3, 0.9, 0.5), new GroupRmsProp(0.2, 0.8, 0.5), model =>
    {
        foreach (bool second in (bool[])[false, true])
        {
            double decay = second ? 0.8 : 0.9, sum = model.Sum((x, i) => x.G[i] * x.G[i], second);
            double q = model[$"q{second}"] = decay * model[$"q{second}"] + (1 - decay) * sum;
            double rate = (second ? 0.2 : 0.3) / (Math.Sqrt(q / (1 - Math.Pow(decay, model.T))) + 0.5);
            model.ForEach((x, i) => x.P[i] -= x.Second == second ? rate * x.G[i] : 0);
        }
    });

    /// <summary>
    /// Catches the new distance in the step or the old one at epsilon, sums by tensor, and a rate of the group that the numerator lacks. It
    /// begins at 0.05, where the distance grows from the second step on.
    /// </summary>
    [Fact]
    public void Prodigy()
    => TextbookComparison.Run(new Prodigy(0.7, 0.8, 0.9, 1e-2, 0.05, 0.9, 0.2), new Prodigy(0.5, 0.8, 0.9, 1e-2, 0.05, 0.9, 0.2), model =>
    {
        double d = model["d", 0.05], numerator = 0, absolute = 0, decay = Math.Sqrt(0.9);
        model.ForEach((x, i) =>
        {
            double[] m = x["m"], v = x["v"], s = x["s"], origin = x.Start("origin", i == 0 ? model.T : 2);
            double scaled = d * (x.Second ? 0.5 : 0.7);
            numerator += d / 0.05 * scaled * x.G[i] * (origin[i] - x.P[i]);
            m[i] = 0.8 * m[i] + 0.2 * d * x.G[i];
            v[i] = 0.9 * v[i] + 0.1 * d * d * x.G[i] * x.G[i];
            s[i] = decay * s[i] + d / 0.05 * scaled * x.G[i];
            absolute += Math.Abs(s[i]);
        });
        double r = model["r"] = decay * model["r"] + numerator, distance = model["d"] = Math.Max(d, 0.9 * r / absolute);
        model.ForEach((x, i) =>
        {
            double scaled = d * (x.Second ? 0.5 : 0.7);
            x.P[i] *= 1 - 0.2 * scaled;
            x.P[i] -= scaled * x["m"][i] / (Math.Sqrt(x["v"][i]) + distance * 1e-2);
        });
    });

    /// <summary>Catches a distance that is not the greatest so far, sums by group, and an epsilon outside the root.</summary>
    [Fact]
    public void Distance_over_gradients()
    => TextbookComparison.Run(new DistanceOverGradients(1.5, 0.05, 0.3), new DistanceOverGradients(1, 0.05, 0.3), model =>
    {
        double first = model.Sum((x, i) => x.P[i] * x.P[i]);
        double moved = model.Sum((x, i) => Math.Pow(x.P[i] - x.Start("origin", i == 0 ? model.T : 2)[i], 2));
        double radius = model["radius"] = Math.Max(model["radius", 0.05 * (1 + Math.Sqrt(first))], Math.Sqrt(moved));
        double energy = model["energy"] = model["energy"] + model.Sum((x, i) => x.G[i] * x.G[i]);
        model.ForEach((x, i) => x.P[i] -= (x.Second ? 1 : 1.5) * radius / Math.Sqrt(energy + 0.3) * x.G[i]);
    });

    /// <summary>Catches the gradient of the parameters in the velocity, a step from the worst point, and a norm by tensor.</summary>
    [Fact]
    public void Sharpness_aware() => TextbookComparison.Run(new SharpnessAware(0.05, 0.8, 0.7), new SharpnessAware(0.02, 0.8, 0.4), model =>
    {
        double norm = Math.Sqrt(model.Sum((x, i) => x.G[i] * x.G[i])) + 1e-12;
        Climb(model, (x, i) => (x.Second ? 0.4 : 0.7) * x.G[i] / norm);
    });

    /// <summary>Catches a neighbourhood that is not scaled by the parameters, or scaled once where it is twice.</summary>
    [Fact]
    public void Adaptive_sharpness_aware()
    => TextbookComparison.Run(new AdaptiveSharpnessAware(0.05, 0.8, 0.7), new AdaptiveSharpnessAware(0.02, 0.8, 0.4), model =>
    {
        double norm = Math.Sqrt(model.Sum((x, i) => Math.Pow(Math.Abs(x.P[i]) * x.G[i], 2))) + 1e-12;
        Climb(model, (x, i) => (x.Second ? 0.4 : 0.7) * x.P[i] * x.P[i] * x.G[i] / norm);
    });

    /// <summary>Momentum from the gradient at a point beside the parameters.</summary>
    private static void Climb(TextbookModel model, Func<TextbookTensor, int, double> by)
    {
        model.ForEach((x, i) =>
        {
            x["old"][i] = x.P[i];
            x["by"][i] = by(x, i);
        });
        model.ForEach((x, i) => x.P[i] += x["by"][i]);
        model.TakeGradient();
        model.ForEach((x, i) =>
        {
            x["b"][i] = 0.8 * x["b"][i] + x.G[i];
            x.P[i] = x["old"][i] - (x.Second ? 0.02 : 0.05) * x["b"][i];
        });
    }
}
