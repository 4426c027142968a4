using OptDsl.Generator.Model;

namespace OptDsl.Generator.Tests.Model;

/// <summary>
/// Evaluates a parsed rule's expressions by recursion, one element at a time: per-element ones in float, uniform ones in
/// double and rounded once where an element reads them. It knows nothing of plans, slots, witnesses or emitted text.
/// </summary>
internal sealed class Interpreter(RuleSpec rule, object instance)
{
    private double[] carried = new double[rule.Carried.Count];
    private int step;

    internal float[][] Buffers { get; } = [.. rule.Buffers.Select(_ => Array.Empty<float>())];

    internal void Step(float[] parameters, float[] gradients)
    {
        step++;
        double[] next = new double[carried.Length];
        if (step == 1)
        {
            for (int i = 0; i < carried.Length; i++)
            {
                carried[i] = Uniform(rule.Carried[i].Initial);
            }

            for (int i = 0; i < Buffers.Length; i++)
            {
                Buffers[i] = new float[parameters.Length];
                Array.Fill(Buffers[i], (float)Uniform(rule.Buffers[i].Initial));
            }
        }

        for (int i = 0; i < parameters.Length; i++)
        {
            float[] stored = [.. rule.Buffers.Select(buffer => Element(buffer.Stored, i, parameters, gradients))];
            float update = Element(rule.Update, i, parameters, gradients);
            for (int k = 0; k < stored.Length; k++)
            {
                Buffers[k][i] = stored[k];
            }

            parameters[i] = update;
        }

        for (int i = 0; i < next.Length; i++)
        {
            next[i] = Uniform(rule.Carried[i].Stored);
        }

        carried = next;
    }

    private float Element(int index, int i, float[] parameters, float[] gradients)
    {
        Expression node = rule.Nodes[index];
        if (!node.PerElement)
        {
            return (float)Uniform(index);
        }

        float A() => Element(node.A, i, parameters, gradients);
        float B() => Element(node.B, i, parameters, gradients);
        float C() => Element(node.C, i, parameters, gradients);
        return node.Operation switch
        {
            Operation.Parameter => parameters[i],
            Operation.Gradient => gradients[i],
            Operation.Buffer => Buffers[(int)node.Bits][i],
            Operation.Add => A() + B(),
            Operation.Subtract => A() - B(),
            Operation.Multiply => A() * B(),
            Operation.Divide => A() / B(),
            Operation.Negate => -A(),
            Operation.Sqrt => MathF.Sqrt(A()),
            Operation.Sign => RuleMath.Sign(A()),
            Operation.Less => A() < B() ? 1 : 0,
            Operation.Greater => A() > B() ? 1 : 0,
            Operation.Conditional => A() != 0 ? B() : C(),
            _ => throw new NotSupportedException($"No shipped rule had a {node.Operation} per element; add it here."),
        };
    }

    private double Uniform(int index)
    {
        Expression node = rule.Nodes[index];
        double A() => Uniform(node.A);
        double B() => Uniform(node.B);
        return node.Operation switch
        {
            Operation.Constant => node.Type == ScalarType.Int32 ? node.Bits : BitConverter.Int64BitsToDouble(node.Bits),
            Operation.Hyperparameter => Convert.ToDouble(instance.GetType().GetProperty(node.Text)!.GetValue(instance), System.Globalization.CultureInfo.InvariantCulture),
            Operation.Step => step,
            Operation.Carried => carried[(int)node.Bits],
            Operation.Correction => OptDsl.Kernels.RunningAverages.Correction(A(), step),
            Operation.Weight => 1 / Math.Min(A(), step),
            Operation.Convert => A(),
            Operation.Add => A() + B(),
            Operation.Subtract => A() - B(),
            Operation.Multiply => A() * B(),
            Operation.Divide => A() / B(),
            Operation.Negate => -A(),
            _ => throw new NotSupportedException($"No shipped rule had a uniform {node.Operation}; add it here."),
        };
    }
}
