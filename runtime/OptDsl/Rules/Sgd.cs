namespace OptDsl.Rules;

/// <summary>Stochastic gradient descent: p &lt;- p - rate g (Robbins and Monro 1951).</summary>
[Optimizer]
public sealed partial record Sgd([Domain("[0, inf)")] double LearningRate = 1e-2)
{
    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * gradient;
}
