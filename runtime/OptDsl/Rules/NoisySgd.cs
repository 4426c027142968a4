namespace OptDsl.Rules;

/// <summary>
/// Gradient descent whose gradient has independent normal noise: SGD as a sampler (Mandt, Hoffman and Blei 2017). The standard deviation of
/// the noise is the caller's input <c>deviation</c>. For a quadratic loss of curvature k the variance is <c>LearningRate</c> deviation^2 /
/// (k (2 - <c>LearningRate</c> k)).
/// </summary>
[Optimizer]
public sealed partial record NoisySgd([Domain("[0, inf)")] double LearningRate = 1e-2)
{
    [Update]
    double Update(double parameter, double gradient, [PerParameter] double deviation, [Gaussian] double noise)
        => parameter - LearningRate * (gradient + deviation * noise);
}
