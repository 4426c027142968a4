namespace OptDsl.Models;

/// <summary>How often a model was evaluated.</summary>
/// <param name="Losses">Evaluations of the loss alone, which are the trials of a search.</param>
/// <param name="Gradients">Evaluations of the loss with its gradient.</param>
/// <param name="HessianProducts">Products of the Hessian with a vector. A whole Hessian of n parameters counts as n.</param>
public readonly record struct EvaluationCounts(long Losses, long Gradients, long HessianProducts)
{
    /// <summary>The difference of two counts.</summary>
    public static EvaluationCounts operator -(EvaluationCounts left, EvaluationCounts right)
        => new(left.Losses - right.Losses, left.Gradients - right.Gradients, left.HessianProducts - right.HessianProducts);

    /// <inheritdoc cref="op_Subtraction"/>
    public static EvaluationCounts Subtract(EvaluationCounts left, EvaluationCounts right) => left - right;
}
