using System.Globalization;
using OptDsl.Generator.Language;
using OptDsl.Generator.Lowering;

namespace OptDsl.Generator.Emission.Cpu;

/// <summary>
/// How a pass becomes a loop of this kind of processor: copies of its body, uniforms in registers, and whether it waits for memory.
/// </summary>
internal static class CpuPass
{
    /// <summary>More uniforms than this would be spilled to the stack; the rest is read where it is used.</summary>
    internal const int RegisterUniforms = 9;

    /// <summary>The most copies of a pass's body in its loop.</summary>
    internal const int MostUnrolled = 4;

    // Measured: above some 520 inlined witness calls in one method the compiler gives up inlining. Five copies of the body
    // (four unrolled, one for the rest) stay well below with this many.
    private const int MostCalls = 400;

    /// <summary>What distinguishes a pass in the emitted text; nothing for a rule's only one.</summary>
    internal static string Suffix(KernelPlan plan, PassPlan pass) => plan.Passes.Count == 1 ? ""
        : pass.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Copies of the body in the main loop.</summary>
    internal static int Unroll(PassPlan pass)
    {
        int calls = pass.Order.Count + (2 * pass.WideOrder.Count) + pass.Outputs.Count + Math.Max(0, pass.Uniforms.Count - RegisterUniforms)
            + pass.Faults.Count + 1;

        // What is live across a call lies on the stack, once per copy of the body; and there is work enough in one.
        return pass.Order.Concat(pass.WideOrder).Any(node => pass.Nodes[node].IsApproximate()) ? 1
            : 5 * calls <= MostCalls ? MostUnrolled : 3 * calls <= MostCalls ? 2 : 1;
    }

    /// <summary>
    /// Whether the body waits for memory: it has no division, root or approximate function, and no more than five operations for four
    /// loads or stores. Wider vectors bring such a body nothing.
    /// </summary>
    internal static bool IsStreaming(PassPlan pass)
    {
        int loads = pass.Order.Count(pass.IsLoad);
        return pass.Reductions.Count == 0 && 4 * (pass.Order.Count - loads) <= 5 * (loads + pass.Outputs.Count)
            && pass.Order.All(node => pass.IsLoad(node) || pass.Nodes[node].Operation.Spec().Cost < 1);
    }
}
