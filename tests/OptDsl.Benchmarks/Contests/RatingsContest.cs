using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OptDsl.Models;

namespace OptDsl.Benchmarks;

/// <summary>
/// An epoch of a recommender, one gradient over all ratings, against a probe that moves what it must: for every rating a column's factors
/// are read, and their gradient is read and written. Shaped as the ratings of InstEval: 2972 rows, 1128 columns, 73 421 ratings, rank 32,
/// the popular columns rated more.
/// </summary>
internal sealed unsafe class RatingsContest : Contest
{
    internal const int Ratings = 73_421;

    private const int Rows = 2972, Columns = 1128, Rank = 32;

    private readonly ParameterBuffer<float> parameters = new();
    private readonly BiasedFactorization<float> factorization = new(Rows, Columns, Rank);
    private readonly BiasedCompletionLoss<float> loss;
    private readonly int[] rows = new int[Ratings], columns = new int[Ratings];
    private readonly float[] values = new float[Ratings];
    private readonly float* factors = Allocate(), gradients = Allocate();

    internal RatingsContest()
    {
        var random = new Xoshiro256(7);
        for (int i = 0; i < Ratings; i++)
        {
            // In the order of the rows, as the loss goes through them too.
            rows[i] = (int)((long)i * Rows / Ratings);
            columns[i] = (int)(Math.Pow(random.NextDouble(), 2) * Columns);
            values[i] = (float)random.NextGaussian();
        }

        factorization.AddTo(parameters);
        factorization.Initialize(parameters, 7, 0.1);
        loss = new BiasedCompletionLoss<float>(factorization, rows, columns, values, biasPenalty: 5, factorPenalty: 15);
    }

    internal override (Work Rival, Work Ours) Works(int repetitions)
    {
        void Rival()
        {
            for (int i = 0; i < repetitions; i++)
            {
                Move();
            }
        }

        void Ours()
        {
            for (int i = 0; i < repetitions; i++)
            {
                loss.ComputeGradient(parameters);
            }
        }

        return (Rival, Ours);
    }

    /// <summary>Holds the gradient of the biases against sums by the definition.</summary>
    internal override void Verify()
    {
        loss.ComputeGradient(parameters);
        double[] expected = new double[Rows];
        for (int i = 0; i < Ratings; i++)
        {
            expected[rows[i]] += 2 * (factorization.ComputeValue(parameters, rows[i], columns[i]) - values[i]) / Ratings;
        }

        ReadOnlySpan<float> actual = parameters["ratings.rowBias"].Gradients;
        for (int row = 0; row < Rows; row++)
        {
            if (!(Math.Abs(expected[row] - actual[row]) <= 1e-5 * expected.Max(Math.Abs)))
            {
                throw new InvalidOperationException($"The gradient of the bias of row {row} is {actual[row]}, not {expected[row]}.");
            }
        }
    }

    public override void Dispose()
    {
        parameters.Dispose();
        NativeMemory.AlignedFree(factors);
        NativeMemory.AlignedFree(gradients);
    }

    private static float* Allocate()
    {
        void* memory = NativeMemory.AlignedAlloc(Columns * Rank * sizeof(float), 64);
        new Span<float>(memory, Columns * Rank).Clear();
        return (float*)memory;
    }

    private void Move()
    {
        foreach (int column in columns)
        {
            float* f = factors + (column * Rank), t = gradients + (column * Rank);
            for (int i = 0; i < Rank; i += Vector256<float>.Count)
            {
                (Vector256.Load(t + i) + Vector256.Load(f + i)).Store(t + i);
            }
        }
    }
}
