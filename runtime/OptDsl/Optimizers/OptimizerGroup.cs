using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using OptDsl.Contract;
using OptDsl.Engine;

namespace OptDsl;

/// <summary>The parameters of one group under one optimizer, and the rule value that steps them.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
public sealed class OptimizerGroup<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private readonly StepEngine<T, TRule> engine;
    private TRule? own;

    internal OptimizerGroup(StepEngine<T, TRule> engine, string name, int place)
    {
        this.engine = engine;
        Name = name;
        InForce = engine.Rule;
        Place = place;
        Frame = new UniformFrame<T>(TRule.Schema, engine.Seed, place);
    }

    /// <summary>The group's name.</summary>
    public string Name { get; }

    /// <summary>
    /// The rule value that steps the group: its own where one was assigned, else the optimizer's. Assign null to return to that.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter is out of its range.</exception>
    [AllowNull]
    public TRule Rule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => own ?? engine.Rule;
        set
        {
            value?.Validate();
            own = value;
        }
    }

    /// <summary>Its own rule value, or null.</summary>
    internal TRule? Own => own;

    /// <summary>The rule value of the step under way: one that is assigned meanwhile holds from the next step.</summary>
    internal TRule InForce { get; private set; }

    /// <summary>Takes over what a checkpoint says.</summary>
    internal void TakeOver(TRule? rule, int step, double loss)
    {
        own = rule;
        Begin(step, loss);
    }

    /// <summary>
    /// Where the group's first parameter lies in the buffer, be it this optimizer's or another's: what its draws are keyed by.
    /// </summary>
    internal int Place { get; }

    /// <summary>Its tensors, in order; set once when the optimizer is bound.</summary>
    internal TensorUnit<T, TRule>[] Units { get; set; } = [];

    /// <summary>The uniforms of the group, and its states of one value.</summary>
    internal UniformFrame<T> Frame { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Begin(int step, double loss)
    {
        InForce = Rule;
        Frame.Step = step;
        Frame.Loss = loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Prepare(int step)
    {
        Frame.Step = step;
        Rule.Prepare(0, Frame);
    }
}
