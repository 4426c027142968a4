using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using OptDsl.Contract;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Tests.Model;

/// <content>Values of one a group, tensor, row or column: asked for at any place of it.</content>
internal sealed partial class Interpreter<T>
{
    private object Uniform(int index, int place)
    {
        Expression node = nodes[index];
        object?[] known = uniforms[index] ??= new object?[layout.Numbers(node.Kind)];
        return known[layout.Number(node.Kind, place)] ??= Compute(node, place);
    }

    private object Compute(Expression node, int place)
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
                return Member(node.Text[(node.Text.LastIndexOf('.') + 1)..], node.Owner, place);
            case Operation.StaticValue:
                return Member(node.Text[(node.Text.LastIndexOf('@') + 1)..], "", place);
            case Operation.Step:
                return step;
            case Operation.Loss:
                return Arithmetic.Convert(node, Loss);
            case Operation.Rows:
                return layout.TensorAt(place).Rows;
            case Operation.Columns:
                return layout.TensorAt(place).Columns;
            case Operation.Count:
                return layout.TensorAt(place).Count;
            case Operation.Rank:
                return layout.TensorAt(place).Rank;
            case Operation.Input:
                return Arithmetic.Convert(node, ((double[])Inputs[(int)node.Bits]!)[layout.Number(Kind.Tensor, place)]);
            case Operation.Noise:
                return rule.Element == ScalarType.Float32 ? (object)Draw<float>(rule.Extras[(int)node.Bits], place)
                    : Draw<double>(rule.Extras[(int)node.Bits], place);
            case Operation.Carried:
                return Carried[(int)node.Bits][layout.Number(node.Kind, place)];
            case Operation.Reduction:
                return Reduce(ReductionSpec.Of(node), node.A, place);
            case Operation.SwitchFailure:
                throw new SwitchExpressionException();
            case Operation.Correction:
                return RunningAverages.Correction((double)Uniform(node.A, place), step);
            case Operation.Mass:
                return RunningAverages.Mass((double)Uniform(node.A, place), step);
            case Operation.Weight:
                return 1 / Math.Min((double)Uniform(node.A, place), step);
            case Operation.AndAlso:
                return (bool)Uniform(node.A, place) && (bool)Uniform(node.B, place);
            case Operation.OrElse:
                return (bool)Uniform(node.A, place) || (bool)Uniform(node.B, place);
            case Operation.Conditional:
                return (bool)Uniform(node.A, place) ? Uniform(node.B, place) : Uniform(node.C, place);
        }

        object a = Uniform(node.A, place);
        object? b = node.B < 0 ? null : Uniform(node.B, place), c = node.C < 0 ? null : Uniform(node.C, place);
        if (node.Operation is >= Operation.Less and <= Operation.NotEqual)
        {
            return a switch
            {
                double x => Arithmetic.Compare(node.Operation, x, (double)b!),
                float x => Arithmetic.Compare(node.Operation, x, (float)b!),
                _ => Arithmetic.Compare(node.Operation, (int)a, (int)b!),
            };
        }

        return (node.Operation, a) switch
        {
            (Operation.Widen, _) => a,
            (Operation.Convert, _) => Arithmetic.Convert(node, a),
            (Operation.Not, bool x) => !x,
            (Operation.And, bool x) => x & (bool)b!,
            (Operation.Or, bool x) => x | (bool)b!,
            (_, double x) => Arithmetic.Compute(node.Operation, x, b as double? ?? 0, c as double? ?? 0),
            (_, float x) => Arithmetic.Compute(node.Operation, x, b as float? ?? 0, c as float? ?? 0),
            (_, int x) => Arithmetic.Integer(node, x, b as int? ?? 0, c as int? ?? 0),
            _ => throw new NotSupportedException($"A uniform {node.Operation} of {a.GetType().Name}."),
        };
    }

    /// <summary>
    /// The value of the rule's type or the nearest base type that has the name; where an owner is given, of that one or the nearest below
    /// it.
    /// </summary>
    private object Member(string name, string owner, int place)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.DeclaredOnly;
        object instance = instances[layout.Number(Kind.Group, place)];
        bool met = owner.Length == 0;
        for (Type? type = instance.GetType(); type is not null; type = type.BaseType)
        {
            met |= owner == "global::" + type.FullName;
            if (met && (type.GetProperty(name, Own)?.GetValue(instance) ?? type.GetField(name, Own)?.GetValue(instance)) is { } value)
            {
                return value is Enum choice ? System.Convert.ToInt32(choice, CultureInfo.InvariantCulture) : value;
            }
        }

        throw new MissingMemberException(instance.GetType().Name, name);
    }

    /// <summary>A draw: keyed by the attempt, by the input's name, and by the place of the first parameter of what it is one of.</summary>
    private N Draw<N>(ExtraSpec extra, int place)
        where N : unmanaged, IBinaryFloatingPointIeee754<N>
    {
        uint stream = 2166136261;
        foreach (char c in extra.Name)
        {
            stream = unchecked((stream ^ c) * 16777619);
        }

        NoiseKind kind = extra.Extra switch
        {
            ExtraKind.Gaussian => NoiseKind.Gaussian,
            ExtraKind.Uniform => NoiseKind.Uniform,
            _ => NoiseKind.Rademacher,
        };
        return Noise.At<N>(kind, new NoiseKey(seed, (ulong)step, stream),
            (ulong)(extra.Scope == ScopeKind.Global ? 0 : layout.First(extra.Kind, place)));
    }
}
