using OptDsl;
using OptDsl.Rules;

using var parameters = new ParameterBuffer<float>();
ParameterTensor<float> weights = parameters.Add("weights", [3]);
weights.Values.Fill(1);
Optimizer<float, Adam> adam = parameters.Optimize(new Adam(LearningRate: 0.1));
for (int i = 0; i < 100; i++)
{
    weights.Values.CopyTo(weights.Gradients);
    adam.Step();
}

Console.WriteLine(string.Join(" ", weights.Values.ToArray()));
