using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>The rules the command line knows by name. To add one, add a line.</summary>
internal static class Rules
{
    /// <summary>Name, what it is, the rate it uses on completion where none is given, and how to make it from a rate.</summary>
    internal static readonly IReadOnlyList<RuleEntry> All =
    [
        RuleEntry.Of("adam", "Adam, published bias correction (Kingma and Ba 2015)", 3e-3, rate => new Adam(LearningRate: rate)),
    ];

    internal static RuleEntry Default => All[0];

    /// <exception cref="InputException">There is no such rule.</exception>
    internal static RuleEntry Find(string name)
        => All.FirstOrDefault(rule => string.Equals(rule.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new InputException($"There is no rule '{name}'; use one of {string.Join(", ", All.Select(rule => rule.Name))}.");
}

/// <summary>A rule by name.</summary>
internal sealed record RuleEntry(string Name, string Text, double DefaultRate, Func<ParameterBuffer<float>, double, IStepper> Bind)
{
    internal static RuleEntry Of<TRule>(string name, string text, double defaultRate, Func<double, TRule> create)
        where TRule : class, IUpdateRule<float>
        => new(name, text, defaultRate, (parameters, rate) => new Stepper<TRule>(parameters, create, rate));

    private sealed class Stepper<TRule>(ParameterBuffer<float> parameters, Func<double, TRule> create, double rate) : IStepper
        where TRule : class, IUpdateRule<float>
    {
        private readonly Optimizer<float, TRule> optimizer = parameters.Optimize(create(rate));

        public void Step(CancellationToken cancellation) => optimizer.Step(cancellation);
    }
}

/// <summary>A bound optimizer whose rule's type does not matter.</summary>
internal interface IStepper
{
    void Step(CancellationToken cancellation);
}
