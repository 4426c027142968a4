using OptDsl.Contract;
using OptDsl.Engine;

namespace OptDsl;

/// <content>Steps of rules whose step is more than one pass, the declaration's steps, and what is read beside a step.</content>
public sealed unsafe partial class Optimizer<T, TRule>
{
    // What the step under way evaluates, and what parameters and gradients were while it does so elsewhere: kept, so that a step
    // allocates nothing.
    private Func<double>? evaluation;
    private T[] heldValues = [], heldGradients = [];

    /// <summary>Evaluations of the loss made by steps that were given it.</summary>
    public int EvaluationCount { get; private set; }

    /// <summary>Makes one step of a rule that reads the loss, from the gradients in the buffer.</summary>
    /// <param name="loss">The loss; not NaN.</param>
    /// <param name="cancellation">Observed before anything is written; a started step completes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The loss is NaN.</exception>
    /// <inheritdoc cref="Step(CancellationToken)"/>
    public bool Step(double loss, CancellationToken cancellation = default)
    {
        RequireNumber(loss);
        return Advance(byDeclaration: false, loss, evaluate: null, cancellation);
    }

    /// <summary>Evaluates the loss and its gradient at the parameters, and makes one step; a rule that takes gradients at other points evaluates there, too.</summary>
    /// <param name="evaluate">
    /// Fills the gradients of the buffer at its parameters and returns the loss. What it throws passes through: states and step count are
    /// as before, and so are the parameters where the step had moved them to another point. What the function itself writes to the
    /// parameters in its first call stays, also where it throws; what it writes at another point does not.
    /// </param>
    /// <param name="cancellation">Observed before anything is written; a started step completes.</param>
    /// <exception cref="ArithmeticException">The loss is NaN; nothing was written.</exception>
    /// <remarks>
    /// While the function runs, this optimizer refuses to step, save, load or be read, others of the same tensors do, too, and the buffer
    /// refuses to be disposed: each throws an <see cref="InvalidOperationException"/>. Optimizers of other tensors
    /// (<see cref="ParameterBuffer{T}.Optimize{TRule}(TRule, IEnumerable{ParameterTensor{T}}, OptimizerOptions?)"/>) may step. A rule value
    /// assigned in the first call holds for this step, one assigned in a later call from the next step.
    /// </remarks>
    /// <inheritdoc cref="Step(CancellationToken)"/>
    public bool Step(Func<double> evaluate, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(evaluate);
        return Advance(byDeclaration: false, loss: null, evaluate, cancellation);
    }

    /// <summary>Makes one step by the declaration itself, with a loss. See <see cref="StepReference(CancellationToken)"/>.</summary>
    /// <inheritdoc cref="Step(double, CancellationToken)"/>
    public bool StepReference(double loss, CancellationToken cancellation = default)
    {
        RequireNumber(loss);
        return Advance(byDeclaration: true, loss, evaluate: null, cancellation);
    }

    /// <summary>Makes one step by the declaration itself, evaluating the loss. See <see cref="StepReference(CancellationToken)"/>.</summary>
    /// <inheritdoc cref="Step(Func{double}, CancellationToken)"/>
    public bool StepReference(Func<double> evaluate, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(evaluate);
        return Advance(byDeclaration: true, loss: null, evaluate, cancellation);
    }

    private bool IsObserving => Observing && !TRule.Schema.Observed.IsEmpty;

    private static void RequireNumber(double loss)
    {
        if (double.IsNaN(loss))
        {
            throw new ArgumentOutOfRangeException(nameof(loss), loss, "The loss must be a number.");
        }
    }

    private double Evaluate(Func<double> evaluate, Use during)
    {
        double loss;
        use = during;
        gate.BeginCallback();
        try
        {
            loss = evaluate();
        }
        finally
        {
            gate.EndCallback();
            use = Use.Working;
        }

        EvaluationCount++;
        return double.IsNaN(loss) ? throw new ArithmeticException($"Step {StepCount + 1}: the loss is NaN. Nothing was written; check the loss near this point.") : loss;
    }

    private static void RequireLoss(double? loss, Func<double>? evaluate)
    {
        RuleSchema schema = TRule.Schema;
        if (schema.ReadsLoss && loss is null)
        {
            throw new InvalidOperationException($"{schema.Name} reads the loss; call Step(loss), or Step with a function that evaluates it.");
        }

        if (evaluate is null && !schema.Inputs.IsEmpty && schema.Inputs.FirstOrDefault(input => input.Source == InputSource.GradientAt) is { } point)
        {
            throw new InvalidOperationException($"{schema.Name} takes the gradient '{point.Name}' at another point; call Step with a function that evaluates the loss and fills the gradients.");
        }
    }

    private bool AdvanceInPasses(int step, Func<double>? evaluate)
    {
        Begin(step);
        SequenceKind kind = IsObserving ? SequenceKind.Observed : SequenceKind.Step;
        evaluation = evaluate;
        bool fault = runner!.Run(kind, step == 1 && !hasInitial ? fillState : null, evaluateAt, reportFault, null, Wake);
        evaluation = null;
        runner.Commit();
        if (kind == SequenceKind.Observed)
        {
            KeepObserved();
        }

        return fault;
    }

    /// <summary>Before the first step, the states take the content they begin with.</summary>
    private void Begin(int step)
    {
        if (step == 1 && hasInitial)
        {
            runner!.Run(SequenceKind.Initial, fillState, null, reportFault, null, Wake);
        }
    }

    /// <summary>Takes the gradient at the point in a scratch buffer, which then holds it; parameters and gradients are as before.</summary>
    private void EvaluateAt(int scratch)
    {
        Span<T> point = State.Buffer(TRule.Schema.BufferCount + scratch);
        if (heldValues.Length != point.Length)
        {
            (heldValues, heldGradients) = (new T[point.Length], new T[point.Length]);
        }

        foreach (TensorUnit<T, TRule> unit in units)
        {
            unit.Tensor.ReadOnlyValues.CopyTo(heldValues.AsSpan(unit.Place));
            unit.Tensor.Gradients.CopyTo(heldGradients.AsSpan(unit.Place));
        }

        try
        {
            foreach (TensorUnit<T, TRule> unit in units)
            {
                point.Slice(unit.Place, unit.Length).CopyTo(unit.Tensor.Values);
            }

            Evaluate(evaluation!, Use.EvaluatingAtPoint);
            RequireFinite();
            foreach (TensorUnit<T, TRule> unit in units)
            {
                unit.Tensor.Gradients.CopyTo(point[unit.Place..]);
            }
        }
        finally
        {
            foreach (TensorUnit<T, TRule> unit in units)
            {
                heldValues.AsSpan(unit.Place, unit.Length).CopyTo(unit.Tensor.Values);
                heldGradients.AsSpan(unit.Place, unit.Length).CopyTo(unit.Tensor.Gradients);
            }
        }
    }

    /// <summary>The pass that reads the gradients at a point also writes: they are looked at before.</summary>
    private void RequireFinite()
    {
        if (options.OnNonFinite == OnNonFinite.Refuse && Refuse())
        {
            throw new StepRefusedException();
        }

        if (options.OnNonFinite == OnNonFinite.Throw && !AllFinite())
        {
            NonFiniteSearch.ThrowIfMet(tensors, StepCount + 1);
        }
    }

    private bool AdvanceByDeclaration(int step, double loss, Func<double>? evaluate)
    {
        // What a rule begins with is a uniform of the first step, where it is no member's value.
        if (step == 1)
        {
            foreach (OptimizerGroup<T, TRule> group in groupsInOrder)
            {
                if (hasInitial)
                {
                    group.InForce.Prepare(TRule.Schema.Sequence(SequenceKind.Initial)!.Passes[0].GroupPhase, group.Frame);
                }
                else
                {
                    group.Prepare(step);
                }
            }

            FillState();
        }

        reference ??= new ReferenceRunner<T, TRule>(State, units, seed);

        // The author's methods are the caller's code, too.
        evaluation = evaluate;
        gate.BeginCallback();
        try
        {
            overflow = reference.Step(step, loss, gradientsAt, watches: options.OnNonFinite != OnNonFinite.Ignore);
        }
        finally
        {
            gate.EndCallback();
        }

        evaluation = null;
        foreach (TensorUnit<T, TRule> unit in units)
        {
            unit.Frame.Commit();
        }

        return options.OnNonFinite != OnNonFinite.Ignore;
    }

    private double[][] GradientsAt(double[][] points)
    {
        Span<T> scratch = State.Buffer(TRule.Schema.BufferCount);
        for (int i = 0; i < units.Length; i++)
        {
            for (int k = 0; k < units[i].Length; k++)
            {
                scratch[units[i].Place + k] = T.CreateTruncating(points[i][k]);
            }
        }

        EvaluateAt(0);
        var gradients = new double[units.Length][];
        for (int i = 0; i < units.Length; i++)
        {
            gradients[i] = new double[units[i].Length];
            for (int k = 0; k < units[i].Length; k++)
            {
                gradients[i][k] = double.CreateTruncating(State.Buffer(TRule.Schema.BufferCount)[units[i].Place + k]);
            }
        }

        return gradients;
    }

    /// <summary>Ends a step whose gradients at a point are refused, from within the evaluation.</summary>
    private sealed class StepRefusedException : Exception;
}
