// These rules exercise the language, warnings included: a state nobody reads, an integer division, a division by zero, a switch that may
// not match.
#pragma warning disable CS8509, OPT1009, OPT3002, OPT3005
namespace OptDsl.Conformance.Tests.Rules;

/// <summary>Rules that between them use every construct of the language; none is meant to optimize anything.</summary>
[Optimizer]
public sealed partial record Selecting(double LearningRate = 0.1, double Threshold = 0.5)
{
    [State(Initial = nameof(Threshold))]
    double Level(double gradient, double previousLevel)
    {
        double size = Math.Abs(gradient);
        if (size > Threshold && !(gradient < 0) || size == 0)
        {
            return previousLevel * 0.5;
        }

        double next = previousLevel;
        if (gradient >= previousLevel)
        {
            next += size;
            size *= 2;
        }
        else
        {
            next -= gradient != 0 ? 0.25 : 0.125;
        }

        // An int chosen per element, converted where it is used.
        int direction = gradient > 0 ? 1 : gradient < 0 ? -1 : 0;
        return next + size + direction;
    }

    [Update]
    double Update(double parameter, double gradient, double level)
        => level <= 1 ? parameter - LearningRate * gradient : parameter - LearningRate / (1 + level) * gradient;
}

[Optimizer]
public sealed partial record Functions(double LearningRate = 0.1, double Bound = 2)
{
    [Derived]
    double Rounded(double gradient) => Math.Floor(gradient) + Math.Ceiling(gradient * 3) - Math.Truncate(gradient * 5)
        + Math.Round(gradient * 7) + Math.Round(gradient * 2, MidpointRounding.AwayFromZero) + Math.Round(gradient, MidpointRounding.ToEven)
        + Math.Round(gradient, MidpointRounding.ToZero)
        - Math.Round(gradient, MidpointRounding.ToNegativeInfinity) * Math.Round(gradient, MidpointRounding.ToPositiveInfinity);

    [Derived]
    double Bounded(double gradient, double rounded)
        => Math.Clamp(rounded, -Bound, Bound) + RuleMath.Clamp(gradient, -Math.Abs(rounded), Math.Abs(rounded)) + RuleMath.Sign(gradient);

    [Derived]
    double Mixed(double gradient, double bounded, double parameter)
        => Math.FusedMultiplyAdd(gradient, bounded, parameter) - Math.CopySign(Math.Sqrt(Math.Abs(gradient)), bounded)
            + Math.Min(gradient, parameter) * Math.Max(bounded, -parameter);

    [Update]
    double Update(double parameter, double mixed) => parameter - LearningRate * (-mixed);
}

/// <summary>Every approximate function, per element and uniform: of RuleMath, so that the declaration has the kernel's bits.</summary>
[Optimizer]
public sealed partial record Approximations(double LearningRate = 0.1, double Exponent = 1.75)
{
    [Derived]
    double Scale(int step)
    => RuleMath.Pow(Exponent, -0.25 * step) + RuleMath.Exp(-Exponent) * RuleMath.Log((double)step)
    - RuleMath.Hypot(Exponent, RuleMath.Tanh((double)step))
        + RuleMath.Atan2(-Exponent, RuleMath.Atan(2.0 - step));

    [Derived]
    double Bent(double gradient)
    => RuleMath.Exp(-Math.Abs(gradient)) * RuleMath.Sin(gradient) + RuleMath.Cos(gradient * 1e7) * RuleMath.Tanh(gradient);

    [Derived]
    double Compressed(double gradient, double bent)
        => RuleMath.Log(1 + Math.Abs(gradient)) - RuleMath.Log2(2 + bent * bent) + RuleMath.Pow(Math.Abs(bent), Exponent)
        + RuleMath.Cbrt(gradient);

    [Derived]
    double Angle(double gradient, double parameter, double bent)
    => RuleMath.Atan2(gradient, parameter) - RuleMath.Atan2(parameter, -bent) * RuleMath.Atan(gradient);

    [Update]
    double Update(double parameter, double gradient, double compressed, double scale, double angle)
        => parameter - LearningRate * scale * compressed * angle * RuleMath.Hypot(gradient, parameter);
}

/// <summary>Uniform integers, casts, remainders, switches, branches and states; a double kernel reads them rounded once.</summary>
[Optimizer]
public sealed partial record Uniforms(double LearningRate = 0.1, int Period = 3, bool Alternate = true)
{
    const double Half = 0.5;
    static readonly double Third = 1.0 / 3;

    double Scale(int k) => k % Period == 0 ? Half : (double)k / (Period + k);

    [Derived]
    double Phase(int step) => (step % 4) switch
    {
        0 => 1.0,
        1 when Alternate => -Half,
        > 2 => Third,
        _ => checked(step * 2) / 3.0,
    };

    [Derived]
    int Turn(int step, double phase) => phase > 0 ? step : (int)(phase * 10) - step;

    [Derived]
    bool Late(int step, int turn) => step > 5 || turn < -3 && Alternate;

    [State(Initial = 1.5)]
    double Product(int step, double previousProduct) => previousProduct * (1 - 1.0 / (step + 1));

    [RunningAverage(Window = nameof(Period))]
    double Average(double phase, double product) => phase * product;

    [Derived]
    double Factor(int step, double product, double average, double previousAverage, double previousPhase, int previousStep)
    {
        double sum = 0;
        if (step > 2)
        {
            sum = product + previousPhase;
        }

        sum += average - previousAverage;
        return step - previousStep == 1 ? sum : -sum;
    }

    [Update]
    double Update(double parameter, double gradient, double factor, bool late, int step)
    {
        double rate = step > 1 ? LearningRate / (10 / (step - 1) + 1) : LearningRate;
        if (late)
        {
            return parameter - rate * Scale(step) * gradient;
        }

        return parameter - rate * factor * gradient * Half;
    }
}

/// <summary>
/// Uniform operations that throw unless the conditions around them hold (a division by zero in step 1, by a period of
/// zero, an overflow, a switch without an arm), where the values they guard differ from parameter to parameter.
/// </summary>
[Optimizer]
public sealed partial record Guarded(double LearningRate = 0.1, int Period = 0)
{
    static int Share(int k) => 10 / k;

    [Derived]
    double Scaled(double gradient, int step)
    {
        if (step == 1)
        {
            return gradient;
        }

        double once = gradient * (step % (step - 1)) + Share(step - 1);
        return Period != 0 && step / Period > 0 ? once : once * (step switch { 1 => 0.0, > 1 => 0.5 });
    }

    [Update]
    double Update(double parameter, double gradient, double scaled, int step)
        => step > 1
            ? parameter - LearningRate * Share(step - 1) * gradient * (Period == 0 ? scaled : scaled / (step % Period))
#pragma warning disable OPT3014 // That what is never taken does not throw is what is tested.
            : step < 1 ? parameter * checked(int.MaxValue - 1 + 4 * step) : parameter - scaled;
#pragma warning restore OPT3014
}

/// <summary>
/// A helper that constants are passed to: it divides by one of them, unless that is zero, and converts the other at run time.
/// </summary>
[Optimizer]
public sealed partial record ConstantArguments(double LearningRate = 0.1)
{
    static int Share(int k, double x) => k == 0 ? (int)x : 10 / k + 10 % k + checked(k * 2);

    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * gradient * Share(0, 1e10) - Share(3, 1);
}

/// <summary>
/// Clamps under conditions: of a uniform value where a condition differs from parameter to parameter, and with bounds that
/// are in order only where a uniform condition says so.
/// </summary>
[Optimizer]
public sealed partial record GuardedClamps(double LearningRate = 0.1, double Low = 1.5, double High = -0.5)
{
    double Within(double x) => Low <= High ? Math.Clamp(x, Low, High) : x;

    [Update]
    double Update(double parameter, double gradient)
    {
        double rate = gradient > 0 ? Math.Clamp(LearningRate, High, Low) : LearningRate;
        return gradient > parameter ? Within(parameter) - rate * gradient : Within(gradient);
    }
}

/// <summary>The last step's value of everything: inputs, states, averages as their readers saw them, derived values, the update.</summary>
[Optimizer]
public sealed partial record Past(double LearningRate = 0.1, double Decay = 0.7, double Start = 0.25, int Window = 4)
{
#pragma warning disable OPT3015 // A correction of what begins elsewhere is computed as it is declared, which is what is tested.
    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.Published, Initial = nameof(Start))]
#pragma warning restore OPT3015
    static double Mean(double gradient) => gradient;

    [RunningAverage(Window = nameof(Window))]
    static double Trend(double gradient, double previousGradient) => gradient - previousGradient;

    [State(Initial = 2)]
    static double Sum(double mean, double previousMean, double previousTrend) => mean + previousMean * 0.5 - previousTrend;

    [Derived]
    static double Change(double sum, double previousSum, double previousParameter, double parameter)
    => sum - previousSum + (parameter - previousParameter);

    [Rate]
    double Rate(double change, double previousChange, double trend) => LearningRate * (change + previousChange) + trend;

    [Update]
    static double Update(double parameter, double gradient, double rate, double previousUpdate)
    => parameter - rate * gradient + 0.01 * (parameter - previousUpdate);

    /// <summary>Reads the new parameter by the name of the update; a state of its own.</summary>
    [State]
    static double Trace(double update, double previousTrace) => previousTrace * 0.5 + update;

    [Derived]
    static bool Small(double trace, double update) => Math.Abs(trace) < Math.Abs(update);

    [State]
    static double Counter(bool small, double previousCounter) => small ? previousCounter + 1 : previousCounter;
}

/// <summary>
/// States that store what others read: a buffer whose old content is another's new one, an update that is a state's value
/// and does not read the parameter, and the parameter itself.
/// </summary>
[Optimizer]
public sealed partial record Copies(double LearningRate = 0.1)
{
    [State]
    static double Latest(double gradient) => gradient;

    [State]
    static double Before(double previousLatest) => previousLatest;

    [State]
    static double LongBefore(double previousBefore) => previousBefore;

    [State]
    static double Trace(double update) => update;

    [State]
    static double Start(double parameter) => parameter;

    [State]
    static double Constant(int step) => step;

    [Update]
    double Update(double gradient, double previousTrace, double previousStart, double longBefore)
        => previousTrace + LearningRate * previousStart - LearningRate * gradient * longBefore;
}

/// <summary>A class with init properties, a computed property, helpers in another type, and names that are keywords.</summary>
[Optimizer]
public sealed partial class KeywordNames
{
    public double @lock { get; init; } = 0.1;

    public double Base { get; init; } = 0.3;

    double Twice
    {
        get { return Helpers.Double(Base); }
    }

    [State]
    double Event(double gradient, double previousEvent)
    {
        double @for = gradient * @lock, uniforms = previousEvent;
        return @for + uniforms * Twice;
    }

    [Update]
    double Operator(double parameter, double @event) => parameter - @lock * @event;
}

public static class Helpers
{
    public static double Double(double x) => x + x;

    public static double Softened(double x, double by = 1.0) => x / (by + Math.Abs(x));
}

/// <summary>More uniforms than registers, a long body, and products to contract in every position.</summary>
[Optimizer(Arithmetic = Arithmetic.Fused)]
public sealed partial record FusedMany(
    double A = 0.11, double B = 0.22, double C = 0.33, double D = 0.44, double E = 0.55, double F = 0.66, double G = 0.77, double H = 0.88)
{
    [State]
    double First(double gradient, double previousFirst) => A * previousFirst + B * gradient - C * (gradient * gradient);

    [State]
    double Second(double gradient, double first, double previousSecond) => D * previousSecond - gradient * first;

    [Derived]
    double Direction(double first, double second, double gradient)
        => E * first * second - F * gradient + (G - first * H) * (second - 0.125) + 0.0625 * first - 3.5 * second;

    [Update]
    double Update(double parameter, double direction, double gradient)
        => parameter - 0.01 * direction * gradient - 0.001 * (2.5 * direction - 1.5 * gradient) * 0.75;
}

/// <summary>Written in float.</summary>
[Optimizer]
public sealed partial record SingleAdam(float LearningRate = 1e-2f, float Beta1 = 0.9f, float Beta2 = 0.99f, float Epsilon = 1e-6f)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)]
    static float Mean(float gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)]
    static float MeanSquare(float gradient) => gradient * gradient;

    [Derived]
    float Scaled(int step) => LearningRate / (1 + step * 0.5f);

    [Update]
    float Update(float parameter, float mean, float meanSquare, float scaled)
        => parameter - scaled * Helper.Half(mean) / (MathF.Sqrt(meanSquare) + Epsilon);

    private static class Helper
    {
        public static float Half(float x) => x * 0.5f;
    }
}

public partial class Outer<T>
{
    public partial interface IMiddle
    {
        public partial record struct Inner<TOther>
        {
            /// <summary>Nested in a generic class, an interface and a generic struct, and generic itself.</summary>
            [Optimizer]
            public sealed partial record Nested<S>(double LearningRate = 0.1)
            {
                [Update]
                double Update(double parameter, double gradient) => parameter - LearningRate * Helpers.Softened(gradient);
            }
        }
    }
}
