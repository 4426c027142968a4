using System.Numerics;

namespace OptDsl.Models;

/// <summary>Gradient descent with a fixed preconditioner, p &lt;- p - rate P g, at a rate that is fixed or searched.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>It steps all tensors of the buffer, in double up to P g. Not thread-safe.</remarks>
public sealed class PreconditionedDescent<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] preconditioner;
    private readonly DirectedSteps<T> steps;
    private readonly StepSearch? search;
    private readonly int count;
    private double rate = 1;

    /// <summary>Prepares to step a buffer, whose layout is fixed from now on.</summary>
    /// <param name="parameters">The buffer, of n parameters.</param>
    /// <param name="preconditioner">
    /// P, finite: n numbers for a diagonal, or n x n, row after row, for a matrix. Where it is not positive definite, steps may end in
    /// <see cref="StepOutcome.NoDescent"/>.
    /// </param>
    /// <param name="search">How the rate is found; null for the fixed <see cref="Rate"/>.</param>
    /// <exception cref="ArgumentException">The preconditioner has neither n nor n x n numbers, or one is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of <paramref name="search"/> is out of its range.</exception>
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

    /// <summary>The rate where none is searched; positive and finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public double Rate
    {
        get => rate;
        set => rate = value > 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The rate must be positive and finite.");
    }

    /// <summary>
    /// The last rate that the search accepted, NaN before any: all there is to save beside the parameters; assign it to continue.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive, or infinite.</exception>
    public double SearchRate
    {
        get => steps.LastRate;
        set => steps.LastRate = value;
    }

    /// <summary>Evaluations of all steps, those that threw too.</summary>
    public EvaluationCounts Total => steps.Walk.Total;

    /// <summary>Evaluates the loss and its gradient, and steps.</summary>
    /// <param name="loss">The loss; over one batch throughout the step.</param>
    /// <param name="cancellation">
    /// Observed before the step and before each trial of a search; when cancelled, the parameters are put back.
    /// </param>
    /// <returns>How it ended.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the parameters are as before.</exception>
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
