namespace OptDsl.Runtime.Tests.Passes;

/// <summary>The difference of the gradients at two points that are known at once.</summary>
[Optimizer]
internal sealed partial record Difference(double Reach = 0.5)
{
    [Derived]
    double Above(double parameter, double gradient) => parameter + Reach * gradient;

    [Derived]
    double Below(double parameter, double gradient) => parameter - Reach * gradient;

    [Update]
    static double Update(double parameter, [GradientAt(nameof(Above))] double high, [GradientAt(nameof(Below))] double low)
    => parameter - 0.1 * (high - low);
}

/// <summary>Runge and Kutta's four gradients: each point but the first depends on the gradient at the one before.</summary>
[Optimizer]
internal sealed partial record RungeKutta(double Rate = 0.1)
{
    [Derived]
    double Second(double parameter, double gradient) => parameter - 0.5 * Rate * gradient;

    [Derived]
    double Third(double parameter, [GradientAt(nameof(Second))] double atSecond) => parameter - 0.5 * Rate * atSecond;

    [Derived]
    double Fourth(double parameter, [GradientAt(nameof(Third))] double atThird) => parameter - Rate * atThird;

    [Update]
    double Update(double parameter, double gradient, double atSecond, double atThird, [GradientAt(nameof(Fourth))] double atFourth)
        => parameter - Rate * (gradient + 2 * atSecond + 2 * atThird + atFourth) / 6;
}

/// <summary>
/// Points at one barrier and beyond it, declared in another order than they are known in; two names for one point, and two members of
/// one value.
/// </summary>
[Optimizer]
internal sealed partial record ManyPoints(double Rate = 0.05)
{
    [Derived]
    double Near(double parameter, double gradient) => parameter - Rate * gradient;

    [Derived]
    double Beyond(double near, [GradientAt(nameof(Near))] double atNear) => near - Rate * atNear;

    [Reduce(Reduction.Max, Scope = Scope.Tensor)]
    static double Largest(double gradient) => Math.Abs(gradient);

    [Derived]
    double Scaled(double parameter, double gradient, double largest) => parameter - Rate * gradient / (1 + largest);

    [Derived]
    double Far(double parameter, double gradient) => parameter - 3 * Rate * gradient;

    [Derived]
    double Again(double parameter, double gradient) => parameter - Rate * gradient;

    [State]
    static double Trace([GradientAt(nameof(Beyond))] double atBeyond, [GradientAt(nameof(Scaled))] double atScaled, double previousTrace)
    => 0.5 * previousTrace + atBeyond * atScaled;

    [Update]
    double Update(double parameter, double trace, double atNear, [GradientAt(nameof(Near))] double alias,
        [GradientAt(nameof(Far))] double atFar, [GradientAt(nameof(Again))] double atAgain)
        => parameter - Rate * (trace + atNear - 0.25 * alias + atFar * 0.5 + atAgain);
}
