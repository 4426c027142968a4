using System.Runtime.Intrinsics;
using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>
/// The order in which a reduction combines values. Within blocks of 4096 elements, 32 lanes take the elements by index mod 32. The lanes
/// are folded by halves, and the blocks are combined by halves of their number. The order depends only on places in the tensor. So a sum
/// has the same bits at any width, division or number of threads.
/// </summary>
internal static class ReductionTree
{
    internal const int Lanes = ReductionLanes.Count, Block = ReductionLanes.Block;

    /// <summary>The value of a lane that has taken no element.</summary>
    internal static double Identity(Reduction reduction) => reduction switch
    {
        Reduction.Max => double.NegativeInfinity,
        Reduction.Min => double.PositiveInfinity,
        _ => 0,
    };

    internal static double Combine(Reduction reduction, double a, double b) => reduction switch
    {
        Reduction.Max => Math.Max(a, b),
        Reduction.Min => Math.Min(a, b),
        _ => a + b,
    };

    /// <summary>Resets the lanes to this value, in stores as wide as a kernel's loads.</summary>
    internal static unsafe void Reset(Reduction reduction, double* lanes)
    {
        Vector512<double> nothing = Vector512.Create(Identity(reduction));
        nothing.Store(lanes);
        nothing.Store(lanes + 8);
        nothing.Store(lanes + 16);
        nothing.Store(lanes + 24);
    }

    /// <summary>Folds the lanes by halves.</summary>
    internal static unsafe double Fold(Reduction reduction, double* lanes)
    {
        if (reduction is Reduction.Sum or Reduction.Mean)
        {
            Vector512<double> sum = (Vector512.Load(lanes) + Vector512.Load(lanes + 16))
                + (Vector512.Load(lanes + 8) + Vector512.Load(lanes + 24));
            Vector256<double> four = sum.GetLower() + sum.GetUpper();
            Vector128<double> two = four.GetLower() + four.GetUpper();
            return two[0] + two[1];
        }

        Vector512<double> first = Combine(reduction, Vector512.Load(lanes), Vector512.Load(lanes + 16));
        Vector512<double> second = Combine(reduction, Vector512.Load(lanes + 8), Vector512.Load(lanes + 24));
        Vector512<double> eight = Combine(reduction, first, second);
        double* rest = stackalloc double[8];
        eight.Store(rest);
        for (int half = 4; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                rest[i] = Combine(reduction, rest[i], rest[i + half]);
            }
        }

        return rest[0];
    }

    /// <summary>Combines the values of blocks, by halves of their number. The span is overwritten.</summary>
    internal static double Combine(Reduction reduction, Span<double> blocks)
    {
        int count = blocks.Length;
        if (count == 0)
        {
            return Identity(reduction);
        }

        while (count > 1)
        {
            int half = (count + 1) / 2;
            for (int i = 0; i < count - half; i++)
            {
                blocks[i] = Combine(reduction, blocks[i], blocks[i + half]);
            }

            count = half;
        }

        return blocks[0];
    }

    /// <summary>Reduces a run of a tensor, given its elements and the place where it begins.</summary>
    internal static unsafe double Of(Reduction reduction, ReadOnlySpan<double> values, int start)
    {
        double* lanes = stackalloc double[Lanes];
        var blocks = new List<double>();
        int i = 0;
        while (i < values.Length)
        {
            new Span<double>(lanes, Lanes).Fill(Identity(reduction));
            for (int block = (start + i) / Block; i < values.Length && (start + i) / Block == block; i++)
            {
                int lane = (start + i) % Lanes;
                lanes[lane] = Combine(reduction, lanes[lane], values[i]);
            }

            blocks.Add(Fold(reduction, lanes));
        }

        return Combine(reduction, blocks.ToArray());
    }

    private static Vector512<double> Combine(Reduction reduction, Vector512<double> a, Vector512<double> b) => reduction switch
    {
        Reduction.Max => Vector512.Max(a, b),
        Reduction.Min => Vector512.Min(a, b),
        _ => a + b,
    };
}
