namespace OptDsl.Models;

/// <summary>How often a model was evaluated.</summary>
/// <param name="Losses">The loss alone: the trials of a search.</param>
/// <param name="Gradients">The loss with its gradient.</param>
/// <param name="HessianProducts">Products of the Hessian with a vector; a whole Hessian of n parameters counts n.</param>
public readonly record struct EvaluationCounts(long Losses, long Gradients, long HessianProducts)
{
    /// <summary>What lies between two counts.</summary>
    public static EvaluationCounts operator -(EvaluationCounts left, EvaluationCounts right)
        => new(left.Losses - right.Losses, left.Gradients - right.Gradients, left.HessianProducts - right.HessianProducts);

    /// <inheritdoc cref="op_Subtraction"/>
    public static EvaluationCounts Subtract(EvaluationCounts left, EvaluationCounts right) => left - right;
}
