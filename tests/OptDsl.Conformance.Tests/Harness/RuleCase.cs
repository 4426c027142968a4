namespace OptDsl.Conformance.Tests.Harness;

/// <summary>A rule under test, on buffers of its declared element and, if that is double, of float.</summary>
public abstract class RuleCase(string name, Arithmetic arithmetic)
{
    public string Name => name;

    internal Arithmetic Arithmetic => arithmetic;

    /// <summary>Requires that the kernel has the bits of the declaration, or of the one-lane kernel where it is fused.</summary>
    internal abstract void KernelEqualsDeclaration(RuleAssertOptions options);

    /// <summary>Requires that the kernel has the bits of the one-lane kernel, for every element it has.</summary>
    internal abstract void WidthsAgree(RuleAssertOptions options);

    /// <summary>Requires that a restored optimizer continues with the same bits, for every element it has.</summary>
    internal abstract void StateRoundTrip(RuleAssertOptions options);

    /// <summary>Requires that a step which meets or makes a value that is not finite throws, and that no other step does.</summary>
    internal abstract void NoFaultIsMissed(SimdWidth width);

    /// <summary>Requires the same over tensors of several shapes, and the float kernel at its widths.</summary>
    internal abstract void ShapesAgree();

    /// <summary>Requires that an optimizer loaded from a file continues with the same bits, for every element it has.</summary>
    internal abstract void FileResumes();

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
        internal override void KernelEqualsDeclaration(RuleAssertOptions options)
            => RuleAssert.KernelEqualsDeclaration<double, TRule>(rule, options);

        internal override void WidthsAgree(RuleAssertOptions options)
        {
            RuleAssert.WidthsAgree<double, TRule>(rule, options);
            RuleAssert.WidthsAgree<float, TRule>(rule, options);
        }

        internal override void ShapesAgree()
        {
            ShapeCheck.Run<double, TRule>(rule, Arithmetic == Arithmetic.Strict);
            ShapeCheck.Run<float, TRule>(rule, declaration: false);
        }

        internal override void StateRoundTrip(RuleAssertOptions options) => RuleAssert.StateRoundTrip(rule, options);

        internal override void FileResumes()
        {
            ResumeCheck.Run<double, TRule>(rule);
            ResumeCheck.Run<float, TRule>(rule);
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
        internal override void KernelEqualsDeclaration(RuleAssertOptions options)
            => RuleAssert.KernelEqualsDeclaration<float, TRule>(rule, options);

        internal override void WidthsAgree(RuleAssertOptions options) => RuleAssert.WidthsAgree<float, TRule>(rule, options);

        internal override void ShapesAgree() => ShapeCheck.Run<float, TRule>(rule, Arithmetic == Arithmetic.Strict);

        internal override void StateRoundTrip(RuleAssertOptions options) => RuleAssert.StateRoundTrip<float, TRule>(rule, options);

        internal override void FileResumes() => ResumeCheck.Run<float, TRule>(rule);

        internal override void NoFaultIsMissed(SimdWidth width) => FaultCheck<float, TRule>.Run(rule, width);
    }
}
