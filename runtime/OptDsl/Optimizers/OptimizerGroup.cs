using System.Numerics;
using OptDsl.Kernels;

namespace OptDsl;

/// <summary>The parameters of one group under one optimizer, and the rule value that steps them.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
public sealed class OptimizerGroup<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private readonly Optimizer<T, TRule> optimizer;
    private readonly AlignedMemory<T> uniforms;
    private readonly T[] initials;
    private double[] carried, nextCarried;
    private TRule? own;

    internal OptimizerGroup(Optimizer<T, TRule> optimizer, string name)
    {
        this.optimizer = optimizer;
        Name = name;
        uniforms = AlignedMemory<T>.Allocate(TRule.Schema.UniformCount * UniformFrame.Lanes<T>());
        initials = new T[TRule.Schema.BufferCount];
        carried = new double[TRule.Schema.CarriedCount];
        nextCarried = new double[TRule.Schema.CarriedCount];
    }

    /// <summary>The group's name.</summary>
    public string Name { get; }

    /// <summary>The rule value that steps the group: its own where one was assigned, else the optimizer's. Assign null to return to that.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter is out of its range.</exception>
    public TRule Rule
    {
        get => own ?? optimizer.Rule;
        set
        {
            value?.Validate();
            own = value;
        }
    }

    /// <summary>The states of one value a group, in the schema's order.</summary>
    internal ReadOnlySpan<double> Carried => carried;

    internal ReadOnlySpan<T> Initials => initials;

    internal ref readonly T Uniforms => ref uniforms.Reference;

    internal UniformFrame<T> Frame(int step) => new(step, uniforms.Span, initials, carried, nextCarried);

    internal void Commit() => (carried, nextCarried) = (nextCarried, carried);
}
