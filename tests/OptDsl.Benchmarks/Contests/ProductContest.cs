using System.Numerics;
using OptDsl.Linear;

namespace OptDsl.Benchmarks;

/// <summary>A product of square matrices on one thread against OpenBLAS's.</summary>
internal sealed class ProductContest<T> : Contest
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MatrixProduct<T> product = new(threads: 1);
    private readonly OpenBlas blas;
    private readonly int side;
    private readonly T[] a, b, ours, theirs;

    internal ProductContest(OpenBlas blas, int side)
    {
        this.blas = blas;
        this.side = side;
        (a, b) = (Matrix(1), Matrix(2));
        (ours, theirs) = (new T[side * side], new T[side * side]);
    }

    internal override (Work Rival, Work Ours) Works(int repetitions) => (
        () =>
        {
            for (int i = 0; i < repetitions; i++)
            {
                blas.Multiply<T>(a, b, theirs, side);
            }
        },
        () =>
        {
            for (int i = 0; i < repetitions; i++)
            {
                product.Multiply(new MatrixView<T>(a, side, side), new MatrixView<T>(b, side, side), ours);
            }
        }
    );

    internal override void Verify()
    {
        (Work rival, Work own) = Works(1);
        rival();
        own();
        T tolerance = T.CreateChecked(typeof(T) == typeof(float) ? 1e-5 : 1e-13) * T.CreateChecked(side);
        for (int i = 0; i < ours.Length; i++)
        {
            if (T.Abs(ours[i] - theirs[i]) > tolerance)
            {
                throw new InvalidOperationException($"Products of side {side} differ at {i}: ours {ours[i]}, OpenBLAS's {theirs[i]}.");
            }
        }
    }

    public override void Dispose()
    {
    }

    private T[] Matrix(int seed)
    {
        var random = new Random(seed);
        var values = new T[side * side];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = T.CreateTruncating(random.NextDouble() - 0.5);
        }

        return values;
    }
}
