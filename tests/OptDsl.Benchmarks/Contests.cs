using OptDsl.Rules;

namespace OptDsl.Benchmarks;

/// <summary>What is compared with what.</summary>
internal static unsafe class Contests
{
    /// <summary>So small that a million steps against one gradient keep every number an ordinary one.</summary>
    internal const double TimingRate = 1e-6;

    /// <summary>So large that a few steps show every difference.</summary>
    internal const double CheckingRate = 1e-2;

    internal static readonly string[] Names = ["adam-fused", "adam-strict", "momentum-fused", "momentum-strict"];

    internal static string RivalOf(string name) => name.EndsWith("-strict", StringComparison.Ordinal) ? "c-strict" : "c-avx2";

    internal static Contest Create(string name, RivalLibrary library, int size, double rate, OptimizerOptions options)
    {
        nint function = library.Function(name.Replace('-', '_'));
        return name switch
        {
            "adam-fused" => new Contest<FusedAdam>(new(rate), Adam(function, rate), size, options),
            "adam-strict" => new Contest<Adam>(new(rate), Adam(function, rate), size, options),
            "momentum-fused" => new Contest<FusedMomentum>(new(rate), Momentum(function, rate), size, options),
            "momentum-strict" => new Contest<Momentum>(new(rate), Momentum(function, rate), size, options),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such contest."),
        };
    }

    private static RivalStep Adam(nint function, double rate)
    {
        var step = (delegate* unmanaged[SuppressGCTransition]<float*, float*, float*, float*, nuint, double, double, double, double, int, void>)function;
        return (in Memory memory, int number) => step(memory.P, memory.G, memory.S0, memory.S1, memory.Length, rate, .9, .999, 1e-8, number);
    }

    private static RivalStep Momentum(nint function, double rate)
    {
        var step = (delegate* unmanaged[SuppressGCTransition]<float*, float*, float*, nuint, double, double, void>)function;
        return (in Memory memory, int _) => step(memory.P, memory.G, memory.S0, memory.Length, rate, .9);
    }
}
