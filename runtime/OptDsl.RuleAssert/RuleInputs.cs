using System.Numerics;
using OptDsl.Contract;

namespace OptDsl;

/// <summary>
/// Makes a step with everything that the rule needs: gradients, the caller's inputs, the loss, and gradients at other points.
/// </summary>
internal static class RuleInputs
{
    internal static void Step<T, TRule>(
        Optimizer<T, TRule> optimizer, ParameterBuffer<T> buffer, int seed, bool special, bool reference, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        Fill(optimizer, buffer, seed, special);
        Advance(optimizer, buffer, seed, reference, cancellation);
    }

    /// <summary>Makes the step with the values that were filled.</summary>
    internal static void Advance<T, TRule>(Optimizer<T, TRule> optimizer, ParameterBuffer<T> buffer, int seed, bool reference,
        CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        RuleSchema schema = optimizer.Schema;
        if (schema.Inputs.Any(input => input.Source == InputSource.GradientAt))
        {
            T[] filled = buffer.Gradients.ToArray();
            double Evaluate()
            {
                // A function of the point, so that the gradient at another point differs.
                for (int i = 0; i < buffer.Count; i++)
                {
                    buffer.Gradients[i] = filled[i] + (T.CreateTruncating(0.25) * buffer.ReadOnlyValues[i]);
                }

                return Number(seed);
            }

            _ = reference ? optimizer.StepReference(Evaluate, cancellation) : optimizer.Step(Evaluate, cancellation);
        }
        else if (schema.ReadsLoss)
        {
            _ = reference ? optimizer.StepReference(Number(seed), cancellation) : optimizer.Step(Number(seed), cancellation);
        }
        else
        {
            _ = reference ? optimizer.StepReference(cancellation) : optimizer.Step(cancellation);
        }
    }

    /// <summary>Fills the gradients and the caller's inputs.</summary>
    internal static void Fill<T, TRule>(Optimizer<T, TRule> optimizer, ParameterBuffer<T> buffer, int seed, bool special)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        TestData.Fill(buffer.Gradients, seed, special);
        int number = 0;
        foreach (InputSchema input in optimizer.Schema.Inputs)
        {
            number++;
            if (input.Source == InputSource.PerParameter)
            {
                TestData.Fill(optimizer.GetInput(input.Name), unchecked(seed + (1000 * number)), special);
            }
            else if (input.Source == InputSource.PerTensor)
            {
                for (int i = 0; i < buffer.Tensors.Count; i++)
                {
                    optimizer.SetTensorInput(input.Name, buffer.Tensors[i], Number(unchecked(seed + (1000 * number) + i)));
                }
            }
        }
    }

    private static double Number(int seed)
    {
        Span<double> one = stackalloc double[1];
        TestData.Fill(one, seed, special: false);
        return one[0];
    }
}
