// OPT1018, OPT3008: the update of these rules is an average of gradients, which the experiments then read from the parameters.
#pragma warning disable OPT1018, OPT3008
namespace OptDsl.Experiments;

/// <summary>The plain running average of the gradients, mu &lt;- (1 - 1/N) mu + g/N, as the parameter (S3).</summary>
[Optimizer]
internal sealed partial record PlainAverage(double N = 10)
{
    double Decay => 1 - 1 / N;

    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None)]
    static double Mean(double gradient) => gradient;

    [Update]
    static double Update(double mean) => mean;
}

/// <summary>The average over a window that grows with the step and ends at N; N past every step is the plain mean (S4, S5).</summary>
[Optimizer]
internal sealed partial record WindowAverage(int N = 10)
{
    [RunningAverage(Window = nameof(N))]
    static double Mean(double gradient) => gradient;

    [Update]
    static double Update(double mean) => mean;
}

/// <summary>The plain average divided by 1 - (1 - 1/N)^t (S6).</summary>
[Optimizer]
internal sealed partial record CorrectedAverage(double N = 10)
{
    double Decay => 1 - 1 / N;

    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [Update]
    static double Update(double mean) => mean;
}
