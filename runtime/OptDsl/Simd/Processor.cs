using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OptDsl.Simd;

/// <summary>What the processor can do.</summary>
internal static class Processor
{
    /// <summary>Whether it fuses a multiplication and an addition.</summary>
    internal static bool HasFusedMultiplyAdd => Fma.IsSupported || AdvSimd.IsSupported;
}
