using System.Numerics;
using System.Numerics.Tensors;

namespace OptDsl.Models;

/// <summary>
/// L-BFGS (Liu and Nocedal 1989). The direction is the gradient times an approximate inverse Hessian, which the two-loop recursion builds
/// from recent changes of parameters and gradients. The rate along the direction satisfies the strong Wolfe conditions, or is fixed. The
/// conventions are PyTorch's: the first rate is at most 1 over the sum of the absolute gradient elements, pairs whose curvature is not
/// above 1e-10 are skipped, and the curvature information carries over from run to run.
/// </summary>
/// <typeparam name="T">The element, float or double. Directions are computed in double.</typeparam>
/// <remarks>
/// It steps all tensors of the buffer. The loss must be the same function throughout a run: the whole data, or one batch. A checkpoint
/// holds the parameters and the curvature information (docs/checkpoints.md). Not thread-safe.
/// </remarks>
public sealed partial class LimitedMemoryBfgs<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double LeastCurvature = 1e-10;

    // Scaled by this power of two, a rate of 1 is still finite and above 0.
    private const int MostScaled = 1000;

    private readonly ParameterBuffer<T> parameters;
    private readonly LbfgsSettings settings;
    private readonly Line<T> line;
    private readonly List<(double[] Change, double[] GradientChange, double Inverse)> history = [];
    private readonly double[] direction, lastDirection;
    private double[]? lastGradient;
    private double lastRate, scale = 1;
    private bool isRunning;

    /// <summary>Binds to a buffer, and fixes its layout.</summary>
    /// <param name="parameters">The buffer.</param>
    /// <param name="settings">The settings; if null, PyTorch's defaults with a strong Wolfe search.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public LimitedMemoryBfgs(ParameterBuffer<T> parameters, LbfgsSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        this.settings = settings ?? new();
        this.settings.Validate();
        this.parameters = parameters;
        line = Line<T>.Through(parameters);
        direction = new double[parameters.Count];
        lastDirection = new double[parameters.Count];
    }

    /// <summary>The number of evaluations in all runs.</summary>
    public long TotalEvaluations { get; private set; }

    /// <summary>Minimizes the loss until a tolerance or a limit is reached.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="iterations">The largest number of directions; at least 1.</param>
    /// <param name="evaluations">The number of evaluations after which no new direction begins; 5/4 of the iterations if 0.</param>
    /// <param name="progress">Called after each direction; may be null.</param>
    /// <param name="cancellation">Checked before each evaluation.</param>
    /// <returns>Why it ended, and at which loss.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of range.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; the parameters are at the last accepted point.</exception>
    /// <exception cref="InvalidOperationException">
    /// A run is in progress: the loss, the progress callback or another thread called this method.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public LbfgsReport Run(ILossModel<T> loss, int iterations = 20, int evaluations = 0, IProgress<LbfgsReport>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(evaluations);
        int limit = evaluations == 0 ? (int)Math.Min(int.MaxValue, iterations * 5L / 4) : evaluations;
        RequireNoRun();
        cancellation.ThrowIfCancellationRequested();
        isRunning = true;
        try
        {
            return RunAlone(loss, iterations, limit, progress, cancellation);
        }
        finally
        {
            isRunning = false;
        }
    }

    private void RequireNoRun([System.Runtime.CompilerServices.CallerMemberName] string what = "")
    {
        if (isRunning)
        {
            throw new InvalidOperationException(
                $"LimitedMemoryBfgs.{what} was called while a run is in progress. Call it after the run, or cancel the run first.");
        }
    }

    private LbfgsReport RunAlone(ILossModel<T> loss, int iterations, int limit, IProgress<LbfgsReport>? progress,
        CancellationToken cancellation)
    {
        var here = new LinePoint(0, Evaluate(loss, out double[] gradient), 0, gradient);
        var report = new LbfgsReport(LbfgsOutcome.Iterations, here.Loss, 0, 1);
        if (!IsFinite(here))
        {
            return report with { Outcome = LbfgsOutcome.NotFinite };
        }

        if (IsSmall(gradient))
        {
            return report with { Outcome = LbfgsOutcome.SmallGradient };
        }

        while (true)
        {
            bool isFirst = lastGradient is null;
            SetDirection(here.Gradient);
            (lastGradient, lastRate) = (here.Gradient, 0);
            double rate = isFirst ? FirstRate(here.Gradient)
                : settings.Rate, slopeAsItIs = TensorPrimitives.Dot<double>(here.Gradient, direction);
            double slope = Moderate(here.Gradient, slopeAsItIs, ref rate);
            if (!(slope < 0))
            {
                // The curvature information is misleading here. The next run starts again from the gradient.
                Forget();
                return report with { Outcome = double.IsFinite(slope) ? LbfgsOutcome.NoDescent : LbfgsOutcome.NotFinite };
            }

            if (!(slopeAsItIs <= -settings.ChangeTolerance))
            {
                return report with { Outcome = LbfgsOutcome.SmallChange };
            }

            bool isLast = report.Iterations + 1 == iterations;
            (LinePoint there, int cost) = GoOrReturn(loss, here with { Rate = 0, Slope = slope }, rate, isLast, cancellation);
            report = report with { Loss = there.Loss, Iterations = report.Iterations + 1, Evaluations = report.Evaluations + cost };
            if (!IsFinite(there))
            {
                line.Return();
                Forget();
                return report with { Outcome = LbfgsOutcome.NotFinite, Loss = here.Loss };
            }

            lastRate = there.Rate;
            LbfgsOutcome? outcome = isLast ? LbfgsOutcome.Iterations
                : report.Evaluations >= limit ? LbfgsOutcome.Evaluations
                : IsSmall(there.Gradient) ? LbfgsOutcome.SmallGradient
                : Math.Abs(there.Rate) * Largest(direction) <= settings.ChangeTolerance
                || Math.Abs(there.Loss - here.Loss) < settings.ChangeTolerance ? LbfgsOutcome.SmallChange
                : null;
            report = report with { Outcome = outcome ?? LbfgsOutcome.Iterations };
            progress?.Report(report);
            if (outcome is not null)
            {
                return report;
            }

            here = there;
        }
    }

    /// <summary>If the loss throws, or the run is cancelled, the parameters return to where the direction began.</summary>
    private (LinePoint There, int Cost) GoOrReturn(ILossModel<T> loss, LinePoint here, double rate, bool isLast,
        CancellationToken cancellation)
    {
        line.Begin();
        try
        {
            return Go(loss, here, rate, isLast, cancellation);
        }
        catch
        {
            line.Return();
            throw;
        }
    }

    private double FirstRate(double[] gradient)
    {
        double sizes = TensorPrimitives.SumOfMagnitudes<double>(gradient);
        return Math.Min(1, double.IsFinite(sizes) ? 1 / sizes : 1 / Largest(gradient) / gradient.Length) * settings.Rate;
    }

    /// <summary>
    /// The slope along the direction. If it overflows or underflows, the direction is scaled by a power of two and the rate by its inverse.
    /// The steps stay the same, and the slope becomes a normal number.
    /// </summary>
    private double Moderate(double[] gradient, double slope, ref double rate)
    {
        if (ScaledNorm.IsNormal(slope) || !TensorPrimitives.IsFiniteAll<double>(direction))
        {
            return slope;
        }

        int exponent = Math.Clamp(ScaledNorm.Exponent<double>(gradient) + ScaledNorm.Exponent<double>(direction), -MostScaled, MostScaled);
        ScaledNorm.Times(direction, -exponent).CopyTo(direction, 0);
        rate = Math.ScaleB(rate, exponent);
        return TensorPrimitives.Dot<double>(gradient, direction);
    }

    /// <summary>Moves along the direction, at a searched or fixed rate.</summary>
    private (LinePoint There, int Cost) Go(ILossModel<T> loss, LinePoint here, double rate, bool isLast, CancellationToken cancellation)
    {
        for (int i = 0; i < direction.Length; i++)
        {
            line.Direction[i] = T.CreateTruncating(-direction[i]);
        }

        if (!settings.StrongWolfe)
        {
            // The last step of a run is not evaluated, because the next run begins with that evaluation.
            line.MoveTo(rate, null);
            return isLast ? (here with { Rate = rate }, 0) : (new LinePoint(rate, Evaluate(loss, out double[] gradient), 0, gradient), 1);
        }

        var search = new StrongWolfeSearch(settings, tried =>
        {
            cancellation.ThrowIfCancellationRequested();
            line.MoveTo(tried, null);
            double value = Evaluate(loss, out double[] gradient);
            return new LinePoint(tried, value, TensorPrimitives.Dot<double>(gradient, direction), gradient);
        });
        LinePoint there = search.Find(here, rate, Largest(direction));
        line.MoveTo(there.Rate, null);
        for (int i = 0; i < there.Gradient.Length; i++)
        {
            parameters.Gradients[i] = T.CreateTruncating(there.Gradient[i]);
        }

        return (there, search.Evaluations);
    }

    /// <summary>The two-loop recursion (Nocedal and Wright 2006, algorithm 7.4), after the last step is added to the history.</summary>
    private void SetDirection(double[] gradient)
    {
        direction.CopyTo(lastDirection, 0);
        TensorPrimitives.Negate(gradient, direction.AsSpan());
        if (lastGradient is null)
        {
            return;
        }

        Remember(gradient);
        double[] shares = new double[history.Count];
        for (int i = history.Count - 1; i >= 0; i--)
        {
            (double[] change, double[] gradientChange, double inverse) = history[i];
            shares[i] = TensorPrimitives.Dot<double>(change, direction) * inverse;
            TensorPrimitives.MultiplyAdd(gradientChange, -shares[i], direction, direction);
        }

        TensorPrimitives.Multiply(direction, scale, direction);
        for (int i = 0; i < history.Count; i++)
        {
            (double[] change, double[] gradientChange, double inverse) = history[i];
            double back = TensorPrimitives.Dot<double>(gradientChange, direction) * inverse;
            TensorPrimitives.MultiplyAdd(change, shares[i] - back, direction, direction);
        }
    }

    private void Remember(double[] gradient)
    {
        double[] gradientChange = new double[gradient.Length], change = new double[gradient.Length];
        TensorPrimitives.Subtract(gradient, lastGradient, gradientChange.AsSpan());
        TensorPrimitives.Multiply(lastDirection, lastRate, change.AsSpan());
        double curvature = TensorPrimitives.Dot<double>(gradientChange, change);
        if (!(curvature > LeastCurvature))
        {
            return;
        }

        if (history.Count == settings.History)
        {
            history.RemoveAt(0);
        }

        if (!double.IsFinite(curvature))
        {
            // Only ratios of a pair are used, and these do not change when both changes are scaled by the same factor.
            int exponent = (ScaledNorm.Exponent<double>(gradientChange) + ScaledNorm.Exponent<double>(change)) / 2;
            (gradientChange, change) = (ScaledNorm.Times(gradientChange, -exponent), ScaledNorm.Times(change, -exponent));
            curvature = TensorPrimitives.Dot<double>(gradientChange, change);
        }

        history.Add((change, gradientChange, 1 / curvature));
        double squares = TensorPrimitives.SumOfSquares<double>(gradientChange), size = ScaledNorm.Root<double>(squares, gradientChange);
        scale = ScaledNorm.IsNormal(squares) ? curvature / squares : curvature / size / size;
    }

    private void Forget()
    {
        history.Clear();
        lastGradient = null;
        scale = 1;
    }

    private double Evaluate(ILossModel<T> loss, out double[] gradient)
    {
        double value;
        using (parameters.BeginEvaluation(isOfAll: true, "LimitedMemoryBfgs.Run"))
        {
            TotalEvaluations++;
            value = loss.ComputeGradient(parameters);
        }

        gradient = new double[parameters.Count];
        ReadOnlySpan<T> gradients = parameters.Gradients;
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = double.CreateTruncating(gradients[i]);
        }

        return value;
    }

    private bool IsSmall(double[] gradient) => Largest(gradient) <= settings.GradientTolerance;

    private static double Largest(double[] values) => Math.Abs(TensorPrimitives.MaxMagnitude<double>(values));

    private static bool IsFinite(LinePoint point) => double.IsFinite(point.Loss) && TensorPrimitives.IsFiniteAll<double>(point.Gradient);
}
