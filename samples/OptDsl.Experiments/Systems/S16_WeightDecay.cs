using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// Three weight decays where the loss has no gradient, so that only they act: coupled (an L2 penalty in the gradient), decoupled (times the
/// rate), and independent of the rate. For SGD the first two are one; for Adam the coupled one moves every parameter by the rate, whatever
/// the decay and the parameter.
/// </summary>
internal sealed class S16_WeightDecay : VerificationSystem
{
    private const int Steps = 100;
    private const double Rate = 1e-2, Decay = 0.3;
    private static readonly double[] Starts = [4, 1, 0.25, -2];

    internal override string Id => "S16";

    internal override string Title => "Coupled, decoupled and rate-independent weight decay";

    internal override string Text => """
        The loss has no gradient here, so that only the weight decay acts. Let r be the learning rate and d the weight decay.
        The experiment compares three forms: an L2 penalty in the gradient (`MomentumL2`, `AdamL2`), decoupled decay (`AdamW`),
        and decay that is independent of the learning rate (`IndependentAdamW`). Decoupled decay has the factor 1 - r d per
        step, and independent decay the factor 1 - d. Under Adam, the L2 penalty moves every parameter by r in the first step,
        whatever d is.
        """;

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        double[] coupledSgd = Shrink(new MomentumL2(Rate, Decay: 0, WeightDecay: Decay), 1, trial);
        double shrunk = Math.Pow(1 - (Rate * Decay), Steps);
        yield return new("S16.sgd", Error(Shrink(new MomentumL2(Rate, Decay: 0, WeightDecay: Decay), Steps, trial), shrunk));
        yield return new("S16.sgdStep", Error(coupledSgd, 1 - (Rate * Decay)));

        // The first step of Adam is the rate times the gradient's sign, and here the gradient is the penalty.
        double weak = FirstStepError(1e-6, trial), strong = FirstStepError(10, trial);
        yield return new("S16.coupled", Math.Max(weak, strong));
        yield return new("S16.decoupled", Error(Shrink(new AdamW(Rate, WeightDecay: Decay), Steps, trial), shrunk));
        double[] independent = Shrink(new IndependentAdamW(Rate, WeightDecay: 0.003), Steps, trial),
            slower = Shrink(new IndependentAdamW(Rate / 10, WeightDecay: 0.003), Steps, trial);
        yield return new("S16.independent",
            Math.Max(Error(independent, Math.Pow(1 - 0.003, Steps)), Series.LargestDifference(independent, slower)));

        var table = new DataTable("table",
            "Four parameters after 100 steps of weight decay alone; decay 0.3, or 0.003 where independent of the rate", "optimizer",
                "learning rate", "start 4", "start 1", "start 0.25", "start -2");
        void Row<TRule>(string name, Func<double, TRule> rule)
            where TRule : class, IUpdateRule<double>
        {
            foreach (double rate in new[] { Rate, Rate / 10 })
            {
                double[] left = Shrink(rule(rate), Steps, trial);
                table.Row([name, rate, .. left.Cast<object>()]);
            }
        }

        Row("SGD, L2 penalty in the gradient", rate => new MomentumL2(rate, Decay: 0, WeightDecay: Decay));
        Row("Adam, L2 penalty in the gradient", rate => new AdamL2(rate, WeightDecay: Decay));
        Row("AdamW, decoupled decay", rate => new AdamW(rate, WeightDecay: Decay));
        Row("AdamW, decay independent of the rate", rate => new IndependentAdamW(rate, WeightDecay: 0.003));
        trial.Show(table);
    }

    private static double FirstStepError(double decay, Trial trial)
    {
        double[] after = Shrink(new AdamL2(Rate, Epsilon: 0, WeightDecay: decay), 1, trial);
        return Enumerable.Range(0, Starts.Length).Max(i => Math.Abs(((Starts[i] - after[i]) / (Rate * Math.Sign(Starts[i]))) - 1));
    }

    private static double Error(double[] values, double factor)
        => Enumerable.Range(0, Starts.Length).Max(i => Math.Abs((values[i] / (factor * Starts[i])) - 1));

    private static double[] Shrink<TRule>(TRule rule, int steps, Trial trial)
        where TRule : class, IUpdateRule<double>
    {
        using var parameters = new ParameterBuffer<double>();
        parameters.Add("p", [Starts.Length]);
        Starts.CopyTo(parameters.Values);
        Optimizer<double, TRule> optimizer = parameters.Optimize(rule);
        for (int t = 0; t < steps; t++)
        {
            optimizer.Step(trial.Cancellation);
        }

        return parameters.ReadOnlyValues.ToArray();
    }
}
