using System.Numerics;
using System.Numerics.Tensors;

namespace OptDsl.Models;

/// <summary>The potential U of one position, and its gradient.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <param name="position">The position.</param>
/// <param name="gradient">U's gradient there; to be filled whatever was there before.</param>
/// <returns>U, finite; positive infinity outside of the support, where the gradient may be anything.</returns>
public delegate double PotentialFunction<T>(ReadOnlySpan<T> position, Span<T> gradient);

/// <summary>Makes targets.</summary>
public static class Target
{
    /// <summary>The density exp(-U).</summary>
    /// <typeparam name="T">The element, float or double.</typeparam>
    /// <param name="dimensions">Components of a position; at least 1.</param>
    /// <param name="potential">U and its gradient, of one chain.</param>
    /// <param name="isThreadSafe">
    /// Whether several threads may call it at a time: true for a function that keeps nothing between calls.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is below 1.</exception>
    public static ITarget<T> FromPotential<T>(int dimensions, PotentialFunction<T> potential, bool isThreadSafe = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new FunctionTarget<T>(dimensions, potential, isLogDensity: false, isThreadSafe);

    /// <summary>A density by its logarithm, up to a constant.</summary>
    /// <typeparam name="T">The element, float or double.</typeparam>
    /// <param name="dimensions">Components of a position; at least 1.</param>
    /// <param name="logDensity">The logarithm and its gradient, of one chain; negative infinity outside of the support.</param>
    /// <param name="isThreadSafe">
    /// Whether several threads may call it at a time: true for a function that keeps nothing between calls.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is below 1.</exception>
    public static ITarget<T> FromLogDensity<T>(int dimensions, PotentialFunction<T> logDensity, bool isThreadSafe = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new FunctionTarget<T>(dimensions, logDensity, isLogDensity: true, isThreadSafe);

    /// <summary>The density exp(-inverseTemperature x loss) of a model's parameters.</summary>
    /// <typeparam name="T">The element, float or double.</typeparam>
    /// <param name="loss">The loss. A sum over examples, times what makes it a negative logarithm, for a posterior.</param>
    /// <param name="parameters">The model's tensors, for their names and shapes; neither its numbers nor it itself are used later.</param>
    /// <param name="inverseTemperature">Finite and above 0.</param>
    /// <exception cref="ArgumentException">The buffer has no parameters.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="inverseTemperature"/> is out of its range.</exception>
    public static ITarget<T> FromLoss<T>(ILossModel<T> loss, ParameterBuffer<T> parameters, double inverseTemperature = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new LossTarget<T>(loss, parameters, inverseTemperature);

    /// <summary>
    /// A posterior by batches: U is the number of examples times the mean over a batch of what an example adds, plus the prior's potential.
    /// Every chain and step has a batch of its own, drawn with replacement from the sampler's seed (Welling and Teh 2011).
    /// </summary>
    /// <typeparam name="T">The element, float or double.</typeparam>
    /// <param name="loss">Its loss of an example is the negative logarithm of the example's likelihood.</param>
    /// <param name="parameters">The model's tensors, for their names and shapes.</param>
    /// <param name="batchSize">Examples of a batch; at least 1. One as large as the examples is still drawn with replacement.</param>
    /// <param name="prior">The prior's potential, or none for a flat prior.</param>
    /// <exception cref="ArgumentException">The buffer has no parameters, or the prior another number of them.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is below 1.</exception>
    public static ITarget<T> FromBatches<T>(IBatchLoss<T> loss, ParameterBuffer<T> parameters, int batchSize, ITarget<T>? prior = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new BatchTarget<T>(loss, parameters, batchSize, prior);

    /// <summary>
    /// The same potential with normal noise of a stated covariance in the gradient, drawn anew for every chain and step: what a batch does
    /// to SGD.
    /// </summary>
    /// <typeparam name="T">The element, float or double.</typeparam>
    /// <param name="target">The target without noise.</param>
    /// <param name="covariance">Of the noise, d x d for d dimensions; symmetric, finite, with no negative eigenvalue.</param>
    /// <exception cref="ArgumentException">The covariance is none, or of another size.</exception>
    public static ITarget<T> WithGradientNoise<T>(ITarget<T> target, ReadOnlySpan<double> covariance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new NoisyGradientTarget<T>(target, covariance);

    /// <summary>Chain after chain by a function.</summary>
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
