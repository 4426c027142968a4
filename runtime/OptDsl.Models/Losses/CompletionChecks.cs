using System.Numerics;

namespace OptDsl.Models;

/// <summary>What the completion losses share: checks of their arguments, and the penalty.</summary>
internal static class CompletionChecks
{
    internal static void Penalty(double penalty)
    {
        if (!double.IsFinite(penalty) || penalty < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(penalty), penalty, "The penalty must be finite and not negative.");
        }
    }

    internal static void Length(int length, int rows, int columns, string name)
    {
        long cells = (long)rows * columns;
        if (length != cells)
        {
            throw new ArgumentException($"The factorization is {rows} x {columns}, {cells} entries, but the span has {length}.", name);
        }
    }

    internal static void Finite<T>(T value, int row, int column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!T.IsFinite(value))
        {
            throw new ArgumentException($"The observed entry at row {row}, column {column} is {value}; observed entries must be finite.", "matrix");
        }
    }

    internal static void SomethingObserved(int count)
    {
        if (count == 0)
        {
            throw new ArgumentException("No entry is observed; at least one must be.", "observed");
        }
    }

    /// <summary>Zeroes the gradients of tensors that are not the factorization's.</summary>
    internal static void ClearOthers<T>(ParameterBuffer<T> parameters, DeepFactorization<T> factorization)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (parameters.Count != factorization.ParameterCount)
        {
            parameters.Gradients.Clear();
        }
    }

    internal static double PenaltyOf<T>(ParameterBuffer<T> parameters, DeepFactorization<T> factorization, double penalty)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int i = 1; i <= factorization.Depth && penalty > 0; i++)
        {
            sum += SquaredNorm.Of(factorization.Factor(parameters, i).ReadOnlyValues);
        }

        return penalty * sum;
    }

    internal static void AddPenaltyGradient<T>(ParameterBuffer<T> parameters, DeepFactorization<T> factorization, double penalty)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 1; i <= factorization.Depth && penalty > 0; i++)
        {
            ParameterTensor<T> tensor = factorization.Factor(parameters, i);
            SquaredNorm.AddGradient(tensor.ReadOnlyValues, tensor.Gradients, T.CreateTruncating(2 * penalty));
        }
    }
}
