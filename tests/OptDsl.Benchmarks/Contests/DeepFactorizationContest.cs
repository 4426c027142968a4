using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Benchmarks;

/// <summary>
/// An iteration of deep matrix factorization under GroupRMSprop on one thread: gradient from the observed entries, and step. The rival is
/// not here.
/// </summary>
internal sealed class DeepFactorizationContest : Contest
{
    private readonly ParameterBuffer<float> parameters = new();
    private readonly DeepFactorization<float> factorization;
    private readonly Optimizer<float, GroupRmsProp> optimizer;
    private readonly SparseCompletionLoss<float> loss;
    private readonly DenseCompletionLoss<float> dense;

    internal DeepFactorizationContest(int side, int depth, int observed)
    {
        factorization = DeepFactorization<float>.Uniform(side, side, depth, side, threads: 1);
        factorization.AddTo(parameters);
        factorization.InitializeScaled(parameters, 1, 1e-3);
        var random = new Random(7);
        int[] cells = [.. Enumerable.Range(0, side * side)];
        random.Shuffle(cells);
        Array.Resize(ref cells, observed);
        float[] matrix = new float[side * side];
        bool[] mask = new bool[matrix.Length];
        foreach (int cell in cells)
        {
            (matrix[cell], mask[cell]) = ((float)(random.NextDouble() - .5), true);
        }

        loss = new(factorization, Array.ConvertAll(cells, cell => cell / side), Array.ConvertAll(cells, cell => cell % side),
            Array.ConvertAll(cells, cell => matrix[cell]));
        dense = new(factorization, matrix, mask, threads: 1);
        optimizer = parameters.Optimize(new GroupRmsProp(1e-3, Epsilon: 1e-4), new OptimizerOptions { Threads = 1 });
    }

    internal override (Work Rival, Work Ours) Works(int repetitions) => (
        () => { },
        () =>
        {
            for (int i = 0; i < repetitions; i++)
            {
                loss.ComputeGradient(parameters);
                optimizer.Step(CancellationToken.None);
            }
        }
    );

    /// <summary>Against the dense loss, which shares nothing with the sparse one but the products.</summary>
    internal override void Verify()
    {
        double expected = dense.ComputeGradient(parameters), largest = 0;
        float[] gradient = parameters.Gradients.ToArray();
        double actual = loss.ComputeGradient(parameters);
        foreach (float value in gradient)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        for (int i = 0; i < gradient.Length; i++)
        {
            if (Math.Abs(gradient[i] - parameters.Gradients[i]) > 1e-4 * largest || Math.Abs(expected - actual) > 1e-5 * expected)
            {
                throw new InvalidOperationException(
                    $"Gradients differ at {i}: {parameters.Gradients[i]} of the observed entries, {gradient[i]} of the whole product.");
            }
        }
    }

    public override void Dispose() => parameters.Dispose();
}
