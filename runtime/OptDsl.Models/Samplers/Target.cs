using System.Numerics;
using System.Numerics.Tensors;

namespace OptDsl.Models;

/// <summary>
/// Computes the potential U of one position and its gradient; or, for <see cref="Target.FromLogDensity"/>, the log density and its
/// gradient.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <param name="position">The position.</param>
/// <param name="gradient">Receives the gradient at the position; previous values must be overwritten.</param>
/// <returns>
/// U, which is finite or, outside the support, positive infinity. A log density is negative infinity there. Outside the support, the
/// gradient may hold anything.
/// </returns>
public delegate double PotentialFunction<T>(ReadOnlySpan<T> position, Span<T> gradient);

/// <summary>Creates targets.</summary>
public static class Target
{
    /// <summary>Creates a target from its potential: the density exp(-U).</summary>
    /// <typeparam name="T">The element, float or double.</typeparam>
    /// <param name="dimensions">The number of components of a position; at least 1.</param>
    /// <param name="potential">Computes U and its gradient for one chain.</param>
    /// <param name="isThreadSafe">
    /// Whether several threads may call the function at the same time. This is true for a function that stores nothing between calls.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is below 1.</exception>
    public static ITarget<T> FromPotential<T>(int dimensions, PotentialFunction<T> potential, bool isThreadSafe = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new FunctionTarget<T>(dimensions, potential, isLogDensity: false, isThreadSafe);

    /// <summary>Creates a target from its log density, up to a constant.</summary>
    /// <typeparam name="T">The element, float or double.</typeparam>
    /// <param name="dimensions">The number of components of a position; at least 1.</param>
    /// <param name="logDensity">Computes the log density and its gradient for one chain; negative infinity outside the support.</param>
    /// <param name="isThreadSafe">
    /// Whether several threads may call the function at the same time. This is true for a function that stores nothing between calls.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is below 1.</exception>
    public static ITarget<T> FromLogDensity<T>(int dimensions, PotentialFunction<T> logDensity, bool isThreadSafe = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new FunctionTarget<T>(dimensions, logDensity, isLogDensity: true, isThreadSafe);

    /// <summary>Creates the density exp(-inverseTemperature x loss) of a model's parameters.</summary>
    /// <typeparam name="T">The element, float or double.</typeparam>
    /// <param name="loss">The loss. For a posterior, it is a sum over the examples, scaled so that it is a negative log density.</param>
    /// <param name="parameters">The model's tensors, for their names and shapes. The buffer and its values are not used afterwards.</param>
    /// <param name="inverseTemperature">The inverse temperature; finite and above 0.</param>
    /// <exception cref="ArgumentException">The buffer has no parameters.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="inverseTemperature"/> is out of range.</exception>
    public static ITarget<T> FromLoss<T>(ILossModel<T> loss, ParameterBuffer<T> parameters, double inverseTemperature = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new LossTarget<T>(loss, parameters, inverseTemperature);

    /// <summary>
    /// Creates a posterior that is estimated from batches. U is the number of examples times the batch's mean loss, plus the prior's
    /// potential. Each chain draws a new batch per step, with replacement, from the sampler's seed (Welling and Teh 2011).
    /// </summary>
    /// <typeparam name="T">The element, float or double.</typeparam>
    /// <param name="loss">A loss whose value for an example is the negative log likelihood of that example.</param>
    /// <param name="parameters">The model's tensors, for their names and shapes.</param>
    /// <param name="batchSize">
    /// The number of examples per batch; at least 1. Even a batch of the full size is drawn with replacement.
    /// </param>
    /// <param name="prior">The prior; null for a flat prior.</param>
    /// <exception cref="ArgumentException">
    /// The buffer has no parameters, or the dimensions of the prior differ from their number.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is below 1.</exception>
    public static ITarget<T> FromBatches<T>(IBatchLoss<T> loss, ParameterBuffer<T> parameters, int batchSize, ITarget<T>? prior = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new BatchTarget<T>(loss, parameters, batchSize, prior);

    /// <summary>
    /// Creates a target with the same potential and a noisy gradient. The noise is normal with a given covariance and drawn anew per chain
    /// and step. It models the noise of batches in SGD.
    /// </summary>
    /// <typeparam name="T">The element, float or double.</typeparam>
    /// <param name="target">The target without noise.</param>
    /// <param name="covariance">
    /// The covariance of the noise, d x d for d dimensions; symmetric, finite, without negative eigenvalues.
    /// </param>
    /// <exception cref="ArgumentException">The matrix is not a covariance, or has another size.</exception>
    public static ITarget<T> WithGradientNoise<T>(ITarget<T> target, ReadOnlySpan<double> covariance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new NoisyGradientTarget<T>(target, covariance);

    /// <summary>Evaluates a function chain by chain.</summary>
    private sealed class FunctionTarget<T> : ITarget<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly PotentialFunction<T> function;
        private readonly bool isLogDensity;

        internal FunctionTarget(int dimensions, PotentialFunction<T> function, bool isLogDensity, bool isThreadSafe)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
            ArgumentNullException.ThrowIfNull(function);
            (Dimensions, this.function, this.isLogDensity, IsThreadSafe) = (dimensions, function, isLogDensity, isThreadSafe);
        }

        public int Dimensions { get; }

        public bool IsThreadSafe { get; }

        public void Evaluate(in ChainBatch<T> batch)
        {
            for (int chain = 0; chain < batch.Count; chain++)
            {
                double value = function(batch.GetPosition(chain), batch.GetGradient(chain));
                batch.Potentials[chain] = isLogDensity ? -value : value;
            }

            if (isLogDensity)
            {
                TensorPrimitives.Negate(batch.Gradients, batch.Gradients);
            }
        }
    }
}
