using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>Calls the caller's function that evaluates the loss, and counts the calls.</summary>
/// <param name="use">The optimizer's.</param>
/// <param name="progress">The optimizer's.</param>
internal sealed class LossEvaluator(OptimizerUse use, StepProgress progress)
{
    /// <summary>The function of the step under way, which host steps call; null outside of a step, and in one without.</summary>
    internal Func<double>? Function { get; set; }

    /// <summary>Refuses a step that a rule cannot make without the loss, or without a function that evaluates it.</summary>
    /// <exception cref="InvalidOperationException">It cannot.</exception>
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

    /// <summary>The loss where the parameters are; the function has filled the gradients there.</summary>
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
