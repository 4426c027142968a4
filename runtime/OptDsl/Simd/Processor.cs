using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OptDsl.Simd;

/// <summary>What the processor can do, as far as it is not a matter of vectors.</summary>
internal static class Processor
{
    /// <summary>Whether it fuses a multiplication and an addition.</summary>
    internal static bool HasFusedMultiplyAdd => Fma.IsSupported || AdvSimd.IsSupported;

    /// <summary>
    /// Who has no fused multiply-add, for messages: a program that was compiled ahead of time uses only the instructions it was compiled
    /// for, whatever the processor has.
    /// </summary>
    internal static string WithoutFusedMultiplyAdd
        => IsAheadOfTime ? "this program was compiled ahead of time for processors without fused multiply-add"
            : "this processor has no fused multiply-add, or it was switched off";

    /// <summary>What to do about it, the beginning of a sentence.</summary>
    internal static string Remedy
        => IsAheadOfTime
            ? "Publish with <IlcInstructionSet>x86-64-v3</IlcInstructionSet> (vectors of 256 bits, too), declare the rule strict, "
            : "Declare the rule strict, ";

    private static bool IsAheadOfTime => !RuntimeFeature.IsDynamicCodeCompiled;
}
