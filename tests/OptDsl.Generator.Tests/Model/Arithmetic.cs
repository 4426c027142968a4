using System.Globalization;
using System.Numerics;
using OptDsl.Generator.Model;
using OptDsl.Simd;

namespace OptDsl.Generator.Tests.Model;

/// <summary>What single operations compute, in any type.</summary>
internal static class Arithmetic
{
    internal static object Convert(Expression node, object value) => (node.Type, value) switch
    {
        (ScalarType.Float64, _) => System.Convert.ToDouble(value, CultureInfo.InvariantCulture),
        (ScalarType.Float32, double x) => (float)x,
        (ScalarType.Float32, int x) => (float)x,
        (ScalarType.Int32, double x) => node.Bits == 1 ? checked((int)x) : (int)x,
        (ScalarType.Int32, float x) => node.Bits == 1 ? checked((int)x) : (int)x,
        _ => value,
    };

    internal static int Integer(Expression node, int a, int b, int c) => node.Operation switch
    {
        Operation.Add => node.Bits == 1 ? checked(a + b) : a + b,
        Operation.Subtract => node.Bits == 1 ? checked(a - b) : a - b,
        Operation.Multiply => node.Bits == 1 ? checked(a * b) : a * b,
        Operation.Negate => node.Bits == 1 ? checked(-a) : -a,
        Operation.Divide => a / b,
        Operation.Remainder => a % b,
        Operation.Abs => Math.Abs(a),
        Operation.Min => Math.Min(a, b),
        Operation.Max => Math.Max(a, b),
        Operation.Clamp => Math.Clamp(a, b, c),
        _ => throw new NotSupportedException($"No rule had a {node.Operation} of ints; add it here."),
    };

    internal static bool Compare<N>(Operation operation, N a, N b)
        where N : INumber<N> => operation switch
        {
            Operation.Less => a < b,
            Operation.LessOrEqual => a <= b,
            Operation.Greater => a > b,
            Operation.GreaterOrEqual => a >= b,
            Operation.Equal => a == b,
            Operation.NotEqual => a != b,
            _ => throw new NotSupportedException($"{operation} is no comparison."),
        };

    internal static N Compute<N>(Operation operation, N a, N b, N c)
        where N : unmanaged, IBinaryFloatingPointIeee754<N> => operation switch
        {
            Operation.Add => a + b,
            Operation.Subtract => a - b,
            Operation.Multiply => a * b,
            Operation.Divide => a / b,
            Operation.Remainder => a % b,
            Operation.Negate => -a,
            Operation.Sqrt => N.Sqrt(a),
            Operation.Abs => N.Abs(a),
            Operation.Sign => a > N.Zero ? N.One : a < N.Zero ? -N.One : a,
            Operation.Min => N.Min(a, b),
            Operation.Max => N.Max(a, b),
            Operation.CopySign => N.CopySign(a, b),
            Operation.Floor => N.Floor(a),
            Operation.Ceiling => N.Ceiling(a),
            Operation.Truncate => N.Truncate(a),
            Operation.Round => N.Round(a),
            Operation.FusedMultiplyAdd => N.FusedMultiplyAdd(a, b, c),
            Operation.Clamp => b > c ? throw new ArgumentException("The bounds are out of order.") : a < b ? b : a > c ? c : a,
            Operation.Exp => VectorMath.Exp<Simd1<N>, N, N>(a),
            Operation.Log => VectorMath.Log<Simd1<N>, N, N>(a),
            Operation.Log2 => VectorMath.Log2<Simd1<N>, N, N>(a),
            Operation.Sin => VectorMath.Sin<Simd1<N>, N, N>(a),
            Operation.Cos => VectorMath.Cos<Simd1<N>, N, N>(a),
            Operation.Tanh => VectorMath.Tanh<Simd1<N>, N, N>(a),
            Operation.Atan => VectorMath.Atan<Simd1<N>, N, N>(a),
            Operation.Atan2 => VectorMath.Atan2<Simd1<N>, N, N>(a, b),
            Operation.Pow => VectorMath.Pow<Simd1<N>, N, N>(a, b),
            Operation.Cbrt => VectorMath.Cbrt<Simd1<N>, N, N>(a),
            Operation.Hypot => VectorMath.Hypot<Simd1<N>, N, N>(a, b),
            _ => throw new NotSupportedException($"No rule had a {operation}; add it here."),
        };
}
