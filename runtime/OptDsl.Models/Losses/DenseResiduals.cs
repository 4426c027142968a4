using System.Numerics;
using System.Runtime.Intrinsics;

namespace OptDsl.Models;

/// <summary>
/// The point losses of residuals and their slopes, where every entry is computed, including hidden ones. Sums run in fixed lanes, so their
/// bits are the same on every machine.
/// </summary>
internal static unsafe class DenseResiduals<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Block = 1024;

    /// <summary>
    /// Replaces predictions by the slopes of the loss times <paramref name="scale"/>, and returns the sum of the point losses. Blocks of
    /// 1024 are summed in the precision of the element, and their sums in double.
    /// </summary>
    /// <param name="predictions">The predictions; on return, the slopes.</param>
    /// <param name="targets">As many targets, 0 where an entry is hidden.</param>
    /// <param name="weights">As many weights, 1 where an entry is observed and 0 where it is hidden; null if all are observed.</param>
    /// <param name="count">The number of entries.</param>
    /// <param name="loss">The loss of a single residual. At 0 it is 0, and so is its slope.</param>
    /// <param name="scale">The factor of the slopes.</param>
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
