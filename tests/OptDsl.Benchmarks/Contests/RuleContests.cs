using OptDsl.Rules;

namespace OptDsl.Benchmarks;

/// <summary>The rules that are timed, each with the memory and the settings its rivals have.</summary>
internal static class RuleContests
{
    /// <summary>So small that a million steps against one gradient keep every number an ordinary one.</summary>
    internal const double TimingRate = 1e-6;

    /// <summary>So large that a few steps show every difference.</summary>
    internal const double CheckingRate = 1e-2;

    internal static readonly string[] Rules = ["adam", "adamw", "momentum", "rmsprop", "lion"];

    internal static Contest Create(string name, RivalStep rival, Shape shape, double rate, OnNonFinite check, bool bitwise)
    {
        return name switch
        {
            "adam-fused" => Of(new FusedAdam(rate)),
            "adam-strict" => Of(new Adam(rate)),
            "adamw-fused" => Of(new FusedAdamW(rate)),
            "adamw-strict" => Of(new AdamW(rate)),
            "momentum-fused" => Of(new FusedMomentum(rate)),
            "momentum-strict" => Of(new Momentum(rate)),
            "rmsprop-fused" => Of(new FusedRmsProp(rate)),
            "rmsprop-strict" => Of(new RmsProp(rate)),
            "lion-fused" => Of(new FusedLion(rate, WeightDecay: CRivals.LionDecay)),
            "lion-strict" => Of(new Lion(rate, WeightDecay: CRivals.LionDecay)),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such contest."),
        };

        Contest Of<TRule>(TRule rule)
            where TRule : class, IUpdateRule<float>
            => new RuleContest<TRule>(rule, rival, shape, check, bitwise);
    }
}
