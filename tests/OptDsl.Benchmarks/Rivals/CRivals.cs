namespace OptDsl.Benchmarks;

/// <summary>The C kernels of <c>reference.c</c> as steps.</summary>
internal static unsafe class CRivals
{
    internal const double LionDecay = 0.01;

    internal static RivalStep Step(RivalLibrary library, string function, double rate)
    {
        nint entry = library.Function(function);
        return function.Split('_')[0] switch
        {
            "adam" => Adam(entry, rate),
            "adamw" => AdamW(entry, rate),
            "momentum" => Momentum(entry, rate),
            "rmsprop" => RmsProp(entry, rate),
            "lion" => Lion(entry, rate),
            "bandwidth" => Bandwidth(entry),
            _ => throw new ArgumentOutOfRangeException(nameof(function), function, "There is no such kernel."),
        };
    }

    private static RivalStep Adam(nint entry, double rate)
    {
        var step = (delegate* unmanaged[SuppressGCTransition]<float*, float*, float*, float*, nuint, nuint, double, double, double, double,
            int, void>)entry;
        return (in Memory memory, int number) =>
            step(memory.P, memory.G, memory.S0, memory.S1, memory.Length, memory.Tensors, rate, .9, .999, 1e-8, number);
    }

    private static RivalStep AdamW(nint entry, double rate)
    {
        var step = (delegate* unmanaged[SuppressGCTransition]<float*, float*, float*, float*, nuint, nuint, double, double, double, double,
            double, int, void>)entry;
        return (in Memory memory, int number) =>
            step(memory.P, memory.G, memory.S0, memory.S1, memory.Length, memory.Tensors, rate, .9, .999, 1e-8, 1e-2, number);
    }

    private static RivalStep Momentum(nint entry, double rate)
    {
        var step = (delegate* unmanaged[SuppressGCTransition]<float*, float*, float*, nuint, nuint, double, double, void>)entry;
        return (in Memory memory, int _) => step(memory.P, memory.G, memory.S0, memory.Length, memory.Tensors, rate, .9);
    }

    private static RivalStep RmsProp(nint entry, double rate)
    {
        var step = (delegate* unmanaged[SuppressGCTransition]<float*, float*, float*, nuint, nuint, double, double, double, void>)entry;
        return (in Memory memory, int _) => step(memory.P, memory.G, memory.S0, memory.Length, memory.Tensors, rate, .99, 1e-8);
    }

    private static RivalStep Lion(nint entry, double rate)
    {
        var step = (delegate* unmanaged[SuppressGCTransition]<float*, float*, float*, nuint, nuint, double, double, double, double,
            void>)entry;
        return (in Memory memory, int _) => step(memory.P, memory.G, memory.S0, memory.Length, memory.Tensors, rate, .9, .99, LionDecay);
    }

    private static RivalStep Bandwidth(nint entry)
    {
        var step = (delegate* unmanaged[SuppressGCTransition]<float*, float*, float*, float*, nuint, nuint, float, void>)entry;
        return (in Memory memory, int _) => step(memory.P, memory.G, memory.S0, memory.S1, memory.Length, memory.Tensors, 0f);
    }
}
