using OptDsl.Rules;
using Xunit;

namespace OptDsl.Conformance.Tests.Textbook;

/// <summary>Methods whose model is not the point at which the gradient is taken: both are compared.</summary>
public class ModelTextbookTests
{
    /// <summary>Catches weights by the rate of the step, an average that begins late, and a warm-up that is one step off.</summary>
    [Fact]
    public void Schedule_free_sgd()
    => TextbookComparison.Run(new ScheduleFreeSgd(0.3, 0.8, 0.1, 4), new ScheduleFreeSgd(0.1, 0.8, 0.1, 6),
        model => ScheduleFree(model, 0.8,
        second => (second ? 0.1 : 0.3) * Math.Min(1, model.T / (second ? 6.0 : 4)), (x, i) => x.G[i] + 0.1 * x.P[i]), read: x => x["x"]);

    /// <summary>Catches a square without correction, and a decay that is scaled.</summary>
    [Fact]
    public void Schedule_free_adam_w()
    {
        TextbookComparison.Run(new ScheduleFreeAdamW(0.03, 0.8, 0.95, 1e-2, 0.3, 0), new ScheduleFreeAdamW(0.02, 0.8, 0.95, 1e-2, 0.3, 5),
            model => ScheduleFree(model, 0.8,
            second => second ? 0.02 * Math.Min(1, model.T / 5.0) : 0.03,
            (x, i) =>
            {
                double v = x["v"][i] = 0.95 * x["v"][i] + 0.05 * x.G[i] * x.G[i];
                return x.G[i] / (Math.Sqrt(v / (1 - Math.Pow(0.95, model.T))) + 1e-2) + 0.3 * x.P[i];
            }), read: x => x["x"]);
    }

    /// <summary>Catches a look ahead by the old velocity, and a model that is the point ahead.</summary>
    [Fact]
    public void Nesterov_lookahead()
    => TextbookComparison.Run(new NesterovLookahead(0.05, 0.8), new NesterovLookahead(0.02, 0.8), model => model.ForEach((x, i) =>
    {
        double[] iterate = x.Start("x", i == 0 ? model.T : 2), v = x["v"];
        v[i] = 0.8 * v[i] - (x.Second ? 0.02 : 0.05) * x.G[i];
        iterate[i] += v[i];
        x.P[i] = iterate[i] + 0.8 * v[i];
    }), read: x => x["x"]);

    /// <summary>Catches momentum from the extrapolated points.</summary>
    [Fact]
    public void Accelerated_sgd()
    => TextbookComparison.Run(new AcceleratedSgd(0.1, 0.5), new AcceleratedSgd(0.05, 0.2), model => model.ForEach((x, i) =>
    {
        double[] w = x.Start("w", i == 0 ? model.T : 2);
        double rate = x.Second ? 0.05 : 0.1, root = Math.Sqrt(rate * (x.Second ? 0.2 : 0.5)), last = w[i];
        w[i] = x.P[i] - rate * x.G[i];
        x.P[i] = w[i] + (1 - root) / (1 + root) * (w[i] - last);
    }), read: x => x["w"]);

    /// <summary>
    /// Catches a transport of this step where that of the next is due: gamma / (1 - gamma) there is the number of this one.
    /// </summary>
    [Fact]
    public void Implicit_gradient_transport()
    => TextbookComparison.Run(new ImplicitGradientTransport(0.05), new ImplicitGradientTransport(0.02), model => model.ForEach((x, i) =>
    {
        double[] theta = x.Start("theta", i == 0 ? model.T : 2), v = x["v"];
        double gamma = (model.T - 1.0) / model.T, next = model.T / (model.T + 1.0), last = theta[i];
        v[i] = gamma * v[i] + (1 - gamma) * x.G[i];
        theta[i] -= (x.Second ? 0.02 : 0.05) * v[i];
        x.P[i] = theta[i] + next / (1 - next) * (theta[i] - last);
    }), read: x => x["theta"]);

    /// <summary>Catches an average of the iterates before the step, and one that begins at zero.</summary>
    [Fact]
    public void Weight_average()
    => TextbookComparison.Run(new WeightAverageAdam(0.02, 0.8, 0.95, 1e-2, 0.9), new WeightAverageAdam(0.01, 0.8, 0.95, 1e-2, 0.7),
        model => model.ForEach((x, i) =>
    {
        double[] m = x["m"], v = x["v"], average = x.Start("average", i == 0 ? model.T : 2);
        m[i] = 0.8 * m[i] + 0.2 * x.G[i];
        v[i] = 0.95 * v[i] + 0.05 * x.G[i] * x.G[i];
        x.P[i] -= (x.Second ? 0.01 : 0.02) * (m[i] / (1 - Math.Pow(0.8, model.T)))
            / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, model.T))) + 1e-2);
        double decay = x.Second ? 0.7 : 0.9;
        average[i] = decay * average[i] + (1 - decay) * x.P[i];
    }), read: x => x["average"]);

    private static void ScheduleFree(TextbookModel model, double beta, Func<bool, double> rate, Func<TextbookTensor, int, double> direction)
    {
        foreach (bool second in (bool[])[false, true])
        {
            model[$"largest{second}"] = Math.Max(model[$"largest{second}"], rate(second));
            model[$"total{second}"] += Math.Pow(model[$"largest{second}"], 2);
        }

        model.ForEach((tensor, i) =>
        {
            double[] x = tensor.Start("x", i == 0 ? model.T : 2), z = tensor.Start("z", i == 0 ? model.T : 2);
            double share = Math.Pow(model[$"largest{tensor.Second}"], 2) / model[$"total{tensor.Second}"];
            z[i] -= rate(tensor.Second) * direction(tensor, i);
            x[i] = (1 - share) * x[i] + share * z[i];
            tensor.P[i] = beta * x[i] + (1 - beta) * z[i];
        });
    }
}
