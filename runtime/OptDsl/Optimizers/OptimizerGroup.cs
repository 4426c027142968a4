using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using OptDsl.Contract;
using OptDsl.Engine;

namespace OptDsl;

/// <summary>A parameter group of one optimizer, and the rule that steps it.</summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
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
    /// The rule that steps the group: its own rule if one was assigned, else the optimizer's. Assign null to use the optimizer's rule
    /// again.
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

    /// <summary>The group's own rule, or null.</summary>
    internal TRule? Own => own;

    /// <summary>The rule of the current step. A rule that is assigned during the step applies from the next step.</summary>
    internal TRule InForce { get; private set; }

    /// <summary>Takes the values of a checkpoint.</summary>
    internal void TakeOver(TRule? rule, int step, double loss)
    {
        own = rule;
        Begin(step, loss);
    }

    /// <summary>
    /// The place in the buffer of the group's first parameter, whichever optimizer steps it. The group's draws are keyed by it.
    /// </summary>
    internal int Place { get; }

    /// <summary>The group's tensors, in order; set once when the optimizer is bound.</summary>
    internal TensorUnit<T, TRule>[] Units { get; set; } = [];

    /// <summary>The group's uniform values and its states with one value per group.</summary>
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
