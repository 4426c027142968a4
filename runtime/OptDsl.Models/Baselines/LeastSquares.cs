using System.Numerics;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>Least squares in closed form.</summary>
public static class LeastSquares
{
    /// <summary>
    /// Computes X^+ y, the vector of least norm among those that minimize |X w - y|. Gradient descent from zero converges to it. Singular
    /// values at the size of rounding error count as zero.
    /// </summary>
    /// <param name="inputs">X, one example per row; finite.</param>
    /// <param name="targets">y, one target per example; finite.</param>
    /// <returns>The weights w, one per column of X.</returns>
    /// <exception cref="ArgumentException">X is empty, the lengths differ, or a number is not finite.</exception>
    public static double[] MinimumNorm<T>(MatrixView<T> inputs, ReadOnlySpan<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (inputs.Rows == 0 || inputs.Columns == 0 || targets.Length != inputs.Rows)
        {
            throw new ArgumentException(
                $"X is {inputs.Rows} x {inputs.Columns} and there are {targets.Length} targets; there must be one target per row, and at least one row and column.", nameof(targets));
        }

        LossChecks.Examples(targets, 1, nameof(targets));
        var decomposition = new SingularValueDecomposition(inputs.Rows, inputs.Columns);
        decomposition.Decompose(inputs);
        double[] weights = new double[inputs.Columns];
        for (int k = 0; k < decomposition.Rank; k++)
        {
            double inner = 0;
            for (int i = 0; i < targets.Length; i++)
            {
                inner += decomposition.GetLeft(k)[i] * double.CreateTruncating(targets[i]);
            }

            for (int j = 0; j < weights.Length; j++)
            {
                weights[j] += inner / decomposition.Values[k] * decomposition.GetRight(k)[j];
            }
        }

        return weights;
    }
}
