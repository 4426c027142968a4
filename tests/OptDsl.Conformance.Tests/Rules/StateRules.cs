namespace OptDsl.Conformance.Tests.Rules;

/// <summary>A windowed average of a product with the parameter.</summary>
[Optimizer]
public sealed partial record WindowedPull(double LearningRate = 0.05, double Span = 3)
{
    [RunningAverage(Window = nameof(Span))]
    static double Pull(double gradient, double parameter) => gradient * parameter;

    [Update]
    double Update(double parameter, double pull) => parameter - LearningRate * pull;
}

/// <summary>A windowed average that starts elsewhere than zero, which its first sample replaces.</summary>
[Optimizer]
public sealed partial record WindowedRoot(double LearningRate = 0.05, int Span = 2)
{
    [RunningAverage(Window = nameof(Span), Initial = 7)]
    static double Square(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double gradient, double square, double previousSquare)
        => parameter - LearningRate * gradient / Math.Sqrt(square + 0.5) - 0.001 * previousSquare;
}

/// <summary>A corrected average of the parameter itself.</summary>
[Optimizer]
public sealed partial record CorrectedPosition(double LearningRate = 0.05, double Decay = 0.6)
{
    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.Published)]
    static double Position(double parameter) => parameter;

    [Update]
    double Update(double parameter, double gradient, double position, double previousPosition)
        => parameter - LearningRate * gradient - 0.1 * (position - previousPosition);
}

/// <summary>Optimistic gradient descent: twice the gradient less the last one.</summary>
[Optimizer]
public sealed partial record Optimistic(double LearningRate = 0.05)
{
    [Update]
    double Update(double parameter, double gradient, double previousGradient)
    => parameter - LearningRate * (2 * gradient - previousGradient);
}

/// <summary>Heavy ball without a velocity: the last step is read off the parameter's past.</summary>
[Optimizer]
public sealed partial record PositionMomentum(double LearningRate = 0.05, double Decay = 0.9)
{
    [Update]
    double Update(double parameter, double gradient, double previousParameter, int step)
        => parameter - LearningRate * gradient + (step == 1 ? 0 : Decay * (parameter - previousParameter));
}

/// <summary>The last step's value of a derived member.</summary>
[Optimizer]
public sealed partial record DerivedPast(double LearningRate = 0.05)
{
    [Derived]
    static double Size(double gradient, double parameter) => Math.Abs(gradient) + parameter * parameter;

    [Update]
    double Update(double parameter, double gradient, double size, double previousSize)
    => parameter - LearningRate * gradient * (size - previousSize);
}

/// <summary>A uniform product, as NAdam carries one.</summary>
[Optimizer]
public sealed partial record UniformProduct(double LearningRate = 0.05, [Domain("[0, 1)")] double Beta = 0.9)
{
    [State(Initial = 1.0)]
    double Product(int step, double previousProduct) => previousProduct * (Beta * (1 - 0.5 / step));

    [Update]
    double Update(double parameter, double gradient, double product) => parameter - LearningRate / (1 - product) * gradient;
}

/// <summary>A uniform sum of rates, as schedule-free rules carry one.</summary>
[Optimizer]
public sealed partial record UniformTotal(double LearningRate = 0.05)
{
    [Derived]
    double Share(int step) => LearningRate / (1 + step % 3);

    [State]
    static double Total(double share, double previousTotal) => previousTotal + share;

    [Update]
    static double Update(double parameter, double gradient, double share, double total) => parameter - share * (share / total) * gradient;
}

/// <summary>A uniform corrected average and its past.</summary>
[Optimizer]
public sealed partial record UniformAverage(double LearningRate = 0.05, double Decay = 0.8)
{
    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.Published)]
    double Rate(int step) => LearningRate / step;

    [Update]
    static double Update(double parameter, double gradient, double rate, double previousRate)
    => parameter - (rate + 0.5 * previousRate) * gradient;
}

/// <summary>Every form of a product that is added or subtracted.</summary>
[Optimizer(Arithmetic = Arithmetic.Fused)]
public sealed partial record Contracted(double A = 0.1, double B = 0.7)
{
    [State]
    double Both(double gradient, double parameter, double previousBoth) => gradient * A + parameter * B - previousBoth * gradient;

    [Update]
    double Update(double parameter, double gradient, double both) => (both - A * gradient) + (parameter * B - 0.3) * (gradient + A * B);
}

/// <summary>Averages whose decay, window and start are constants.</summary>
[Optimizer]
public sealed partial record ConstantSettings(double LearningRate = 0.05)
{
    const double Decay = 0.8;
    const int Span = 3;
    const double Start = 0.5;

#pragma warning disable OPT3015 // A correction of what begins elsewhere is computed as it is declared, which is what is tested.
    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.Published, Initial = nameof(Start))]
#pragma warning restore OPT3015
    static double Mean(double gradient) => gradient;

    [RunningAverage(Window = nameof(Span))]
    static double Trend(double mean) => mean;

    [Update]
    double Update(double parameter, double mean, double trend) => parameter - LearningRate * (mean + trend);
}

/// <summary>A double rule with a float decay, of which one less it differs in float and in double.</summary>
[Optimizer]
public sealed partial record FloatDecay(double LearningRate = 0.05, float Decay = 0.3f)
{
    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [Update]
    double Update(double parameter, double mean) => parameter - LearningRate * mean;
}

/// <summary>A float rule with a double decay.</summary>
[Optimizer]
public sealed partial record DoubleDecay(float LearningRate = 0.05f, double Decay = 0.3)
{
    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.Published)]
    static float Mean(float gradient) => gradient;

    [Update]
    float Update(float parameter, float mean) => parameter - LearningRate * mean;
}

/// <summary>The last step's value of a uniform condition that is itself a choice.</summary>
[Optimizer]
public sealed partial record PastCondition(double LearningRate = 0.05, bool Alternate = true)
{
    [Derived]
    bool Odd(int step) => Alternate ? step % 2 == 1 : step > 3;

    [Update]
    double Update(double parameter, double gradient, bool odd, bool previousOdd)
    => odd && !previousOdd ? parameter - LearningRate * gradient : parameter + LearningRate;
}
