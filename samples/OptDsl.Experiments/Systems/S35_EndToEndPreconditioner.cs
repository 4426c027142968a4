using MathNet.Numerics.LinearAlgebra;

namespace OptDsl.Experiments;

/// <summary>Balanced descent on factors is descent on the product with a preconditioner (Arora, Cohen and Hazan 2018, theorem 1).</summary>
internal sealed class S35_EndToEndPreconditioner : VerificationSystem
{
    internal override string Id => "S35";

    internal override string Title => "Depth acts as a preconditioner on the product";

    internal override string Text => """
        The same step as in S34 is compared with the formula for the whole product W (Arora, Cohen and Hazan 2018, theorem 1).
        Gradient descent on N balanced factors is descent on W with a preconditioner, whose eigenvalues are not negative. G is
        the gradient, and s the largest singular value.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        (double flow, double vector, double largest, double least) = (0, 0, 0, 0);
        for (int depth = 2; depth <= 4; depth++)
        {
            var step = new EndToEndStep(depth, trial.Seed, trial.Cancellation);
            Matrix<double> expected = Matrix<double>.Build.Dense(4, 4), preconditioner = Matrix<double>.Build.Dense(16, 16);
            for (int j = 1; j <= depth; j++)
            {
                Matrix<double> left = step.Left((j - 1.0) / depth), right = step.Right((depth - j) / (double)depth);
                expected -= left * step.Gradient * right;
                preconditioner += right.KroneckerProduct(left);
            }

            double norm = expected.FrobeniusNorm();
            Vector<double> stacked = Vector<double>.Build.DenseOfArray(step.Gradient.ToColumnMajorArray());
            Vector<double> eigenvalues = preconditioner.Evd(Symmetricity.Symmetric).EigenValues.Map(value => value.Real);
            flow = Math.Max(flow, (step.Velocity - expected).FrobeniusNorm() / norm);
            vector = Math.Max(vector,
                ((preconditioner * stacked) + Vector<double>.Build.DenseOfArray(expected.ToColumnMajorArray())).L2Norm() / norm);
            largest = Math.Max(largest, Math.Abs((eigenvalues.Maximum() / (depth * Math.Pow(step.Values[0], 2 - (2.0 / depth)))) - 1));
            least = Math.Min(least, eigenvalues.Minimum() / eigenvalues.Maximum());
        }

        return
        [
            new("S35.flow", flow),
            new("S35.vector", vector),
            new("S35.largest", largest),
            new("S35.positive", least),
        ];
    }
}
