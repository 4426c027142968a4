using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OptDsl.Simd;

/// <summary>What the processor supports, apart from vectors.</summary>
internal static class Processor
{
    /// <summary>Whether the processor has fused multiply-add.</summary>
    internal static bool HasFusedMultiplyAdd => Fma.IsSupported || AdvSimd.IsSupported;

    /// <summary>
    /// The cause of missing fused multiply-add, for messages. A program that was compiled ahead of time uses only the instructions it was
    /// compiled for, even if the processor has more.
    /// </summary>
    internal static string WithoutFusedMultiplyAdd
        => IsAheadOfTime ? "this program was compiled ahead of time for processors without fused multiply-add"
            : "this processor has no fused multiply-add, or it was switched off";

    /// <summary>What to do about it; the beginning of a sentence.</summary>
    internal static string Remedy
        => IsAheadOfTime
            ? "Publish with <IlcInstructionSet>x86-64-v3</IlcInstructionSet> (vectors of 256 bits, too), declare the rule strict, "
            : "Declare the rule strict, ";

    private static bool IsAheadOfTime => !RuntimeFeature.IsDynamicCodeCompiled;
}
