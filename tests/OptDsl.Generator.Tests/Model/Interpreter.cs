using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using OptDsl.Generator.Model;
using OptDsl.Kernels;

namespace OptDsl.Generator.Tests.Model;

/// <summary>
/// Evaluates a parsed rule's expressions by recursion, one element at a time: per-element ones in the buffer's element,
/// uniform ones in the type they are declared in and rounded once where an element reads them. It knows nothing of plans,
/// slots, witnesses or emitted text. A sum of a fused rule is one rounding where its left side, or else its right side, is
/// a product computed per element.
/// </summary>
internal sealed class Interpreter<T>(RuleSpec rule, object instance)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly object?[] uniforms = new object?[rule.Nodes.Count];
    private readonly T[] values = new T[rule.Nodes.Count];
    private readonly bool[] conditions = new bool[rule.Nodes.Count];
    private readonly int[] visited = new int[rule.Nodes.Count];
    private object[] carried = new object[rule.Carried.Count];
    private int step, visit, element;
    private T[] parameters = [], gradients = [];

    internal T[][] Buffers { get; } = [.. rule.Buffers.Select(_ => Array.Empty<T>())];

    internal void Step(T[] parameters, T[] gradients)
    {
        step++;
        this.parameters = parameters;
        this.gradients = gradients;
        Array.Clear(uniforms);
        if (step == 1)
        {
            for (int i = 0; i < carried.Length; i++)
            {
                carried[i] = Uniform(rule.Carried[i].Initial);
            }

            for (int i = 0; i < Buffers.Length; i++)
            {
                Buffers[i] = new T[parameters.Length];
                Array.Fill(Buffers[i], Rounded(Uniform(rule.Buffers[i].Initial)));
            }
        }

        for (element = 0; element < parameters.Length; element++)
        {
            visit++;
            T[] stored = [.. rule.Buffers.Select(buffer => Value(buffer.Stored))];
            T update = Value(rule.Update);
            for (int k = 0; k < stored.Length; k++)
            {
                Buffers[k][element] = stored[k];
            }

            parameters[element] = update;
        }

        carried = [.. rule.Carried.Select(value => Uniform(value.Stored))];
    }

    private static T Rounded(object uniform) => uniform is float single ? T.CreateTruncating(single) : T.CreateTruncating((double)uniform);

    private T Value(int index)
    {
        if (visited[index] != visit)
        {
            values[index] = rule.Nodes[index].PerElement ? Element(rule.Nodes[index]) : Rounded(Uniform(index));
            visited[index] = visit;
        }

        return values[index];
    }

    private bool Condition(int index)
    {
        Expression node = rule.Nodes[index];
        if (!node.PerElement)
        {
            return (bool)Uniform(index);
        }

        if (visited[index] != visit)
        {
            conditions[index] = node.Operation switch
            {
                Operation.Not => !Condition(node.A),
                Operation.And or Operation.AndAlso => Condition(node.A) & Condition(node.B),
                Operation.Or or Operation.OrElse => Condition(node.A) | Condition(node.B),
                Operation.Conditional => Condition(node.A) ? Condition(node.B) : Condition(node.C),
                _ => Compare(node.Operation, Value(node.A), Value(node.B)),
            };
            visited[index] = visit;
        }

        return conditions[index];
    }

    private T Element(Expression node)
    {
        switch (node.Operation)
        {
            case Operation.Parameter:
                return parameters[element];
            case Operation.Gradient:
                return gradients[element];
            case Operation.Buffer:
                return Buffers[(int)node.Bits][element];
            case Operation.Conditional:
                return Condition(node.A) ? Value(node.B) : Value(node.C);
            case Operation.Add when rule.Fused && IsProduct(node.A, out Expression product):
                return T.FusedMultiplyAdd(Value(product.A), Value(product.B), Value(node.B));
            case Operation.Add when rule.Fused && IsProduct(node.B, out Expression product):
                return T.FusedMultiplyAdd(Value(product.A), Value(product.B), Value(node.A));
            case Operation.Subtract when rule.Fused && IsProduct(node.A, out Expression product):
                return T.FusedMultiplyAdd(Value(product.A), Value(product.B), -Value(node.B));
            case Operation.Subtract when rule.Fused && IsProduct(node.B, out Expression product):
                return T.FusedMultiplyAdd(-Value(product.A), Value(product.B), Value(node.A));
            default:
                return Compute(node.Operation, Value(node.A), node.B < 0 ? T.Zero : Value(node.B), node.C < 0 ? T.Zero : Value(node.C));
        }
    }

    private bool IsProduct(int index, out Expression product)
    {
        product = rule.Nodes[index];
        return product is { Operation: Operation.Multiply, PerElement: true };
    }

    private object Uniform(int index) => uniforms[index] ??= Compute(rule.Nodes[index]);

    private object Compute(Expression node)
    {
        switch (node.Operation)
        {
            case Operation.Constant:
                return node.Type switch
                {
                    ScalarType.Float64 => BitConverter.Int64BitsToDouble(node.Bits),
                    ScalarType.Float32 => BitConverter.Int32BitsToSingle((int)node.Bits),
                    ScalarType.Int32 => (int)node.Bits,
                    _ => node.Bits != 0,
                };
            case Operation.Hyperparameter:
                return Member(node.Text);
            case Operation.StaticValue:
                return Member(node.Text[(node.Text.LastIndexOf('@') + 1)..]);
            case Operation.Step:
                return step;
            case Operation.Carried:
                return carried[(int)node.Bits];
            case Operation.SwitchFailure:
                throw new SwitchExpressionException();
            case Operation.Correction:
                return RunningAverages.Correction((double)Uniform(node.A), step);
            case Operation.Weight:
                return 1 / Math.Min((double)Uniform(node.A), step);
            case Operation.AndAlso:
                return (bool)Uniform(node.A) && (bool)Uniform(node.B);
            case Operation.OrElse:
                return (bool)Uniform(node.A) || (bool)Uniform(node.B);
            case Operation.Conditional:
                return (bool)Uniform(node.A) ? Uniform(node.B) : Uniform(node.C);
        }

        object a = Uniform(node.A);
        object? b = node.B < 0 ? null : Uniform(node.B), c = node.C < 0 ? null : Uniform(node.C);
        if (node.Operation is >= Operation.Less and <= Operation.NotEqual)
        {
            return a switch
            {
                double x => Compare(node.Operation, x, (double)b!),
                float x => Compare(node.Operation, x, (float)b!),
                _ => Compare(node.Operation, (int)a, (int)b!),
            };
        }

        return (node.Operation, a) switch
        {
            (Operation.Convert, _) => Convert(node, a),
            (Operation.Not, bool x) => !x,
            (Operation.And, bool x) => x & (bool)b!,
            (Operation.Or, bool x) => x | (bool)b!,
            (_, double x) => Compute(node.Operation, x, b as double? ?? 0, c as double? ?? 0),
            (_, float x) => Compute(node.Operation, x, b as float? ?? 0, c as float? ?? 0),
            (_, int x) => Integer(node, x, b as int? ?? 0, c as int? ?? 0),
            _ => throw new NotSupportedException($"A uniform {node.Operation} of {a.GetType().Name}."),
        };
    }

    private object Member(string name)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        Type type = instance.GetType();
        return type.GetProperty(name, Any)?.GetValue(instance) ?? type.GetField(name, Any)?.GetValue(instance) ?? throw new MissingMemberException(type.Name, name);
    }

    private static object Convert(Expression node, object value) => (node.Type, value) switch
    {
        (ScalarType.Float64, _) => System.Convert.ToDouble(value, CultureInfo.InvariantCulture),
        (ScalarType.Float32, double x) => (float)x,
        (ScalarType.Float32, int x) => (float)x,
        (ScalarType.Int32, double x) => node.Bits == 1 ? checked((int)x) : (int)x,
        (ScalarType.Int32, float x) => node.Bits == 1 ? checked((int)x) : (int)x,
        _ => value,
    };

    private static int Integer(Expression node, int a, int b, int c) => node.Operation switch
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

    private static bool Compare<N>(Operation operation, N a, N b)
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

    private static N Compute<N>(Operation operation, N a, N b, N c)
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
            Operation.Pow => VectorMath.Pow<Simd1<N>, N, N>(a, b),
            Operation.Cbrt => VectorMath.Cbrt<Simd1<N>, N, N>(a),
            Operation.Hypot => VectorMath.Hypot<Simd1<N>, N, N>(a, b),
            _ => throw new NotSupportedException($"No rule had a {operation}; add it here."),
        };
}
