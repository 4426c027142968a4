namespace OptDsl.Conformance.Tests.Harness;

/// <summary>A rule under test, on buffers of its declared element and, if that is double, of float.</summary>
public abstract class RuleCase(string name, Arithmetic arithmetic)
{
    public string Name => name;

    internal Arithmetic Arithmetic => arithmetic;

    /// <summary>Steps the kernel at a width beside the declaration, and requires the same bits in parameters and states.</summary>
    internal abstract void KernelEqualsDeclaration(int length, SimdWidth width, bool special);

    /// <summary>Steps the kernel at a width beside the one-lane kernel, and requires the same bits for every element it has.</summary>
    internal abstract void WidthsAgree(int length, SimdWidth width, bool special);

    /// <summary>Requires that a step which meets or makes a value that is not finite throws, and that no other step does.</summary>
    internal abstract void NoFaultIsMissed(SimdWidth width);

    internal static RuleCase Double<TRule>(TRule rule)
        where TRule : class, IUpdateRule<double>, IUpdateRule<float>
        => new DoubleCase<TRule>(rule, Schema<double, TRule>());

    internal static RuleCase Single<TRule>(TRule rule)
        where TRule : class, IUpdateRule<float>
        => new SingleCase<TRule>(rule, Schema<float, TRule>());

    private static RuleSchema Schema<T, TRule>()
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        where TRule : IUpdateRule<T>
        => TRule.Schema;

    private sealed class DoubleCase<TRule>(TRule rule, RuleSchema schema) : RuleCase(schema.Name, schema.Arithmetic)
        where TRule : class, IUpdateRule<double>, IUpdateRule<float>
    {
        internal override void KernelEqualsDeclaration(int length, SimdWidth width, bool special)
            => SideBySide<double, TRule>.Run(rule, length, width, special, declaration: true);

        internal override void WidthsAgree(int length, SimdWidth width, bool special)
        {
            SideBySide<double, TRule>.Run(rule, length, width, special, declaration: false);
            SideBySide<float, TRule>.Run(rule, length, width, special, declaration: false);
        }

        internal override void NoFaultIsMissed(SimdWidth width)
        {
            FaultCheck<double, TRule>.Run(rule, width);
            FaultCheck<float, TRule>.Run(rule, width);
        }
    }

    private sealed class SingleCase<TRule>(TRule rule, RuleSchema schema) : RuleCase(schema.Name, schema.Arithmetic)
        where TRule : class, IUpdateRule<float>
    {
        internal override void KernelEqualsDeclaration(int length, SimdWidth width, bool special)
            => SideBySide<float, TRule>.Run(rule, length, width, special, declaration: true);

        internal override void WidthsAgree(int length, SimdWidth width, bool special)
            => SideBySide<float, TRule>.Run(rule, length, width, special, declaration: false);

        internal override void NoFaultIsMissed(SimdWidth width) => FaultCheck<float, TRule>.Run(rule, width);
    }
}
