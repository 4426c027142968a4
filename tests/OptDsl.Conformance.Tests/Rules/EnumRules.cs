namespace OptDsl.Conformance.Tests.Rules;

/// <summary>What an enum that a rule can read says.</summary>
public enum StepForm
{
    /// <summary>The gradient.</summary>
    Plain,

    /// <summary>Its sign.</summary>
    Signed = 3,

    /// <summary>It, bounded.</summary>
    Bounded = 7,
}

/// <summary>Enums as hyperparameters, in comparisons, switches, helpers and casts; and what a number is.</summary>
[Optimizer]
public sealed partial record Formed(double LearningRate = 0.1, StepForm Form = StepForm.Signed, StepForm Other = StepForm.Bounded)
{
    double Factor(StepForm form) => form switch { StepForm.Plain => 1, StepForm.Signed => 0.5, _ => 0.25 };

    [Update]
    double Update(double parameter, double gradient)
    {
        double change = Form == StepForm.Signed ? RuleMath.Sign(gradient) : gradient;
        bool isOrdinary = double.IsFinite(gradient) && !double.IsNaN(parameter) && !double.IsInfinity(parameter);
        return isOrdinary || double.IsNegative(gradient) ? parameter - LearningRate * Factor(Form) * Factor(Other) * change / (int)Other
            : parameter - LearningRate * gradient;
    }
}
