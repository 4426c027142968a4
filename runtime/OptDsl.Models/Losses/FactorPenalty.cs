using System.Numerics;

namespace OptDsl.Models;

/// <summary>The penalty on the squared norms of a deep factorization's factors. The completion losses share it.</summary>
internal static class FactorPenalty
{
    /// <summary>Zeroes all gradients if the buffer also holds tensors that do not belong to the factorization.</summary>
    internal static void ClearOthers<T>(ParameterBuffer<T> parameters, DeepFactorization<T> factorization)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (parameters.Count != factorization.ParameterCount)
        {
            parameters.Gradients.Clear();
        }
    }

    internal static double Of<T>(ParameterBuffer<T> parameters, DeepFactorization<T> factorization, double penalty)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int i = 1; i <= factorization.Depth && penalty > 0; i++)
        {
            sum += SquaredNorm.Of(factorization.Factor(parameters, i).ReadOnlyValues);
        }

        return penalty * sum;
    }

    internal static void AddGradient<T>(ParameterBuffer<T> parameters, DeepFactorization<T> factorization, double penalty)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 1; i <= factorization.Depth && penalty > 0; i++)
        {
            ParameterTensor<T> tensor = factorization.Factor(parameters, i);
            SquaredNorm.AddGradient(tensor.ReadOnlyValues, tensor.Gradients, T.CreateTruncating(2 * penalty));
        }
    }
}
