using OptDsl;

// A rule of the author's own, stepped by its kernel and by its declaration.
using ParameterBuffer<double> kernel = Create(), declaration = Create();
Optimizer<double, Cautious> fast = kernel.Optimize(new Cautious()), slow = declaration.Optimize(new Cautious());
for (int step = 0; step < 5; step++)
{
    fast.Step();
    slow.StepReference();
}

bool equal = kernel.Values.SequenceEqual(declaration.Values) && fast.State["Velocity"].SequenceEqual(slow.State["Velocity"]);
Console.WriteLine(equal ? "kernel equals declaration" : "KERNEL DIFFERS");

RuleAssert.KernelEqualsDeclaration(new Cautious(), new RuleAssertOptions { Lengths = [0, 1, 37, 133] });
RuleAssert.StateRoundTrip(new Cautious(), new RuleAssertOptions { Lengths = [37] });
Console.WriteLine("assertions hold");

// The library's rules come compiled.
using var single = new ParameterBuffer<float>();
single.Add("x", [3]).Gradients.Fill(1);
single.Optimize(new OptDsl.Rules.Adam(LearningRate: 0.5)).Step();
Console.WriteLine(FormattableString.Invariant($"adam {single.Values[0]:F3}"));

if (args is ["fused"])
{
    using var one = new ParameterBuffer<float>();
    one.Add("x", [1]);
    try
    {
        one.Optimize(new FusedDescent());
        Console.WriteLine("fused");
    }
    catch (PlatformNotSupportedException exception)
    {
        Console.WriteLine(exception.Message);
    }
}

if (args is ["large"])
{
    using var many = new ParameterBuffer<float>();
    many.Add("x", [100_000]);
    many.Optimize(new Cautious()).Step();
}

static ParameterBuffer<double> Create()
{
    var buffer = new ParameterBuffer<double>();
    ParameterTensor<double> tensor = buffer.Add("x", [101]);
    for (int i = 0; i < tensor.Length; i++)
    {
        tensor.Values[i] = Math.Sin(i);
        tensor.Gradients[i] = Math.Cos(3 * i);
    }

    return buffer;
}

/// <summary>Momentum that moves only where velocity and gradient agree.</summary>
[Optimizer]
internal sealed partial record Cautious(double LearningRate = 1e-3, double Decay = 0.9)
{
    [State]
    double Velocity(double gradient, double previousVelocity) => Decay * previousVelocity + gradient;

    [Update]
    double Update(double parameter, double gradient, double velocity)
        => velocity * gradient > 0 ? parameter - LearningRate * velocity : parameter;
}

/// <summary>A rule that needs fused multiply-add.</summary>
[Optimizer(Arithmetic = Arithmetic.Fused)]
internal sealed partial record FusedDescent(double LearningRate = 1e-3)
{
    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * gradient;
}
