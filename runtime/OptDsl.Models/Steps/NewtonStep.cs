using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace OptDsl.Models;

/// <summary>
/// Newton's method: p &lt;- p - rate (H + damping I)^-1 g. On a quadratic loss, one step at rate 1 is exact. The equations are always
/// solved in double.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// It steps all tensors of the buffer. Its only state is the last rate of its search. Every step allocates memory, so it suits models of
/// few parameters, or runs of few steps. Not thread-safe.
/// </remarks>
public sealed class NewtonStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterBuffer<T> parameters;
    private readonly NewtonSettings settings;
    private readonly DirectedSteps<T> steps;

    /// <summary>Binds to a buffer, and fixes its layout.</summary>
    /// <param name="parameters">The buffer.</param>
    /// <param name="settings">The settings; if null, no damping and rate 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public NewtonStep(ParameterBuffer<T> parameters, NewtonSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        this.settings = settings ?? new NewtonSettings();
        this.settings.Validate();
        this.parameters = parameters;
        steps = new DirectedSteps<T>(parameters);
    }

    /// <summary>
    /// The last rate that the search accepted; NaN before any. Besides the parameters, it is the whole state. Assign it to resume.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is infinite or not positive.</exception>
    public double SearchRate
    {
        get => steps.LastRate;
        set => steps.LastRate = value;
    }

    /// <summary>The number of evaluations in all steps, including steps that threw.</summary>
    public EvaluationCounts Total => steps.Walk.Total;

    /// <summary>Evaluates the loss, gradient and Hessian, solves by Cholesky factorization, and steps.</summary>
    /// <param name="loss">The loss; it must use the same batch throughout the step.</param>
    /// <param name="cancellation">
    /// Checked before the step and before each trial of a search. On cancellation, the parameters are restored.
    /// </param>
    /// <returns>How the step ended.</returns>
    /// <exception cref="NotSupportedException">
    /// There are more than 46 340 parameters, so no array can hold the Hessian; nothing was written.
    /// </exception>
    /// <exception cref="ArithmeticException">
    /// The damped Hessian is not positive definite, so the step might increase the loss; nothing was written.
    /// </exception>
    /// <exception cref="OperationCanceledException">The step was cancelled; the parameters are unchanged.</exception>
    public StepReport Step(IHessian<T> loss, CancellationToken cancellation = default)
        => steps.Step(loss, gradient => Solve(loss, gradient), settings.Search, 1, cancellation);

    /// <summary>
    /// Evaluates the loss and gradient, solves by the conjugate gradient method (Hestenes and Stiefel 1952), which needs only products with
    /// the Hessian, and steps.
    /// </summary>
    /// <inheritdoc cref="Step"/>
    public StepReport StepByConjugateGradients(IHessianProducts<T> loss, CancellationToken cancellation = default)
        => steps.Step(loss, gradient => ConjugateGradients(loss, gradient, cancellation), settings.Search, 1, cancellation);

    private void Solve(IHessian<T> loss, double[] gradient)
    {
        int n = parameters.Count;
        if ((long)n * n > Array.MaxLength)
        {
            throw new NotSupportedException(
                $"The Hessian of {n} parameters has {(long)n * n} elements, but an array holds at most {Array.MaxLength}: at most {(int)Math.Sqrt(Array.MaxLength)} parameters. Use StepByConjugateGradients, which needs only products with the Hessian.");
        }

        var elements = new T[n * n];
        loss.ComputeHessian(parameters, elements);
        steps.Walk.HessianProducts += n;
        double[] hessian = Array.ConvertAll(elements, double.CreateTruncating);
        for (int i = 0; i < n; i++)
        {
            hessian[(i * n) + i] += settings.Damping;
        }

        if (!hessian.All(double.IsFinite))
        {
            throw NotPositiveDefinite("has an element that is not finite");
        }

        Cholesky<double> factor;
        try
        {
            factor = Matrix<double>.Build.Dense(n, n, hessian).Cholesky();
        }
        catch (ArgumentException)
        {
            // The factorization throws this for a pivot that is not positive.
            throw NotPositiveDefinite("is not positive definite");
        }

        factor.Solve(MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense((double[])gradient.Clone())).AsArray().CopyTo(gradient, 0);
    }

    private void ConjugateGradients(IHessianProducts<T> loss, double[] gradient, CancellationToken cancellation)
    {
        int n = gradient.Length;
        double[] residual = (double[])gradient.Clone(), along = (double[])gradient.Clone(), solution = gradient;
        T[] vector = new T[n], product = new T[n];
        Array.Clear(solution);
        double square = Dot(residual, residual);

        // The equations are linear. If squares overflow or underflow, they are solved for a scaled gradient.
        int exponent = 0;
        if (!ScaledNorm.IsNormal(square))
        {
            exponent = ScaledNorm.Exponent<double>(residual);
            residual = ScaledNorm.Times(residual, -exponent);
            residual.CopyTo(along, 0);
            square = Dot(residual, residual);
        }

        double enough = settings.Tolerance * settings.Tolerance * square;
        for (int products = 0; products < settings.MaxProducts && square > enough; products++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < n; i++)
            {
                vector[i] = T.CreateTruncating(along[i]);
            }

            loss.ComputeHessianProduct(parameters, vector, product);
            steps.Walk.HessianProducts++;
            double[] image = new double[n];
            for (int i = 0; i < n; i++)
            {
                image[i] = double.CreateTruncating(product[i]) + (settings.Damping * along[i]);
            }

            double curvature = Dot(along, image);
            if (!(curvature > 0))
            {
                throw NotPositiveDefinite($"has the curvature {curvature / Dot(along, along)} along a direction");
            }

            double rate = square / curvature;
            for (int i = 0; i < n; i++)
            {
                solution[i] += rate * along[i];
                residual[i] -= rate * image[i];
            }

            double next = Dot(residual, residual);
            for (int i = 0; i < n; i++)
            {
                along[i] = residual[i] + (next / square * along[i]);
            }

            square = next;
        }

        if (exponent != 0)
        {
            ScaledNorm.Times(solution, exponent).CopyTo(solution, 0);
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private ArithmeticException NotPositiveDefinite(string how)
        => new($"The Hessian plus the damping {settings.Damping} {how}, so Newton's step might increase the loss. Nothing was written. Set Damping above the most negative curvature, or use another method until the loss is convex.");
}
