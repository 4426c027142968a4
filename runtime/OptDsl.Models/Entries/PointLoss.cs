using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptDsl.Models;

/// <summary>
/// What one residual r = prediction - target costs; a loss over entries is the mean of it. A value; its default is <see cref="Squared"/>.
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

    /// <summary>|r|, with slope sign r: 0 at 0.</summary>
    public static PointLoss Absolute => new(Form.Absolute, 0);

    /// <summary>r^2 / 2 up to a threshold d, d (|r| - d / 2) beyond it (Huber 1964); its slope is r, held within -d .. d.</summary>
    /// <param name="threshold">d, in the residual's unit; finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is not finite or not above 0.</exception>
    public static PointLoss Huber(double threshold = 1)
        => double.IsFinite(threshold) && threshold > 0
            ? new(Form.Huber, threshold)
            : throw new ArgumentOutOfRangeException(nameof(threshold), threshold,
                "The threshold of Huber's loss must be finite and above 0.");

    /// <summary>The cost of a residual.</summary>
    /// <param name="residual">Prediction less target.</param>
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

    /// <summary>The derivative of <see cref="ComputeValue"/>.</summary>
    /// <param name="residual">Prediction less target.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T ComputeSlope<T>(T residual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => form == Form.Squared ? residual + residual : ComputeOtherSlope(residual);

    /// <summary>The cost of each residual, in the element's precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector256<T> ComputeValue<T>(Vector256<T> residuals)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => form == Form.Squared ? residuals * residuals : ComputeOtherValue(residuals);

    /// <summary>The slope of each residual, with the bits of that of one.</summary>
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
        // Beyond the limits a constant, between them the residual itself: 0 of absolute ones, and NaN, which is seen then.
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
            // Not CopySign: 0 has the slope 0. NaN stays NaN, so that it is seen.
            return residual > T.Zero ? T.One : residual < T.Zero ? -T.One : residual;
        }

        T limit = T.CreateTruncating(threshold);
        return T.IsNaN(residual) ? residual : T.Clamp(residual, -limit, limit);
    }
}
