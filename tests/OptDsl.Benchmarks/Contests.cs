using OptDsl.Rules;

namespace OptDsl.Benchmarks;

/// <summary>What is compared with what.</summary>
internal static unsafe class Contests
{
    internal static readonly string[] Names = ["adam-fused", "adam-strict", "momentum-fused", "momentum-strict"];

    internal static string RivalOf(string name) => name.EndsWith("-strict", StringComparison.Ordinal) ? "c-strict" : "c-avx2";

    internal static Contest Create(string name, RivalLibrary library, int size, OptimizerOptions options)
    {
        nint function = library.Function(name.Replace('-', '_'));
        return name switch
        {
            "adam-fused" => new Contest<FusedAdam>(new(Rate), Adam(function), size, options),
            "adam-strict" => new Contest<Adam>(new(Rate), Adam(function), size, options),
            "momentum-fused" => new Contest<FusedMomentum>(new(Rate), Momentum(function), size, options),
            "momentum-strict" => new Contest<StrictMomentum>(new(Rate), Momentum(function), size, options),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such contest."),
        };
    }

    // Small, so that a million steps against one gradient keep every number an ordinary one.
    private const double Rate = 1e-6;

    private static RivalStep Adam(nint function)
    {
        var step = (delegate* unmanaged[SuppressGCTransition]<float*, float*, float*, float*, nuint, double, double, double, double, int, void>)function;
        return (in Memory memory, int number) => step(memory.P, memory.G, memory.S0, memory.S1, memory.Length, Rate, .9, .999, 1e-8, number);
    }

    private static RivalStep Momentum(nint function)
    {
        var step = (delegate* unmanaged[SuppressGCTransition]<float*, float*, float*, nuint, double, double, void>)function;
        return (in Memory memory, int _) => step(memory.P, memory.G, memory.S0, memory.Length, Rate, .9);
    }
}
