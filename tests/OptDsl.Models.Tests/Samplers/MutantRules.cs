// OPT3008 finds five of these rules: three mistakes in the noise, and two rules that have no temperature. The other mistakes have no unit.
#pragma warning disable OPT3008

namespace OptDsl.Models.Tests;

/// <summary>The preconditioner a constant, right: its stationary variance has a closed form.</summary>
[Optimizer]
internal sealed partial record ConstantlyPreconditioned(double StepSize = 0.2, double Preconditioner = 3)
{
    [Update]
    double Update(double parameter, double gradient, [Gaussian] double noise)
        => parameter - StepSize * Preconditioner * gradient + Math.Sqrt(2 * StepSize * Preconditioner) * noise;
}

/// <summary>Noise of deviation h, not the root of 2 h.</summary>
[Optimizer]
internal sealed partial record NoiseOfStepSize(double StepSize = 0.2)
{
    [Update]
    double Update(double parameter, double gradient, [Gaussian] double noise) => parameter - StepSize * gradient + StepSize * noise;
}

/// <summary>Noise of deviation root h: the two forgotten.</summary>
[Optimizer]
internal sealed partial record NoiseWithoutTwo(double StepSize = 0.2)
{
    [Update]
    double Update(double parameter, double gradient, [Gaussian] double noise)
    => parameter - StepSize * gradient + Math.Sqrt(StepSize) * noise;
}

/// <summary>The preconditioner missing from the noise.</summary>
[Optimizer]
internal sealed partial record NoiseNotPreconditioned(double StepSize = 0.2, double Preconditioner = 3)
{
    [Update]
    double Update(double parameter, double gradient, [Gaussian] double noise)
        => parameter - StepSize * Preconditioner * gradient + Math.Sqrt(2 * StepSize) * noise;
}

/// <summary>The noise divided by the preconditioner.</summary>
[Optimizer]
internal sealed partial record NoiseDivided(double StepSize = 0.2, double Preconditioner = 3)
{
    [Update]
    double Update(double parameter, double gradient, [Gaussian] double noise)
        => parameter - StepSize * Preconditioner * gradient + Math.Sqrt(2 * StepSize / Preconditioner) * noise;
}

/// <summary>The noise divided by the number of examples.</summary>
[Optimizer]
internal sealed partial record NoiseByExamples(double StepSize = 0.2, double Examples = 20)
{
    [Update]
    double Update(double parameter, double gradient, [Gaussian] double noise)
        => parameter - StepSize * gradient + Math.Sqrt(2 * StepSize) / Examples * noise;
}

/// <summary>The noise added to the gradient, and with it multiplied by the step.</summary>
[Optimizer]
internal sealed partial record NoiseInGradient(double StepSize = 0.2)
{
    [Update]
    double Update(double parameter, double gradient, [Gaussian] double noise)
        => parameter - StepSize * (gradient + Math.Sqrt(2 * StepSize) * noise);
}

/// <summary>A step by the size of the tensor: of a sampler's chains, by how many there are.</summary>
[Optimizer]
internal sealed partial record CountedStep(double StepSize = 0.2)
{
    [Derived]
    double Share(int count) => StepSize / count;

    [Update]
    static double Update(double parameter, double gradient, double share) => parameter - share * gradient;
}

/// <summary>One draw a column: the same of every chain.</summary>
[Optimizer]
internal sealed partial record SharedNoise(double StepSize = 0.2)
{
    [Update]
    double Update(double parameter, double gradient, [Gaussian(Scope = Scope.Column)] double noise)
    => parameter - StepSize * gradient + noise;
}
