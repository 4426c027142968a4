using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>Calls the caller's function that evaluates the loss, and counts the calls.</summary>
/// <param name="use">The optimizer's use.</param>
/// <param name="progress">The optimizer's progress.</param>
internal sealed class LossEvaluator(OptimizerUse use, StepProgress progress)
{
    /// <summary>
    /// The function of the current step, for host steps. It is null outside a step and in a step without such a function.
    /// </summary>
    internal Func<double>? Function { get; set; }

    /// <summary>Throws if the rule needs the loss, or a function that evaluates it, and the step was not given it.</summary>
    /// <exception cref="InvalidOperationException">The rule needs the loss or the function.</exception>
    internal static void Require(RuleSchema schema, double? loss, Func<double>? evaluate)
    {
        if (schema.ReadsLoss && loss is null)
        {
            throw new InvalidOperationException(
                $"{schema.Name} reads the loss; call Step(loss), or Step with a function that evaluates it.");
        }

        if (evaluate is null && schema.Inputs.FirstOrDefault(input => input.Source == InputSource.GradientAt) is { } point)
        {
            throw new InvalidOperationException(
                $"{schema.Name} takes the gradient '{point.Name}' at another point; "
                + "call Step with a function that evaluates the loss and fills the gradients.");
        }
    }

    /// <summary>Evaluates the loss at the parameters. The function also fills the gradients there.</summary>
    /// <exception cref="ArithmeticException">The loss is NaN.</exception>
    internal double Evaluate(Func<double> function, Doing during)
    {
        double loss;
        use.BeginCallback(during);
        try
        {
            loss = function();
        }
        finally
        {
            use.EndCallback();
        }

        progress.Evaluations++;
        return !double.IsNaN(loss) ? loss
            : throw new ArithmeticException(
                $"Step {progress.Steps + 1}: the loss is NaN. Nothing was written; check the loss near this point.");
    }
}
