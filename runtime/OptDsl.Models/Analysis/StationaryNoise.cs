using MathNet.Numerics.LinearAlgebra;

namespace OptDsl.Models;

/// <summary>
/// Where SGD with a constant rate settles on a sum of quadratics, exactly (McAllester's slides, "loss as a function of the rate").
/// </summary>
public static class StationaryNoise
{
    /// <summary>
    /// The stationary second moment S of p &lt;- p - rate (g_i + H_i p), where each step draws i anew, all equally likely. It solves
    /// S = mean_i [(I - rate H_i) S (I - rate H_i)' + rate^2 g_i g_i'], a linear system of size d^2.
    /// </summary>
    /// <param name="gradients">g_i at the minimum, d numbers each; their mean is 0.</param>
    /// <param name="hessians">H_i, d x d, symmetric.</param>
    /// <param name="rate">Finite, above 0.</param>
    /// <returns>S, d x d; the excess loss is tr(mean H S) / 2.</returns>
    /// <exception cref="ArgumentException">There are none, their sizes differ, or the gradients' mean is not 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not above 0, or so large that nothing is stationary.</exception>
    /// <exception cref="OverflowException">An element of S is past the range of a double.</exception>
    public static Matrix<double> SecondMoment(IReadOnlyList<Vector<double>> gradients, IReadOnlyList<Matrix<double>> hessians, double rate)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        ArgumentNullException.ThrowIfNull(hessians);
        gradients = Moderate(gradients, out int exponent);
        int d = Check(gradients, hessians);
        if (!(rate > 0) || !double.IsFinite(rate))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "rate must be a finite number above 0.");
        }

        Matrix<double> identity = Matrix<double>.Build.DenseIdentity(d);
        Matrix<double> map = Matrix<double>.Build.Dense(d * d, d * d), noise = Matrix<double>.Build.Dense(d, d);
        for (int i = 0; i < gradients.Count; i++)
        {
            // Not I - (I - rate H) kron (I - rate H), whose leading terms cancel: at a small rate that would cost all digits.
            Matrix<double> h = hessians[i];
            map += (h.KroneckerProduct(identity) + identity.KroneckerProduct(h) - (rate * h.KroneckerProduct(h))) / gradients.Count;
            noise += gradients[i].OuterProduct(gradients[i]) * (rate / gradients.Count);
        }

        Vector<double> solution = map.Solve(Vector<double>.Build.Dense(noise.ToColumnMajorArray()));
        Matrix<double> moment = Matrix<double>.Build.Dense(d, d, solution.ToArray());

        // The solution is a second moment where it is not negative in any direction, and only then do the steps settle.
        // The sign of its eigenvalues does not depend on its scale, and their computation takes squares.
        int size = ScaledNorm.Exponent<double>(solution.ToArray());
        Vector<double> scales = ((moment + moment.Transpose()) / 2).Map(value => Math.ScaleB(value, -size))
            .Evd(Symmetricity.Symmetric).EigenValues.Real();
        if (!(scales.Minimum() >= -1e-9 * scales.AbsoluteMaximum()))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate,
                "rate is so large that the parameters' variance grows without end; nothing is stationary.");
        }

        if (exponent != 0)
        {
            moment.MapInplace(value => Math.ScaleB(value, 2 * exponent), Zeros.Include);
        }

        return moment.ForAll(double.IsFinite, Zeros.Include) ? moment
            : throw new OverflowException(
                "The parameters' second moment is past the range of a double; give gradients and Hessians in a larger unit of the loss.");
    }

    /// <summary>The excess loss tr(mean H S) / 2 of <see cref="SecondMoment"/>; as rate falls to 0 it is rate mean |g_i|^2 / 4.</summary>
    /// <inheritdoc cref="SecondMoment"/>
    /// <returns>The stationary mean loss less the least one.</returns>
    public static double ExcessLoss(IReadOnlyList<Vector<double>> gradients, IReadOnlyList<Matrix<double>> hessians, double rate)
    {
        Matrix<double> moment = SecondMoment(gradients, hessians, rate);
        Matrix<double> mean = hessians.Aggregate((sum, hessian) => sum + hessian) / hessians.Count;
        return (mean * moment).Trace() / 2;
    }

    /// <summary>The gradients, or where their squares would overflow or vanish, the gradients over 2^exponent.</summary>
    private static IReadOnlyList<Vector<double>> Moderate(IReadOnlyList<Vector<double>> gradients, out int exponent)
    {
        exponent = ScaledNorm.Exponent<double>([.. gradients.SelectMany(gradient => gradient)]);
        if (Math.Abs(exponent) <= 400)
        {
            exponent = 0;
            return gradients;
        }

        int scale = -exponent;
        return [.. gradients.Select(gradient => gradient.Map(value => Math.ScaleB(value, scale)))];
    }

    private static int Check(IReadOnlyList<Vector<double>> gradients, IReadOnlyList<Matrix<double>> hessians)
    {
        if (gradients.Count == 0 || gradients.Count != hessians.Count)
        {
            throw new ArgumentException(
                $"There are {gradients.Count} gradients and {hessians.Count} Hessians; give one of each for every example, at least one.",
                    nameof(hessians));
        }

        int d = gradients[0].Count;
        for (int i = 0; i < gradients.Count; i++)
        {
            if (gradients[i].Count != d || hessians[i].RowCount != d || hessians[i].ColumnCount != d)
            {
                throw new ArgumentException(
                    $"Example {i} has {gradients[i].Count} gradients and a Hessian of {hessians[i].RowCount} x {hessians[i].ColumnCount}; example 0 has {d} gradients.", nameof(hessians));
            }
        }

        Vector<double> mean = gradients.Aggregate((sum, gradient) => sum + gradient) / gradients.Count;
        double size = gradients.Max(gradient => gradient.L2Norm());
        if (mean.L2Norm() > 1e-9 * size)
        {
            throw new ArgumentException(
                $"The gradients' mean has the norm {mean.L2Norm():G4}; the origin is the minimum only where it is 0.", nameof(gradients));
        }

        return d;
    }
}
