using System.Text.RegularExpressions;

namespace OptDsl.Conformance.Tests.Disassembly;

/// <summary>What the compiler made of one kernel.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Reports">Whether the kernel watches for values that are not finite.</param>
/// <param name="Calls">Calls, tail calls among them.</param>
/// <param name="StackStores">Values put on the stack for want of registers.</param>
/// <param name="Roots">Square roots of vectors.</param>
/// <param name="Divisions">Divisions of vectors.</param>
/// <param name="Scalars">Arithmetic on single numbers.</param>
internal sealed partial record KernelListing(string Rule, bool Reports, int Calls, int StackStores, int Roots, int Divisions, int Scalars)
{
    /// <summary>The kernels of a width for float, in a file the runtime wrote: of a rule of several passes the first.</summary>
    internal static IReadOnlyList<KernelListing> Read(string path, SimdWidth width)
    {
        var kernels = new List<KernelListing>();
        foreach (string listing in File.ReadAllText(path).Split("; Assembly listing for method ").Skip(1))
        {
            Match header = Header().Match(listing);
            if (header.Success && header.Groups["width"].Value == ((int)width).ToString(System.Globalization.CultureInfo.InvariantCulture))
            {
                kernels.Add(new(
                    header.Groups["rule"].Value.Split('.', '+', '`')[^1],
                    header.Groups["check"].Value == "ReportFaults",
                    Call().Count(listing), StackStore().Count(listing), Root().Count(listing), Division().Count(listing),
                        Scalar().Count(listing)));
            }
        }

        return kernels;
    }

    // OptDsl.Rules.Lion+OptDslKernel:Sweep[float,OptDsl.Simd.Simd256`1[float],System...,OptDsl.Contract.ReportFaults](byref):bool
    [GeneratedRegex(@"^(?<rule>\S+?)(\[[^:]*\])?\+OptDslKernel(\[[^:]*\])?:Sweep0?\[(\S+,)?float,OptDsl\.Simd\.Simd(?<width>\d+)`1\[float\],\S+,OptDsl\.Contract\.(?<check>\w+)\]")]
    private static partial Regex Header();

    [GeneratedRegex(@"^\s+(call|tail\.jmp)\s", RegexOptions.Multiline)]
    private static partial Regex Call();

    [GeneratedRegex(@"^\s+v?mov\w*\s+\w+\s+ptr \[r[sb]p[^\]]*\], ", RegexOptions.Multiline)]
    private static partial Regex StackStore();

    [GeneratedRegex(@"^\s+vsqrtps\s", RegexOptions.Multiline)]
    private static partial Regex Root();

    [GeneratedRegex(@"^\s+vdivps\s", RegexOptions.Multiline)]
    private static partial Regex Division();

    [GeneratedRegex(@"^\s+v(sqrt|div|mul|add|sub|fn?m(add|sub)\d+)ss\s", RegexOptions.Multiline)]
    private static partial Regex Scalar();
}
