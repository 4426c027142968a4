using System.Numerics;

namespace OptDsl.Models;

/// <summary>Gradient descent with a fixed preconditioner, p &lt;- p - rate P g, at a fixed or searched rate.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>It steps all tensors of the buffer. P g is computed in double. Not thread-safe.</remarks>
public sealed class PreconditionedDescent<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] preconditioner;
    private readonly DirectedSteps<T> steps;
    private readonly StepSearch? search;
    private readonly int count;
    private double rate = 1;

    /// <summary>Binds to a buffer, and fixes its layout.</summary>
    /// <param name="parameters">The buffer, of n parameters.</param>
    /// <param name="preconditioner">
    /// P; finite. It has n numbers for a diagonal matrix, or n x n numbers, row by row, for a full one. If it is not positive definite,
    /// steps may end in <see cref="StepOutcome.NoDescent"/>.
    /// </param>
    /// <param name="search">The search for the rate; null for the fixed <see cref="Rate"/>.</param>
    /// <exception cref="ArgumentException">The preconditioner has neither n nor n x n numbers, or a number is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting of <paramref name="search"/> is out of range.</exception>
    public PreconditionedDescent(ParameterBuffer<T> parameters, ReadOnlySpan<double> preconditioner, StepSearch? search = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        search?.Validate();
        count = parameters.Count;
        if (preconditioner.Length != count && preconditioner.Length != (long)count * count)
        {
            throw new ArgumentException(
                $"The preconditioner has {preconditioner.Length} numbers; for {count} parameters it needs {count}, or {(long)count * count} for a matrix.", nameof(preconditioner));
        }

        for (int i = 0; i < preconditioner.Length; i++)
        {
            if (!double.IsFinite(preconditioner[i]))
            {
                throw new ArgumentException($"Number {i} of the preconditioner is {preconditioner[i]}; all must be finite.",
                    nameof(preconditioner));
            }
        }

        this.preconditioner = preconditioner.ToArray();
        this.search = search;
        steps = new DirectedSteps<T>(parameters);
    }

    /// <summary>The rate if none is searched; positive and finite, 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive and finite.</exception>
    public double Rate
    {
        get => rate;
        set => rate = value > 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The rate must be positive and finite.");
    }

    /// <summary>
    /// The last rate that the search accepted; NaN before any. Besides the parameters, it is the whole state. Assign it to resume.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is infinite or not positive.</exception>
    public double SearchRate
    {
        get => steps.LastRate;
        set => steps.LastRate = value;
    }

    /// <summary>The number of evaluations in all steps, including steps that threw.</summary>
    public EvaluationCounts Total => steps.Walk.Total;

    /// <summary>Evaluates the loss and its gradient, and steps.</summary>
    /// <param name="loss">The loss; it must use the same batch throughout the step.</param>
    /// <param name="cancellation">
    /// Checked before the step and before each trial of a search. On cancellation, the parameters are restored.
    /// </param>
    /// <returns>How the step ended.</returns>
    /// <exception cref="OperationCanceledException">The step was cancelled; the parameters are unchanged.</exception>
    public StepReport Step(ILossModel<T> loss, CancellationToken cancellation = default)
        => steps.Step(loss, Precondition, search, rate, cancellation);

    private void Precondition(double[] gradient)
    {
        if (preconditioner.Length == count)
        {
            for (int i = 0; i < count; i++)
            {
                gradient[i] *= preconditioner[i];
            }

            return;
        }

        double[] original = (double[])gradient.Clone();
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            for (int k = 0; k < count; k++)
            {
                sum += preconditioner[(i * count) + k] * original[k];
            }

            gradient[i] = sum;
        }
    }
}
