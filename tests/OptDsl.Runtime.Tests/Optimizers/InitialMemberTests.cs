using OptDsl.Runtime.Tests.Passes;
using Xunit;

namespace OptDsl.Runtime.Tests.Optimizers;

/// <summary>Members that only say what others begin with.</summary>
public sealed class InitialMemberTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>At step 3 they divide by zero, and nobody asks them: the declaration's step is the kernel's.</summary>
    [Fact]
    public void What_they_throw_after_the_first_step_does_not_matter()
    {
        using ParameterBuffer<double> one = Sample.Mixed<double>(), two = Sample.Mixed<double>();
        Optimizer<double, Beginning> kernel = one.Optimize(new Beginning()), declaration = two.Optimize(new Beginning());
        for (int step = 1; step <= 5; step++)
        {
            Sample.Differentiate(one, step);
            Sample.Differentiate(two, step);
            Assert.True(kernel.Step(Token));
            Assert.True(declaration.StepReference(Token));
            Sample.Same<double>(one.Values, two.Values);
            Sample.Same(kernel.State["Mean"], declaration.State["Mean"]);
        }
    }

    /// <summary>What the first step's throw says, the declaration says too.</summary>
    [Fact]
    public void What_they_throw_in_the_first_step_does()
    {
        using ParameterBuffer<double> one = Sample.Mixed<double>(), two = Sample.Mixed<double>();
        Optimizer<double, Beginning> kernel = one.Optimize(new Beginning(Fails: 1)), declaration = two.Optimize(new Beginning(Fails: 1));
        Assert.Throws<DivideByZeroException>(() => kernel.Step(Token));
        Assert.Throws<DivideByZeroException>(() => declaration.StepReference(Token));
        Assert.Equal((0, 0), (kernel.StepCount, declaration.StepCount));
        Sample.Same<double>(one.Values, two.Values);
    }
}

/// <summary>A state and an average that begin with members, one through another; the last of them throws in a step.</summary>
[Optimizer]
internal sealed partial record Beginning(double LearningRate = 0.1, int Fails = 3)
{
    [Derived]
    int Share(int step) => 7 % (Fails - step);

    [Reduce(Reduction.Sum)]
    static double Squares(double gradient, int share) => gradient * gradient + share;

    [Derived]
    static double Start(double gradient, double squares, int share) => gradient + 0.01 * squares * share;

    [Derived]
    static double Shared(double gradient) => 0.5 * gradient;

    [State(Initial = nameof(Start))]
    static double Mean(double previousMean, double shared) => 0.5 * previousMean + shared;

    [State(Initial = nameof(Shared))]
    static double Last(double previousLast, double gradient) => 0.25 * previousLast + gradient;

    [Update]
    double Update(double parameter, double mean, double last) => parameter - LearningRate * (mean + last);
}
