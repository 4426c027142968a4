using OptDsl;
using MyNamespace;

// A logistic regression. The loop fills the gradients, and the optimizer makes the step.
var data = Examples.Make(count: 1000);
using var parameters = new ParameterBuffer<float>();
ParameterTensor<float> weights = parameters.Add("weights", [Examples.Features]), bias = parameters.Add("bias", [1]);
Optimizer<float, MyRule> optimizer = parameters.Optimize(new MyRule());

for (int step = 0; step <= 500; step++)
{
    double loss = data.ComputeGradient(weights.Values, bias.Values, weights.Gradients, bias.Gradients);
    if (step % 100 == 0)
    {
        Console.WriteLine(FormattableString.Invariant($"step {step,3}  loss {loss:F4}"));
    }

    optimizer.Step();
}

// What the generator derives from the rule.
Console.WriteLine();
Console.Write(MyRule.Report);
