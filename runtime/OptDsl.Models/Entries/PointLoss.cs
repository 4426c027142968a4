using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptDsl.Models;

/// <summary>
/// The loss of a single residual r = prediction - target. The loss over several entries is its mean. This is a value type; its default is
/// <see cref="Squared"/>.
/// </summary>
public readonly record struct PointLoss
{
    private readonly Form form;
    private readonly double threshold;

    private PointLoss(Form form, double threshold)
    {
        this.form = form;
        this.threshold = threshold;
    }

    private enum Form
    {
        Squared,
        Absolute,
        Huber,
    }

    /// <summary>r^2, with slope 2 r.</summary>
    public static PointLoss Squared => default;

    /// <summary>|r|, with slope sign r, which is 0 at 0.</summary>
    public static PointLoss Absolute => new(Form.Absolute, 0);

    /// <summary>r^2 / 2 up to a threshold d, and d (|r| - d / 2) beyond it (Huber 1964). Its slope is r, limited to -d .. d.</summary>
    /// <param name="threshold">d, in the unit of the residual; finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is not finite or not above 0.</exception>
    public static PointLoss Huber(double threshold = 1)
        => double.IsFinite(threshold) && threshold > 0
            ? new(Form.Huber, threshold)
            : throw new ArgumentOutOfRangeException(nameof(threshold), threshold,
                "The threshold of Huber's loss must be finite and above 0.");

    /// <summary>Computes the loss of a residual.</summary>
    /// <param name="residual">The prediction minus the target.</param>
    public double ComputeValue(double residual)
    {
        double size = Math.Abs(residual);
        return form switch
        {
            Form.Squared => residual * residual,
            Form.Absolute => size,
            _ => size <= threshold ? 0.5 * residual * residual : threshold * (size - (0.5 * threshold)),
        };
    }

    /// <summary>Computes the derivative of <see cref="ComputeValue"/>.</summary>
    /// <param name="residual">The prediction minus the target.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T ComputeSlope<T>(T residual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => form == Form.Squared ? residual + residual : ComputeOtherSlope(residual);

    /// <summary>The loss of each residual, in the precision of the element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector256<T> ComputeValue<T>(Vector256<T> residuals)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => form == Form.Squared ? residuals * residuals : ComputeOtherValue(residuals);

    /// <summary>The slope of each residual, bit for bit the same as that of a single residual.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector256<T> ComputeSlope<T>(Vector256<T> residuals)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => form == Form.Squared ? residuals + residuals : ComputeOtherSlope(residuals);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<T> ComputeOtherValue<T>(Vector256<T> residuals)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector256<T> size = Vector256.Abs(residuals);
        if (form == Form.Absolute)
        {
            return size;
        }

        Vector256<T> limit = Vector256.Create(T.CreateTruncating(threshold)), half = Vector256.Create(T.CreateTruncating(0.5));
        return Vector256.ConditionalSelect(Vector256.LessThanOrEqual(size, limit), half * residuals * residuals,
            limit * (size - (half * limit)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<T> ComputeOtherSlope<T>(Vector256<T> residuals)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Beyond the limits the slope is constant. Between them it is the residual itself, which is 0 for the absolute loss. NaN passes
        // through, so that it is noticed.
        bool absolute = form == Form.Absolute;
        Vector256<T> limit = Vector256.Create(T.CreateTruncating(threshold)), most = absolute ? Vector256<T>.One : limit;
        return Vector256.ConditionalSelect(Vector256.GreaterThan(residuals, limit), most,
            Vector256.ConditionalSelect(Vector256.LessThan(residuals, -limit), -most, residuals));
    }

    private T ComputeOtherSlope<T>(T residual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (form == Form.Absolute)
        {
            // CopySign would be wrong, because 0 has slope 0. NaN stays NaN, so that it is noticed.
            return residual > T.Zero ? T.One : residual < T.Zero ? -T.One : residual;
        }

        T limit = T.CreateTruncating(threshold);
        return T.IsNaN(residual) ? residual : T.Clamp(residual, -limit, limit);
    }
}
