using System.Numerics;
using OptDsl.Linear;

namespace OptDsl.Models.Tests;

/// <summary>The micro-kernel against a triple loop that uses nothing of ours.</summary>
public class MatrixProductTests
{
    private static readonly int[] Sides = [1, 2, 5, 6, 7, 8, 15, 16, 17, 31, 33, 47, 97, 100];

    [Fact]
    public void Float_products_of_any_shape_equal_the_triple_loop() => CheckRandomShapes<float>(2e-6);

    [Fact]
    public void Double_products_of_any_shape_equal_the_triple_loop() => CheckRandomShapes<double>(4e-15);

    [Theory]
    [InlineData(0, 3, 4)]
    [InlineData(3, 0, 4)]
    [InlineData(3, 4, 0)]
    [InlineData(0, 0, 0)]
    public void An_empty_side_gives_an_empty_or_zero_product(int rows, int depth, int columns)
    {
        float[] product = new float[rows * columns];
        Array.Fill(product, 5f);
        new MatrixProduct<float>(1)
            .Multiply(new(new float[rows * depth], rows, depth), new(new float[depth * columns], depth, columns), product);
        Assert.All(product, value => Assert.Equal(0f, value));
    }

    [Theory]
    [InlineData(40, 600, 784)]
    [InlineData(97, 257, 129)]
    [InlineData(800, 270, 50)]
    [InlineData(5, 3, 2100)]
    [InlineData(3, 1000, 2)]
    public void Bits_depend_neither_on_threads_nor_on_width(int rows, int depth, int columns)
    {
        SameBits<float>(rows, depth, columns);
        SameBits<double>(rows, depth, columns);
    }

    [Fact]
    public void Multiplying_allocates_nothing_once_reserved()
    {
        AllocatesNothing<float>();
        AllocatesNothing<double>();
    }

    [Fact]
    public void Misuse_is_refused_before_anything_is_written()
    {
        var product = new MatrixProduct<float>(1);
        float[] c = [7, 7, 7, 7];
        Assert.Contains("inner sides",
            Assert.Throws<ArgumentException>(() => product.Multiply(new(new float[6], 2, 3), new(new float[4], 2, 2), c)).Message,
                StringComparison.Ordinal);
        Assert.Contains("2 x 2",
            Assert.Throws<ArgumentException>(() => product.Multiply(new(new float[6], 2, 3), new(new float[6], 3, 2), c.AsSpan(1))).Message,
                StringComparison.Ordinal);
        Assert.Contains("overlaps",
            Assert.Throws<ArgumentException>(() => product.Multiply(new(c, 2, 2), new(new float[4], 2, 2), c)).Message,
                StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new MatrixView<float>(c, 3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MatrixView<float>(c, -1, -4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MatrixView<float>(c, 2, 2)[2, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MatrixProduct<float>(-1));
        Assert.Throws<NotSupportedException>(() => new MatrixProduct<Half>());
        Assert.Equal<float>([7, 7, 7, 7], c);
    }

    private static void AllocatesNothing<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var product = new MatrixProduct<T>(2);
        product.Reserve(150, 150, 150);
        T[] a = new T[150 * 150], b = new T[150 * 150], c = new T[150 * 150];
        for (int i = 0; i < 20; i++)
        {
            product.Multiply(new(a, 150, 150), new(b, 150, 150), c);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            product.Multiply(new(a, 150, 150), new MatrixView<T>(b, 150, 150).Transposed, c);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void CheckRandomShapes<T>(double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Xoshiro256(11);
        var product = new MatrixProduct<T>(2);
        for (int trial = 0; trial < 120; trial++)
        {
            int rows = Sides[random.NextInt32(Sides.Length)], depth = Sides[random.NextInt32(Sides.Length)],
                columns = Sides[random.NextInt32(Sides.Length)];
            T[] a = Random<T>(random, rows * depth), b = Random<T>(random, depth * columns), c = Random<T>(random, rows * columns);
            bool turnA = trial % 2 == 1, turnB = trial / 2 % 2 == 1;
            MatrixView<T> left = turnA ? new MatrixView<T>(a, depth, rows).Transposed : new(a, rows, depth);
            MatrixView<T> right = turnB ? new MatrixView<T>(b, columns, depth).Transposed : new(b, depth, columns);
            product.Multiply(left, right, c);
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    double sum = 0;
                    for (int k = 0; k < depth; k++)
                    {
                        sum += double.CreateTruncating(turnA ? a[(k * rows) + i] : a[(i * depth) + k])
                            * double.CreateTruncating(turnB ? b[(j * depth) + k] : b[(k * columns) + j]);
                    }

                    Assert.True(Math.Abs(sum - double.CreateTruncating(c[(i * columns) + j])) <= tolerance * depth,
                        $"{rows} x {depth} x {columns}, transposed {turnA} {turnB}, at {i}, {j}");
                }
            }
        }
    }

    private static void SameBits<T>(int rows, int depth, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Xoshiro256(5);
        T[] a = Random<T>(random, rows * depth), b = Random<T>(random, depth * columns), expected = new T[rows * columns],
            actual = new T[rows * columns];
        new MatrixProduct<T>(1).Multiply(new(a, rows, depth), new(b, depth, columns), expected);
        foreach (SimdWidth width in new[] { SimdWidth.Scalar, SimdWidth.Bits128, SimdWidth.Bits256, SimdWidth.Bits512 })
        {
            foreach (int threads in new[] { 1, 2, 5 })
            {
                Array.Fill(actual, T.NaN);
                new MatrixProduct<T>(threads, width).Multiply(new(a, rows, depth), new(b, depth, columns), actual);
                Assert.True(expected.AsSpan().SequenceEqual(actual), $"{width}, {threads} threads");
            }
        }
    }

    private static T[] Random<T>(Xoshiro256 random, int length)
        where T : IBinaryFloatingPointIeee754<T>
    {
        var values = new T[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = T.CreateTruncating((2 * random.NextDouble()) - 1);
        }

        return values;
    }
}
