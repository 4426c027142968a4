using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace OptDsl.Models;

/// <summary>
/// The singular values of a square matrix in double. Reflections from both sides make it bidiagonal (Golub and Kahan 1965). Bisection finds
/// the singular values of the bidiagonal matrix, each to its last digits (Demmel and Kahan 1990, section 3). It counts eigenvalues of the
/// tridiagonal matrix of twice the side with a zero diagonal. Bisection always ends, and has no tolerance to choose.
/// </summary>
/// <remarks>The error is some 2.2e-16 times the largest singular value, times a modest function of the side.</remarks>
internal static class BidiagonalForm
{
    private const double Unit = 2.220446049250313e-16;

    /// <summary>The singular values, descending.</summary>
    /// <param name="matrix">side x side, row after row, finite, with elements whose squares do not overflow; overwritten.</param>
    /// <param name="side">At least 1.</param>
    /// <param name="progress">Called once per column.</param>
    internal static double[] SingularValues(double[] matrix, int side, SpectrumProgress progress)
    {
        (double[] diagonal, double[] beside) = Reduce(matrix, side, progress);
        return Bisect(diagonal, beside, progress.Cancellation);
    }

    private static (double[] Diagonal, double[] Beside) Reduce(double[] matrix, int side, SpectrumProgress progress)
    {
        double[] diagonal = new double[side], beside = new double[side - 1];
        double[] columnMemory = new double[side], rowMemory = new double[side], sumMemory = new double[side];
        for (int j = 0; j < side; j++)
        {
            progress.Cancellation.ThrowIfCancellationRequested();
            int right = side - j - 1;
            Span<double> u = columnMemory.AsSpan(0, side - j), v = rowMemory.AsSpan(0, right), sum = sumMemory.AsSpan(0, right);
            for (int i = 0; i < u.Length; i++)
            {
                u[i] = matrix[((j + i) * side) + j];
            }

            (diagonal[j], double scale) = Reflection(u);
            if (right == 0)
            {
                break;
            }

            sum.Clear();
            for (int i = 0; i < u.Length && scale != 0; i++)
            {
                TensorPrimitives.MultiplyAdd(matrix.AsSpan(((j + i) * side) + j + 1, right), u[i], sum, sum);
            }

            TensorPrimitives.Multiply(u, -scale, u);
            matrix.AsSpan((j * side) + j + 1, right).CopyTo(v);
            TensorPrimitives.MultiplyAdd(sum, u[0], v, v);
            (beside[j], double rowScale) = Reflection(v);
            for (int i = 1; i < u.Length; i++)
            {
                Span<double> row = matrix.AsSpan(((j + i) * side) + j + 1, right);
                if (scale != 0)
                {
                    TensorPrimitives.MultiplyAdd(sum, u[i], row, row);
                }

                if (rowScale != 0)
                {
                    TensorPrimitives.MultiplyAdd(v, -rowScale * TensorPrimitives.Dot<double>(row, v), row, row);
                }
            }

            progress.Add(8.0 * right * right);
        }

        return (diagonal, beside);
    }

    /// <summary>
    /// Overwrites x with v, v_0 = 1, of the reflection I - scale v v^T that maps x to its first element alone. Returns that element.
    /// </summary>
    private static (double Reflected, double Scale) Reflection(Span<double> x)
    {
        double first = x[0], others = TensorPrimitives.Dot<double>(x[1..], x[1..]);
        if (others == 0)
        {
            return (first, 0);
        }

        double reflected = -Math.CopySign(Math.Sqrt((first * first) + others), first);
        TensorPrimitives.Divide(x, first - reflected, x);
        x[0] = 1;
        return (reflected, (reflected - first) / reflected);
    }

    private static double[] Bisect(double[] diagonal, double[] beside, CancellationToken cancellation)
    {
        int side = diagonal.Length;
        double norm = 0;
        for (int i = 0; i < side; i++)
        {
            norm = Math.Max(norm, Math.Abs(diagonal[i]) + (i < side - 1 ? Math.Abs(beside[i]) : 0) + (i > 0 ? Math.Abs(beside[i - 1]) : 0));
        }

        double[] values = new double[side];
        if (norm == 0)
        {
            return values;
        }

        // The squares of the elements beside the zero diagonal, of a matrix of norm 1.
        double[] squares = new double[(2 * side) - 1];
        for (int i = 0; i < squares.Length; i++)
        {
            double element = (i % 2 == 0 ? diagonal[i / 2] : beside[i / 2]) / norm;
            squares[i] = element * element;
        }

        // As many values at a time as a vector has lanes: each count waits for its own divisions.
        int lanes = Vector<double>.Count;
        for (int first = 0; first < side; first += lanes)
        {
            cancellation.ThrowIfCancellationRequested();
            Vector<double> rank = Vector.ConvertToDouble(Vector.Min(Vector.CreateSequence((long)first, 1L), new Vector<long>(side - 1)));
            Vector<double> found = Bisect(squares, side, rank);
            for (int lane = 0; lane < lanes && first + lane < side; lane++)
            {
                values[first + lane] = found[lane] * norm;
            }
        }

        // The intervals of equal values may end a last digit apart.
        Array.Sort(values);
        Array.Reverse(values);
        return values;
    }

    /// <summary>The values of these ranks, from 0 for the largest. A value too small to be distinguished from 0 is 0.</summary>
    private static Vector<double> Bisect(double[] squares, int side, Vector<double> rank)
    {
        // Values so far below the norm are noise, so digits of theirs are not sought.
        const double Least = Unit * Unit;
        Vector<double> low = Vector<double>.Zero, high = new(1 + (8 * Unit));
        while (true)
        {
            Vector<double> open = Vector.AsVectorDouble(Vector.GreaterThan(high - low, Vector.Max(high, new Vector<double>(Least)) * Unit));
            if (Vector.EqualsAll(open.As<double, long>(), Vector<long>.Zero))
            {
                break;
            }

            Vector<double> middle = low + ((high - low) * 0.5);

            // At a rank there is a value at or above the middle if more than that many are.
            var above = Vector.GreaterThan(Above(squares, side, middle), rank);
            Vector<double> nextLow = Vector.ConditionalSelect(above, middle, low), nextHigh = Vector.ConditionalSelect(above, high, middle);
            if (Vector.EqualsAll(nextLow, low) && Vector.EqualsAll(nextHigh, high))
            {
                break;
            }

            (low, high) = (nextLow, nextHigh);
        }

        return Vector.ConditionalSelect(Vector.GreaterThan(low, Vector<double>.Zero), high, low);
    }

    /// <summary>How many singular values are at or above x, per lane: the positive pivots of the tridiagonal matrix less x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector<double> Above(double[] squares, int side, Vector<double> x)
    {
        // A pivot of zero becomes one that no quotient overflows by.
        Vector<double> least = new(-1e-290), one = Vector<double>.One, count = Vector<double>.Zero, pivot = -x;
        foreach (double square in squares)
        {
            pivot = -x - (new Vector<double>(square) / pivot);
            pivot = Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(pivot), -least), least, pivot);
            count += Vector.ConditionalSelect(Vector.GreaterThan(pivot, Vector<double>.Zero), one, Vector<double>.Zero);
        }

        return count;
    }
}
