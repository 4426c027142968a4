using System.Numerics;

namespace OptDsl.Models.Tests;

/// <summary>Products with sparse matrices against loops in double that use nothing of ours.</summary>
public class SparseProductTests
{
    // Rows without an entry, with one, and with numbers of them that are no multiple of four.
    private static readonly int[] Lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 0];

    /// <summary>
    /// Every width, so that each way of cutting a row comes: catches a part that leaves elements out, writes beyond its row or adds to what
    /// was there.
    /// </summary>
    [Fact]
    public void Rows_of_a_product_are_sums_of_dense_rows()
    {
        for (int width = 1; width <= 140; width++)
        {
            Multiply<float>(width, 2e-5);
            Multiply<double>(width, 1e-13);
        }
    }

    /// <summary>
    /// Catches entries left out where four are taken at a time, elements counted twice where a vector is read again, and writes beyond the
    /// products.
    /// </summary>
    [Fact]
    public void Products_of_rows_are_inner_products()
    {
        for (int width = 1; width <= 40; width++)
        {
            Dot<float>(width, 2e-5);
            Dot<double>(width, 1e-13);
        }
    }

    private static void Multiply<T>(int width, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Xoshiro256(9);
        const int DenseRows = 6;
        T[] dense = Random<T>(random, DenseRows * width), values = Random<T>(random, Lengths.Sum());
        int[] indices = Array.ConvertAll(values, _ => random.NextInt32(DenseRows)),
            starts = [0, .. Lengths.Select((_, row) => Lengths[..(row + 1)].Sum())];
        int[] targets = [.. Enumerable.Range(0, Lengths.Length).Select(row => row + 1)];
        foreach (int[] named in (int[][])[[], targets])
        {
            T[] product = new T[(Lengths.Length + 2) * width];
            Array.Fill(product, T.CreateTruncating(7));
            SparseProduct.MultiplyRows<T>(starts, indices, values, dense, width, named, product);
            int shift = named.Length == 0 ? 0 : 1;
            for (int at = 0; at < product.Length; at++)
            {
                int row = (at / width) - shift;
                double expected = 7;
                if (row >= 0 && row < Lengths.Length)
                {
                    expected = 0;
                    for (int k = starts[row]; k < starts[row + 1]; k++)
                    {
                        expected += double.CreateTruncating(values[k])
                            * double.CreateTruncating(dense[(indices[k] * width) + (at % width)]);
                    }
                }

                if (!(Math.Abs(expected - double.CreateTruncating(product[at])) <= tolerance))
                {
                    Assert.Fail($"{typeof(T).Name}, width {width}, row {row}, column {at % width}: {product[at]}, not {expected}");
                }
            }
        }
    }

    private static void Dot<T>(int width, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Xoshiro256(9);
        const int DenseRows = 6;
        T[] dense = Random<T>(random, DenseRows * width), row = Random<T>(random, width);
        foreach (int length in Lengths)
        {
            int[] indices = new int[length];
            for (int i = 0; i < length; i++)
            {
                indices[i] = random.NextInt32(DenseRows);
            }

            T[] products = new T[length + 5];
            Array.Fill(products, T.CreateTruncating(7));
            SparseProduct.DotRows<T>(row, dense, indices, products.AsSpan(0, length));
            for (int e = 0; e < products.Length; e++)
            {
                double expected = e < length ? 0 : 7;
                for (int i = 0; i < width && e < length; i++)
                {
                    expected += double.CreateTruncating(row[i]) * double.CreateTruncating(dense[(indices[e] * width) + i]);
                }

                if (!(Math.Abs(expected - double.CreateTruncating(products[e])) <= tolerance))
                {
                    Assert.Fail($"{typeof(T).Name}, width {width}, entry {e} of {length}: {products[e]}, not {expected}");
                }
            }
        }
    }

    private static T[] Random<T>(Xoshiro256 random, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = new T[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = T.CreateTruncating(random.NextGaussian());
        }

        return values;
    }
}
