using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;
using OptDsl.Generator.Parsing;
using OptDsl.Rules;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Model;

/// <summary>
/// A double rule's float kernel is its expression retyped to float, bit for bit: the shipped rules against an interpreter.
/// </summary>
public class FloatKernelTests
{
    private const int Length = 70, Steps = 12;

    [Fact]
    public void Sgd() => Compare(new Sgd(0.3));

    [Fact]
    public void Momentum() => Compare(new Momentum(0.3));

    [Fact]
    public void NesterovMomentum() => Compare(new NesterovMomentum(0.3));

    [Fact]
    public void AdaGrad() => Compare(new AdaGrad(0.3, 1e-7, 0.1, 0.3));

    [Fact]
    public void RmsProp() => Compare(new RmsProp(0.3));

    [Fact]
    public void Adam() => Compare(new Adam(0.3));

    [Fact]
    public void AdamW() => Compare(new AdamW(0.3));

    [Fact]
    public void Lion() => Compare(new Lion(0.3, WeightDecay: 0.1));

    [Fact]
    public void VelocityMomentum() => Compare(new VelocityMomentum(0.3, 7));

    [Fact]
    public void MeanMomentum() => Compare(new MeanMomentum(0.3, 7));

    [Fact]
    public void RmsPropRootEpsilon() => Compare(new RmsPropRootEpsilon(0.3, 7));

    [Fact]
    public void RmsPropVariance() => Compare(new RmsPropVariance(0.3, 7));

    [Fact]
    public void GrowingWindowAdam() => Compare(new GrowingWindowAdam(0.3, 3, 7));

    private static void Compare<TRule>(TRule rule)
        where TRule : class, IUpdateRule<float>
    {
        RuleSpec spec = Parse(typeof(TRule).Name);
        var interpreter = new Interpreter<float>(spec, rule, Length);
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("p", [Length]);
        float[] parameters = new float[Length], gradients = new float[Length];
        for (int i = 0; i < Length; i++)
        {
            parameters[i] = buffer.Values[i] = MathF.Sin(i) * 3;
        }

        Optimizer<float, TRule> optimizer = buffer.Optimize(rule);
        for (int step = 1; step <= Steps; step++)
        {
            for (int i = 0; i < Length; i++)
            {
                gradients[i] = buffer.Gradients[i] = i % 9 == 0 ? 0 : MathF.Cos((i * 3) + step) / (1 + (i % 5));
            }

            optimizer.Step(TestContext.Current.CancellationToken);
            interpreter.Step(parameters, gradients);
            Assert.Equal(parameters, buffer.Values.ToArray());
            for (int k = 0; k < spec.Buffers.Count; k++)
            {
                Assert.Equal(interpreter.Buffers[k], optimizer.State[spec.Buffers[k].Name].ToArray());
            }
        }
    }

    private static RuleSpec Parse(string name, [CallerFilePath] string file = "")
    {
        string source = File.ReadAllText(
            Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "runtime", "OptDsl", "Rules", name + ".cs"));
        Compilation compilation = RuleCompilation.Create(source);
        INamedTypeSymbol type = compilation.Assembly.GetTypeByMetadataName("OptDsl.Rules." + name)!;
        return RuleParser.Parse(type, compilation, new DiagnosticSink(report: null), TestContext.Current.CancellationToken)!.Rule;
    }
}
