using System.Numerics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using OptDsl.Linear;

namespace OptDsl.Recorded.Tests;

/// <summary>Matrix products at ten shapes: what is direct, packed, cut for threads, and ragged in each side.</summary>
public class ProductTests
{
    private static readonly Recording Recorded = new("products.txt");

    private static readonly (int Rows, int Depth, int Columns)[] Shapes =
        [(1, 1, 1), (3, 5, 2), (7, 31, 9), (1, 129, 17), (33, 1, 65), (64, 64, 64), (100, 100, 100), (127, 255, 33), (257, 37, 401),
            (300, 520, 290)];

    [Fact]
    public void Products_have_the_recorded_bits()
    {
        Require<double>();
        Require<float>();
    }

    // Without the instruction a product is rounded before it is added, so that those processors have bits of their own.
    private static string Fused => Fma.IsSupported || AdvSimd.IsSupported ? "" : " without fused multiply-add";

    private static void Require<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var product = new MatrixProduct<T>();
        foreach ((int rows, int depth, int columns) in Shapes)
        {
            T[] a = new T[rows * depth], b = new T[depth * columns], c = new T[rows * columns];
            Numbers.Fill<T>(a, seed: 1);
            Numbers.Fill<T>(b, seed: 2);
            product.Multiply(new(a, rows, depth), new(b, depth, columns), c);
            Recorded.Require($"{rows} x {depth} x {columns} {typeof(T).Name}{Fused}", new Digest().Add<T>(c));
            product.Multiply(new MatrixView<T>(a, depth, rows).Transposed, new MatrixView<T>(b, columns, depth).Transposed, c);
            Recorded.Require($"{rows} x {depth} x {columns} transposed {typeof(T).Name}{Fused}", new Digest().Add<T>(c));
        }
    }
}
