using System.Numerics;

namespace OptDsl.Engine;

/// <summary>Computes gradients at points that a step has written to scratch buffers.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
/// <param name="state">The optimizer's states.</param>
/// <param name="units">The optimizer's tensors.</param>
/// <param name="evaluator">Evaluates the loss.</param>
/// <param name="guard">Checks the gradients.</param>
/// <param name="progress">The optimizer's progress.</param>
internal sealed class PointEvaluator<T, TRule>(
    OptimizerState<T> state, TensorUnit<T, TRule>[] units, LossEvaluator evaluator, GradientGuard<T> guard, StepProgress progress)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    // Holds parameters and gradients while the loss is evaluated at another point. They are kept, so only the first such step allocates.
    private T[] heldValues = [], heldGradients = [];

    /// <summary>A scratch buffer, laid out like the states.</summary>
    internal Span<T> Scratch(int index) => state.Buffer(state.BufferCount + index);

    /// <summary>Replaces the point in a scratch buffer with the gradient at that point. Parameters and gradients are restored.</summary>
    internal HostResult TakeGradient(int scratch)
    {
        Span<T> point = Scratch(scratch);
        Hold(point.Length);
        try
        {
            foreach (TensorUnit<T, TRule> unit in units)
            {
                point.Slice(unit.Place, unit.Length).CopyTo(unit.Tensor.Values);
            }

            evaluator.Evaluate(evaluator.Function!, Doing.EvaluatingAtPoint);
            HostResult result = guard.LookAtPoint(progress.Steps + 1);
            if (result.Outcome == HostOutcome.Continue)
            {
                foreach (TensorUnit<T, TRule> unit in units)
                {
                    unit.Tensor.Gradients.CopyTo(point[unit.Place..]);
                }
            }

            return result;
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

    private void Hold(int length)
    {
        if (heldValues.Length != length)
        {
            (heldValues, heldGradients) = (new T[length], new T[length]);
        }

        foreach (TensorUnit<T, TRule> unit in units)
        {
            unit.Tensor.ReadOnlyValues.CopyTo(heldValues.AsSpan(unit.Place));
            unit.Tensor.Gradients.CopyTo(heldGradients.AsSpan(unit.Place));
        }
    }
}

/// <summary>
/// The gradient at another point. It is taken between the pass that computes the point and the pass that reads the gradient.
/// </summary>
/// <param name="points">Takes the gradient.</param>
/// <param name="scratch">The scratch buffer that holds the point and then the gradient.</param>
internal sealed class GradientAtPoint<T, TRule>(PointEvaluator<T, TRule> points, int scratch) : HostStep
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    /// <inheritdoc/>
    internal override HostResult Run() => points.TakeGradient(scratch);
}
