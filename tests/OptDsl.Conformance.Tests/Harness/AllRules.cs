using OptDsl.Conformance.Tests.Rules;
using OptDsl.Rules;

namespace OptDsl.Conformance.Tests.Harness;

/// <summary>Every shipped rule, and the rules that exercise the language.</summary>
internal static class AllRules
{
    internal static IReadOnlyList<RuleCase> Cases { get; } =
    [
        RuleCase.Double(new Sgd()),
        RuleCase.Double(new Momentum()),
        RuleCase.Double(new NesterovMomentum()),
        RuleCase.Double(new AdaGrad(RateDecay: 0.1, InitialSum: 0.25)),
        RuleCase.Double(new RmsProp()),
        RuleCase.Double(new Adam()),
        RuleCase.Double(new AdamW()),
        RuleCase.Double(new Lion(WeightDecay: 0.1)),
        RuleCase.Double(new VelocityMomentum()),
        RuleCase.Double(new MeanMomentum()),
        RuleCase.Double(new RmsPropRootEpsilon()),
        RuleCase.Double(new RmsPropVariance()),
        RuleCase.Double(new GrowingWindowAdam(MeanWindow: 2)),
        RuleCase.Double(new Selecting()),
        RuleCase.Double(new Functions()),
        RuleCase.Double(new Approximations()),
        RuleCase.Double(new Uniforms()),
        RuleCase.Double(new Guarded()),
        RuleCase.Double(new GuardedClamps()),
        RuleCase.Double(new ConstantArguments()),
        RuleCase.Double(new Copies()),
        RuleCase.Double(new Past()),
        RuleCase.Double(new KeywordNames()),
        RuleCase.Double(new FusedMany()),
        RuleCase.Double(new Contracted()),
        RuleCase.Single(new SingleAdam()),
        RuleCase.Double(new WindowedPull()),
        RuleCase.Double(new WindowedRoot()),
        RuleCase.Double(new CorrectedPosition()),
        RuleCase.Double(new Optimistic()),
        RuleCase.Double(new PositionMomentum()),
        RuleCase.Double(new DerivedPast()),
        RuleCase.Double(new UniformProduct()),
        RuleCase.Double(new UniformTotal()),
        RuleCase.Double(new UniformAverage()),
        RuleCase.Double(new ConstantSettings()),
        RuleCase.Double(new FloatDecay()),
        RuleCase.Single(new DoubleDecay()),
        RuleCase.Double(new PastCondition()),
        RuleCase.Double(new Outer<int>.IMiddle.Inner<string>.Nested<double>()),
        RuleCase.Double(new GlobalClip()),
        RuleCase.Double(new Lars()),
        RuleCase.Double(new Lamb()),
        RuleCase.Double(new Sm3()),
        RuleCase.Double(new Adafactor()),
        RuleCase.Double(new Sharpness()),
        RuleCase.Double(new Given()),
        RuleCase.Double(new Accelerated()),
        RuleCase.Double(new Lookback()),
        RuleCase.Double(new ChangingDecay()),
        RuleCase.Double(new Kinds()),
        RuleCase.Double(new BothSides()),
        RuleCase.Double(new Noisy()),
        RuleCase.Double(new Watched()),
        RuleCase.Single(new SingleClip()),
        RuleCase.Double(new FusedLamb()),
        RuleCase.Double(new ColumnConditions()),
    ];

    internal static RuleCase Named(string name) => Cases.Single(rule => rule.Name == name);
}
