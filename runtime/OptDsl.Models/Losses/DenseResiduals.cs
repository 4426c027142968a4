using System.Numerics;
using System.Runtime.Intrinsics;

namespace OptDsl.Models;

/// <summary>
/// Where every entry is computed, hidden ones too: what residuals cost, and their slopes. Sums run in fixed lanes, so that their bits are
/// the same everywhere.
/// </summary>
internal static unsafe class DenseResiduals<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Block = 1024;

    /// <summary>
    /// Turns predictions into the loss' slopes times <paramref name="scale"/>, in place, and returns the sum of what they cost: over 1024
    /// of them in the element's precision, beyond that in double.
    /// </summary>
    /// <param name="predictions">Predictions; slopes when it returns.</param>
    /// <param name="targets">As many targets, 0 where an entry is hidden.</param>
    /// <param name="weights">As many, 1 where an entry is observed and 0 where it is hidden; null if all are observed.</param>
    /// <param name="count">Entries.</param>
    /// <param name="loss">What a residual costs: nothing at 0, and no slope there.</param>
    /// <param name="scale">What the slopes are multiplied by.</param>
    internal static double Compare(T* predictions, T* targets, T* weights, int count, PointLoss loss, T scale)
    {
        double sum = 0;
        for (int start = 0; start < count; start += Block)
        {
            int length = Math.Min(Block, count - start);
            T* weight = weights == null ? null : weights + start;
            sum += CompareBlock(predictions + start, targets + start, weight, length, loss, scale);
        }

        return sum;
    }

    private static double CompareBlock(T* predictions, T* targets, T* weights, int count, PointLoss loss, T scale)
    {
        nint i = 0;
        Vector256<T> sums = Vector256<T>.Zero, scales = Vector256.Create(scale);
        for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            Vector256<T> residual = Vector256.Load(predictions + i) - Vector256.Load(targets + i);
            residual = weights == null ? residual : residual * Vector256.Load(weights + i);
            sums += loss.ComputeValue(residual);
            (loss.ComputeSlope(residual) * scales).Store(predictions + i);
        }

        double sum = SquaredNorm.Fold(sums);
        for (; i < count; i++)
        {
            T residual = predictions[i] - targets[i];
            residual = weights == null ? residual : residual * weights[i];
            sum += loss.ComputeValue(double.CreateTruncating(residual));
            predictions[i] = loss.ComputeSlope(residual) * scale;
        }

        return sum;
    }
}
