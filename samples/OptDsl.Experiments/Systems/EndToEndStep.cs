using MathNet.Numerics.LinearAlgebra;
using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// One small step of descent on balanced factors of a 4 x 4 matrix, by the library's model and rule, and what it did to the product.
/// </summary>
internal sealed class EndToEndStep
{
    private const int Side = 4;
    private const double Rate = 1e-6;

    internal EndToEndStep(int depth, ulong seed, CancellationToken cancellation)
    {
        var random = new Xoshiro256(seed);
        double[] Normals(double scale) => [.. Enumerable.Range(0, Side * Side).Select(_ => scale * random.NextGaussian())];
        DeepFactorization<double> factorization = DeepFactorization<double>.Uniform(Side, Side, depth, Side);
        using var parameters = new ParameterBuffer<double>();
        factorization.AddTo(parameters);
        factorization.InitializeBalanced(parameters, Normals(0.7));
        double[] before = Product(), gradient = Normals(1);

        // The gradient of the mean of (P - M)^2 over 16 entries in P is (P - M) / 8.
        double[] target = [.. before.Zip(gradient, (p, g) => p - (8 * g))];
        DenseCompletionLoss<double>.OfAll(factorization, target).ComputeGradient(parameters);
        parameters.Optimize(new Sgd(Rate)).Step(cancellation);
        double[] after = Product();
        Matrix<double> From(double[] values) => Matrix<double>.Build.DenseOfRowMajor(Side, Side, values);
        (W, Gradient, Velocity) = (From(before), From(gradient), (From(after) - From(before)) / Rate);
        var decomposition = W.Svd();
        (U, Values, V) = (decomposition.U, decomposition.S, decomposition.VT.Transpose());

        double[] Product()
        {
            double[] product = new double[Side * Side];
            factorization.ComputeProduct(parameters, product);
            return product;
        }
    }

    internal Matrix<double> W { get; }

    /// <summary>The loss' gradient in the product.</summary>
    internal Matrix<double> Gradient { get; }

    /// <summary>The product's change over the rate.</summary>
    internal Matrix<double> Velocity { get; }

    internal Matrix<double> U { get; }

    internal Matrix<double> V { get; }

    internal Vector<double> Values { get; }

    /// <summary>(W W^T)^p.</summary>
    internal Matrix<double> Left(double power)
        => U * Matrix<double>.Build.DenseOfDiagonalVector(Values.PointwisePower(2 * power)) * U.Transpose();

    /// <summary>(W^T W)^p.</summary>
    internal Matrix<double> Right(double power)
        => V * Matrix<double>.Build.DenseOfDiagonalVector(Values.PointwisePower(2 * power)) * V.Transpose();
}
