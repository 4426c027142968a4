#pragma warning disable OPT1016 // Inputs make a member one per parameter.
#pragma warning disable OPT1009 // States nobody reads are what the tests look at.
#pragma warning disable OPT1018 // Averages are read as a model, to be looked at.
namespace OptDsl.Runtime.Tests.Passes;

/// <summary>A state whose value is an expression that the model names as well.</summary>
[Optimizer]
internal sealed partial record NamesRate(double Rate = 0.5)
{
    [State]
    double Kept() => Rate;

    [Update]
    static double Update(double parameter, double gradient) => parameter - gradient;

    [ReadAt]
    double Model(double update) => update * Rate;
}

/// <summary>The same without the state.</summary>
[Optimizer]
internal sealed partial record HasRate(double Rate = 0.5)
{
    [Update]
    static double Update(double parameter, double gradient) => parameter - gradient;

    [ReadAt]
    double Model(double update) => update * Rate;
}

/// <summary>The same with a model that reads both.</summary>
[Optimizer]
internal sealed partial record ReadsBoth(double Rate = 0.5)
{
    [State]
    double Kept() => Rate;

    [Update]
    static double Update(double parameter, double gradient) => parameter - gradient;

    [Derived]
    double Now() => 2 * Rate;

    [ReadAt]
    double Model(double update, double kept, double now) => update * kept + Rate * now;
}

/// <summary>A state of one value per parameter that is the rate, and an update that is a state's value.</summary>
[Optimizer]
internal sealed partial record StoresRate(double Rate = 0.5)
{
    [State]
    double Kept(double gradient) => Rate;

    [State]
    static double Copy(double update) => update;

    [Update]
    static double Update(double parameter, double gradient) => parameter - gradient;

    [ReadAt]
    double Model(double copy) => copy * (Rate % 3) + Math.Clamp(Rate, 0, 2) + (int)Rate;
}

/// <summary>A corrected average, whose correction is kept because a member reads what it was.</summary>
[Optimizer]
internal sealed partial record KeepsCorrection(double Beta = 0.5)
{
    [RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [Update]
    static double Update(double parameter, double mean, double previousMean) => parameter - mean - previousMean;

    [ReadAt]
    static double Model(double mean) => mean;
}

/// <summary>The same average where nobody reads what it was.</summary>
[Optimizer]
internal sealed partial record HasCorrection(double Beta = 0.5)
{
    [RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [Update]
    static double Update(double parameter, double mean) => parameter - mean;

    [ReadAt]
    static double Model(double mean) => mean;
}

/// <summary>A model that reads the change, which is gone, through a member that is what the step stored.</summary>
[Optimizer]
internal sealed partial record ReadsThroughMember(double Rate = 0.5)
{
    [Derived]
    static double Next(double parameter, double gradient) => parameter - gradient;

    [Update]
    static double Update(double next) => next;

    [ReadAt]
    double Model(double next) => next * Rate;
}
