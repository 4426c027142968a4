using OptDsl.Conformance.Tests.Rules;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Conformance.Tests.HandWritten;

/// <summary>
/// Kernel and declaration share a parser, which could misread both alike. Here three rules of every kind of state stand
/// beside loops written from their equations with nothing of ours: no kernel, no reference, no factor of an average.
/// </summary>
public class HandWrittenLoopTests
{
    private const int Length = 37, Steps = 25;

    // The correction 1 / (1 - b^t) is ours to compute, and more exact than Math.Pow; everything else agrees to the bit.
    private const double Tolerance = 1e-13;

    /// <summary>A textbook step: parameters p, gradients g, two state vectors, two scalars, the step from 1.</summary>
    private delegate void Textbook(double[] p, double[] g, double[] a, double[] b, double[] scalars, int t);

    [Fact]
    public void State_momentum() => Compare(new Momentum(0.05, 0.8), (p, g, v, _, _, _) =>
    {
        for (int i = 0; i < Length; i++)
        {
            v[i] = 0.8 * v[i] + g[i];
            p[i] -= 0.05 * v[i];
        }
    });

    [Fact]
    public void State_nesterov() => Compare(new NesterovMomentum(0.05, 0.8), (p, g, v, _, _, _) =>
    {
        for (int i = 0; i < Length; i++)
        {
            v[i] = 0.8 * v[i] + g[i];
            p[i] -= 0.05 * (g[i] + 0.8 * v[i]);
        }
    });

    [Fact]
    public void State_adagrad() => Compare(new AdaGrad(0.05, 1e-3, 0.1, 0.25), (p, g, s, _, _, t) =>
    {
        for (int i = 0; i < Length; i++)
        {
            s[i] = (t == 1 ? 0.25 : s[i]) + g[i] * g[i];
            p[i] -= 0.05 / (1 + (t - 1) * 0.1) * g[i] / (Math.Sqrt(s[i]) + 1e-3);
        }
    });

    [Fact]
    public void Average_rmsprop() => Compare(new RmsProp(0.01, 0.9, 1e-4), (p, g, s, _, _, _) =>
    {
        for (int i = 0; i < Length; i++)
        {
            s[i] = 0.9 * s[i] + 0.1 * g[i] * g[i];
            p[i] -= 0.01 * g[i] / (Math.Sqrt(s[i]) + 1e-4);
        }
    });

    [Fact]
    public void Average_lion() => Compare(new Lion(0.01, 0.9, 0.99, 0.1), (p, g, m, _, _, _) =>
    {
        for (int i = 0; i < Length; i++)
        {
            double u = 0.9 * m[i] + 0.1 * g[i];
            p[i] = p[i] * (1 - 0.001) - 0.01 * (u > 0 ? 1 : u < 0 ? -1 : 0);
            m[i] = 0.99 * m[i] + 0.01 * g[i];
        }
    });

    [Fact]
    public void Average_mean_momentum() => Compare(new MeanMomentum(0.01, 4), (p, g, m, _, _, _) =>
    {
        for (int i = 0; i < Length; i++)
        {
            m[i] = 0.75 * m[i] + 0.25 * g[i];
            p[i] -= 4 * 0.01 * m[i];
        }
    });

    [Fact]
    public void Corrected_adam() => Compare(new Adam(0.02, 0.8, 0.95, 1e-3), (p, g, m, v, _, t) =>
    {
        for (int i = 0; i < Length; i++)
        {
            m[i] = 0.8 * m[i] + 0.2 * g[i];
            v[i] = 0.95 * v[i] + 0.05 * g[i] * g[i];
            p[i] -= 0.02 * (m[i] / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, t))) + 1e-3);
        }
    });

    [Fact]
    public void Corrected_adamw() => Compare(new AdamW(0.02, 0.8, 0.95, 1e-3, 0.3), (p, g, m, v, _, t) =>
    {
        for (int i = 0; i < Length; i++)
        {
            m[i] = 0.8 * m[i] + 0.2 * g[i];
            v[i] = 0.95 * v[i] + 0.05 * g[i] * g[i];
            p[i] = p[i] * (1 - 0.006) - 0.02 * (m[i] / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, t))) + 1e-3);
        }
    });

    [Fact]
    public void Corrected_position() => Compare(new CorrectedPosition(0.05, 0.6), (p, g, a, last, _, t) =>
    {
        for (int i = 0; i < Length; i++)
        {
            a[i] = 0.6 * a[i] + 0.4 * p[i];
            double position = a[i] / (1 - Math.Pow(0.6, t));
            p[i] = p[i] - 0.05 * g[i] - 0.1 * (position - last[i]);
            last[i] = position;
        }
    });

    [Fact]
    public void Window_adam() => Compare(new GrowingWindowAdam(0.02, 4, 9, 1e-3), (p, g, m, s, _, t) =>
    {
        for (int i = 0; i < Length; i++)
        {
            double n = Math.Min(4, t), k = Math.Min(9, t);
            m[i] = (1 - 1 / n) * m[i] + g[i] / n;
            s[i] = (1 - 1 / k) * s[i] + g[i] * g[i] / k;
            p[i] -= 0.02 * m[i] / Math.Sqrt(s[i] + 1e-3);
        }
    });

    [Fact]
    public void Window_pull() => Compare(new WindowedPull(0.05, 3), (p, g, a, _, _, t) =>
    {
        for (int i = 0; i < Length; i++)
        {
            double n = Math.Min(3, t);
            a[i] = (1 - 1 / n) * a[i] + g[i] * p[i] / n;
            p[i] -= 0.05 * a[i];
        }
    });

    [Fact]
    public void Window_root() => Compare(new WindowedRoot(0.05, 2), (p, g, s, _, _, t) =>
    {
        for (int i = 0; i < Length; i++)
        {
            double n = Math.Min(2, t), last = t == 1 ? 7 : s[i];
            s[i] = t == 1 ? g[i] * g[i] : (1 - 1 / n) * s[i] + g[i] * g[i] / n;
            p[i] = p[i] - 0.05 * g[i] / Math.Sqrt(s[i] + 0.5) - 0.001 * last;
        }
    });

    [Fact]
    public void Past_optimistic() => Compare(new Optimistic(0.05), (p, g, last, _, _, _) =>
    {
        for (int i = 0; i < Length; i++)
        {
            p[i] -= 0.05 * (2 * g[i] - last[i]);
            last[i] = g[i];
        }
    });

    [Fact]
    public void Past_position() => Compare(new PositionMomentum(0.05, 0.7), (p, g, last, _, _, t) =>
    {
        for (int i = 0; i < Length; i++)
        {
            double old = p[i];
            p[i] = p[i] - 0.05 * g[i] + (t == 1 ? 0 : 0.7 * (p[i] - last[i]));
            last[i] = old;
        }
    });

    [Fact]
    public void Past_derived() => Compare(new DerivedPast(0.05), (p, g, last, _, _, _) =>
    {
        for (int i = 0; i < Length; i++)
        {
            double size = Math.Abs(g[i]) + p[i] * p[i];
            p[i] -= 0.05 * g[i] * (size - last[i]);
            last[i] = size;
        }
    });

    [Fact]
    public void Uniform_product() => Compare(new UniformProduct(0.05, 0.9), (p, g, _, _, scalars, t) =>
    {
        scalars[0] = (t == 1 ? 1 : scalars[0]) * (0.9 * (1 - 0.5 / t));
        for (int i = 0; i < Length; i++)
        {
            p[i] -= 0.05 / (1 - scalars[0]) * g[i];
        }
    });

    [Fact]
    public void Uniform_total() => Compare(new UniformTotal(0.05), (p, g, _, _, scalars, t) =>
    {
        double share = 0.05 / (1 + t % 3);
        scalars[0] += share;
        for (int i = 0; i < Length; i++)
        {
            p[i] -= share * (share / scalars[0]) * g[i];
        }
    });

    [Fact]
    public void Uniform_average() => Compare(new UniformAverage(0.05, 0.8), (p, g, _, _, scalars, t) =>
    {
        double last = scalars[1];
        scalars[0] = 0.8 * scalars[0] + 0.2 * (0.05 / t);
        double rate = scalars[1] = scalars[0] / (1 - Math.Pow(0.8, t));
        for (int i = 0; i < Length; i++)
        {
            p[i] -= (rate + 0.5 * last) * g[i];
        }
    });

    /// <summary>Bit for bit: contraction is decided on the tree, the left product first, and only for products per element.</summary>
    [Fact]
    public void Fused_contracts_the_left_product_first()
    {
        using var parameters = new ParameterBuffer<double>();
        ParameterTensor<double> tensor = parameters.Add("p", [Length]);
        TestData.Fill(tensor.Values, seed: 0, special: false);
        double[] p = tensor.Values.ToArray(), both = new double[Length];
        Optimizer<double, Contracted> optimizer = parameters.Optimize(new Contracted(),
            new OptimizerOptions { AllowEmulatedFusedArithmetic = true });
        for (int t = 1; t <= Steps; t++)
        {
            TestData.Fill(tensor.Gradients, seed: t, special: false);
            for (int i = 0; i < Length; i++)
            {
                double g = tensor.Gradients[i];
                double sum = Math.FusedMultiplyAdd(g, 0.1, p[i] * 0.7);
                both[i] = Math.FusedMultiplyAdd(-both[i], g, sum);
                double left = Math.FusedMultiplyAdd(-0.1, g, both[i]), factor = Math.FusedMultiplyAdd(p[i], 0.7, -0.3), uniform = 0.1 * 0.7;
                p[i] = Math.FusedMultiplyAdd(factor, g + uniform, left);
            }

            optimizer.Step(TestContext.Current.CancellationToken);
            Assert.Equal(both, optimizer.State["Both"].ToArray());
            Assert.Equal(p, tensor.Values.ToArray());
        }
    }

    private static void Compare<TRule>(TRule rule, Textbook textbook)
        where TRule : class, IUpdateRule<double>, IUpdateRule<float>
    {
        using var parameters = new ParameterBuffer<double>();
        using var singles = new ParameterBuffer<float>();
        ParameterTensor<double> tensor = parameters.Add("p", [Length]);
        ParameterTensor<float> single = singles.Add("p", [Length]);
        double[] p = new double[Length], g = new double[Length], a = new double[Length], b = new double[Length], scalars = new double[2];
        TestData.Fill<double>(p, seed: 0, special: false);
        for (int i = 0; i < Length; i++)
        {
            // Starts that float holds exactly, so that both elements solve the same problem.
            p[i] = (float)p[i];
            tensor.Values[i] = p[i];
            single.Values[i] = (float)p[i];
        }

        Optimizer<double, TRule> optimizer = parameters.Optimize(rule);
        Optimizer<float, TRule> singleOptimizer = singles.Optimize(rule);
        for (int t = 1; t <= Steps; t++)
        {
            TestData.Fill<double>(g, seed: t, special: false);
            for (int i = 0; i < Length; i++)
            {
                g[i] = (float)g[i];
                tensor.Gradients[i] = g[i];
                single.Gradients[i] = (float)g[i];
            }

            optimizer.Step(TestContext.Current.CancellationToken);
            singleOptimizer.Step(TestContext.Current.CancellationToken);
            textbook(p, g, a, b, scalars, t);
            for (int i = 0; i < Length; i++)
            {
                double scale = Math.Max(1, Math.Abs(p[i]));
                Assert.True(Math.Abs(tensor.Values[i] - p[i]) <= Tolerance * scale,
                    $"step {t}, element {i}: expected {p[i]:R}, got {tensor.Values[i]:R}");

                // Some ten roundings to 2^-24 a step, which 25 steps of these tame recurrences do not amplify.
                Assert.True(Math.Abs(single.Values[i] - p[i]) <= 10 * Steps * Math.Pow(2, -24) * scale,
                    $"step {t}, element {i} in float: expected {p[i]:R}, got {single.Values[i]:R}");
            }
        }
    }
}
