using System.Text.Json;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>The rules the command line knows by name. To add one, add a line.</summary>
internal static class Rules
{
    // Under the root epsilon stands beside a squared gradient, which on a mean over 10^5 cells is some 10^-10: the default
    // 10^-8 would drown it. This is the other rules' 10^-8, squared.
    private const double SquaredEpsilon = 1e-16;

    /// <summary>Name, what it is, the rate it uses on completion where none is given, and how to make it from a rate.</summary>
    internal static readonly IReadOnlyList<RuleEntry> All =
    [
        RuleEntry.Of("adam", "Adam, published bias correction (Kingma and Ba 2015)", 3e-3, rate => new Adam(LearningRate: rate)),
        RuleEntry.Of("adamw", "Adam with decoupled weight decay (Loshchilov and Hutter 2019)", 3e-3, rate => new AdamW(LearningRate: rate)),
        RuleEntry.Of("growing-window-adam", "Adam over growing windows, epsilon under the root (McAllester)", 3e-3,
            rate => new GrowingWindowAdam(LearningRate: rate, Epsilon: SquaredEpsilon)),
        RuleEntry.Of("lion", "the sign of an interpolated momentum (Chen et al. 2023)", 2e-3, rate => new Lion(LearningRate: rate)),
        RuleEntry.Of("rmsprop", "RMSProp, epsilon outside the root (Tieleman and Hinton 2012)", 1e-3,
            rate => new RmsProp(LearningRate: rate)),
        RuleEntry.Of("rmsprop-root-epsilon", "RMSProp, epsilon under the root (McAllester, sigma form)", 1e-3,
            rate => new RmsPropRootEpsilon(LearningRate: rate, Epsilon: SquaredEpsilon)),
        RuleEntry.Of("adagrad", "AdaGrad (Duchi, Hazan and Singer 2011)", 3e-2, rate => new AdaGrad(LearningRate: rate)),
        RuleEntry.Of("sgd", "stochastic gradient descent (Robbins and Monro 1951)", 100, rate => new Sgd(LearningRate: rate)),
        RuleEntry.Of("momentum", "heavy-ball momentum (Polyak 1964)", 30, rate => new Momentum(LearningRate: rate)),
        RuleEntry.Of("nesterov", "Nesterov's momentum (Sutskever et al. 2013)", 30, rate => new NesterovMomentum(LearningRate: rate)),
        RuleEntry.Of("nadam", "Adam with Nesterov's momentum (Dozat 2016)", 3e-3, rate => new NAdam(LearningRate: rate)),
        RuleEntry.Of("radam", "Adam, rectified (Liu et al. 2020)", 1e-2, rate => new RAdam(LearningRate: rate)),
        RuleEntry.Of("amsgrad", "Adam with the greatest mean square so far (Reddi et al. 2018)", 3e-3,
            rate => new AmsGrad(LearningRate: rate)),
        RuleEntry.Of("adamax", "Adam with the greatest gradient (Kingma and Ba 2015)", 1e-2,
            rate => new Adamax(LearningRate: rate, Epsilon: SquaredEpsilon)),
        RuleEntry.Of("adan", "Nesterov's momentum out of the gradient's change (Xie et al. 2022)", 1e-2,
            rate => new Adan(LearningRate: rate)),
        RuleEntry.Of("adopt", "Adam with the scale of the steps before (Taniguchi et al. 2024)", 3e-3,
            rate => new Adopt(LearningRate: rate, Epsilon: 1e-8)),
        RuleEntry.Of("cautious-lion", "Lion where it agrees with the gradient (Liang et al. 2024)", 2e-3,
            rate => new CautiousLion(LearningRate: rate)),
        RuleEntry.Of("stable-adamw", "AdamW, slower where gradients surprise (Wortsman et al. 2023)", 3e-3,
            rate => new StableAdamW(LearningRate: rate)),
        RuleEntry.Of("lamb", "Adam in proportion to each matrix (You et al. 2020)", 3e-2,
            rate => new Lamb(LearningRate: rate, Epsilon: 1e-8)),
        RuleEntry.Of("novograd", "gradients by the scale of their matrix (Ginsburg et al. 2019)", 1e-1,
            rate => new NovoGrad(LearningRate: rate)),
        RuleEntry.Of("adafactor", "squares by row and column (Shazeer and Stern 2018)", 3e-2, rate => new Adafactor(LearningRate: rate)),
        RuleEntry.Of("sm3", "squares covered by row and column (Anil et al. 2019)", 1e-1, rate => new Sm3(LearningRate: rate)),
        RuleEntry.Of("group-rmsprop", "one scale for all (Arora et al. 2019)", 1, rate => new GroupRmsProp(LearningRate: rate)),
        RuleEntry.Of("prodigy", "Adam that finds its rate (Mishchenko and Defazio 2023)", 1, rate => new Prodigy(LearningRate: rate)),
        RuleEntry.Of("dog", "the rate from the distance to the start (Ivgi et al. 2023)", 1,
            rate => new DistanceOverGradients(LearningRate: rate, Epsilon: SquaredEpsilon)),
        RuleEntry.Of("madgrad", "dual averaging by cube roots (Defazio and Jelassi 2022)", 1e-1, rate => new Madgrad(LearningRate: rate)),
        RuleEntry.Of("rprop", "steps by the sign of the gradient's change (Riedmiller and Braun 1993)", 1e-3,
            rate => new Rprop(LearningRate: rate, Largest: 1)),
    ];

    internal static RuleEntry Default => All[0];

    /// <exception cref="InputException">There is no such rule.</exception>
    internal static RuleEntry Find(string name)
        => All.FirstOrDefault(rule => string.Equals(rule.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new InputException($"There is no rule '{name}'; use one of {string.Join(", ", All.Select(rule => rule.Name))}.");
}

/// <summary>A rule by name: its text, its rate where none is given, what it reports, its values at a rate, and its optimizer.</summary>
internal sealed record RuleEntry(string Name, string Text, double DefaultRate, RuleReport Report,
    Func<double, IReadOnlyDictionary<string, double>> Values, Func<ParameterBuffer<float>, double, IOptimizer<float>> Bind)
{
    // The rows of the shipped images, for which the default rates were found.
    private const double ImageRows = 600;

    /// <summary>
    /// The rate where none is given. The loss is a mean over cells, so a gradient falls with the number of rows or columns. A rule whose
    /// step grows with the gradient needs a rate in proportion.
    /// </summary>
    internal double RateFor(CompletionProblem problem)
        => Report.GradientDegree is 1 ? DefaultRate * Math.Min(problem.Rows, problem.Columns) / ImageRows : DefaultRate;

    internal static RuleEntry Of<TRule>(string name, string text, double defaultRate, Func<double, TRule> create)
        where TRule : class, IUpdateRule<float>, IReportedRule
        => new(name, text, defaultRate, TRule.Report, rate => ValuesOf(create(rate)),
            (parameters, rate) => parameters.Optimize(create(rate)));

    private static Dictionary<string, double> ValuesOf<TRule>(TRule rule)
        where TRule : class, IUpdateRule<float>
    {
        double[] values = new double[TRule.Schema.Values.Length];
        rule.GetValues(values);
        return TRule.Schema.Values.Zip(values)
            .ToDictionary(value => JsonNamingPolicy.CamelCase.ConvertName(value.First.Name), value => value.Second);
    }
}
