using System.Globalization;
using System.Numerics;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Tests.Model;

/// <summary>
/// Evaluates a parsed rule's expressions by recursion from each value that is stored, one element at a time: per-element ones
/// in the buffer's element, those a reduction takes in double, uniform ones in the type they are declared in and rounded once
/// where an element reads them. It knows nothing of plans, levels, passes, slots, witnesses or emitted text. A sum of a fused
/// rule is one rounding where its left side, or else its right side, is a product computed per element.
/// </summary>
/// <param name="rule">The parsed rule.</param>
/// <param name="layout">The tensors.</param>
/// <param name="instances">The rule's values, by group in order of appearance.</param>
/// <param name="seed">What draws are keyed by.</param>
internal sealed partial class Interpreter<T>(RuleSpec rule, TensorLayout layout, IReadOnlyList<object> instances, ulong seed = 0)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Expression[] nodes = [.. rule.Nodes, .. rule.ReadingNodes];
    private readonly object?[]?[] uniforms = new object?[rule.Nodes.Count + rule.ReadingNodes.Count][];
    private readonly T?[]?[] values = new T?[rule.Nodes.Count + rule.ReadingNodes.Count][];
    private readonly double?[]?[] wideValues = new double?[rule.Nodes.Count + rule.ReadingNodes.Count][];
    private readonly bool?[]?[] conditions = new bool?[rule.Nodes.Count + rule.ReadingNodes.Count][];
    private readonly Dictionary<int, bool> widened = [];
    private IReadOnlyList<object> instances = instances;
    private T[] parameters = [], gradients = [], filled = [];
    private int step;

    internal Interpreter(RuleSpec rule, object instance, int length)
        : this(rule, new TensorLayout([([length], 0)]), [instance])
    {
    }

    /// <summary>The states of one value a parameter.</summary>
    internal T[][] Buffers { get; } = [.. rule.Buffers.Select(_ => Array.Empty<T>())];

    /// <summary>The values carried from step to step, each by number among those of its kind.</summary>
    internal object[][] Carried { get; private set; } = [.. rule.Carried.Select(_ => Array.Empty<object>())];

    /// <summary>The loss of the step.</summary>
    internal double Loss { get; set; }

    /// <summary>Whether gradients are those of a function: what is given and a quarter of the point.</summary>
    internal bool EvaluatesAtPoints { get; set; }

    /// <summary>By extra input, the caller's numbers: one a parameter, or one a tensor.</summary>
    internal Array?[] Inputs { get; } = new Array?[rule.Extras.Count];

    /// <summary>Whether a step computes what is observed, and throws where that does.</summary>
    internal bool Observing { get; set; }

    /// <summary>Of the last step: the model to use and save, and the search direction; null where computing it throws.</summary>
    internal T[]? Read { get; private set; } = [];

    internal T[]? Direction { get; private set; } = [];

    /// <summary>
    /// Of the last step, by what is observed and by tensor: sum of squares, least, greatest, sum and number that are not zero.
    /// </summary>
    internal double[][][] Observed { get; private set; } = [];

    /// <summary>Makes a step.</summary>
    /// <param name="parameters">The parameters, which are replaced.</param>
    /// <param name="gradients">The gradients.</param>
    internal void Step(T[] parameters, T[] gradients)
    {
        step++;
        this.parameters = parameters;
        filled = gradients;
        this.gradients = EvaluatesAtPoints ? [.. gradients.Select((gradient, place) => PointGradient(gradient, parameters[place]))]
            : gradients;
        Forget();
        if (step == 1)
        {
            // Nothing an initial value is made of reads a state, so the order does not matter.
            Check(rule.InitialChecks);
            object[][] carried = [.. rule.Carried.Select(value => Each(value.Kind, place => Uniform(value.Initial, place)))];
            T[][] buffers = [.. rule.Buffers.Select(buffer => Elements(buffer.Initial))];
            Begin(carried, buffers);
            Forget();
        }

        Check(Observing ? MemberNeeds.OfObservedStep(rule) : MemberNeeds.OfStep(rule));
        T[][] stored = [.. rule.Buffers.Select(buffer => Elements(buffer.Stored))];
        object[][] next = [.. rule.Carried.Select(value => Each(value.Kind, place => Uniform(value.Stored, place)))];
        T[] update = Elements(rule.Update);
        Observed = Observing ? [.. rule.Observed.Select(observed => Observe(observed.Node))] : [];
        Read = rule.ReadAt < 0 ? update : Attempt(() => Elements(rule.ReadAt));
        Direction = rule.SearchDirection < 0 ? [] : Attempt(() =>
        {
            Check(MemberNeeds.OfDirection(rule));
            return Elements(rule.SearchDirection);
        });
        Begin(next, stored);
        update.CopyTo(parameters, 0);
    }

    /// <summary>
    /// The model to use and save, computed after the step from what it stored, with these values of the rule; null where that throws.
    /// </summary>
    internal T[]? ReadAnew(IReadOnlyList<object> rules)
    {
        int kept = rule.Buffers.ToList().FindIndex(buffer => buffer.Role == MemoryRole.ReadAt);
        if (rule.ReadAt < 0 || kept >= 0)
        {
            return kept < 0 ? parameters : Buffers[kept];
        }

        IReadOnlyList<object> own = instances;
        instances = rules;
        Forget();
        T[]? model = Attempt(() =>
        {
            Check(rule.ReadingChecks);
            return Elements(rule.Reading);
        });
        instances = own;
        return model;
    }

    /// <summary>What the bodies of the members must not throw at, whether what they compute is used or not.</summary>
    private void Check(IEnumerable<int> members)
    {
        foreach (int member in members)
        {
            Check(rule.Members[member].Checks);
        }
    }

    private void Check(IEnumerable<CheckSpec> checks)
    {
        foreach (CheckSpec check in checks)
        {
            for (int place = 0; place < layout.Count; place++)
            {
                object value = Uniform(check.Node, place);
                if (check.Max >= 0
                    && System.Convert.ToDouble(value, CultureInfo.InvariantCulture)
                    > System.Convert.ToDouble(Uniform(check.Max, place), CultureInfo.InvariantCulture))
                {
                    throw new ArgumentException("The bounds are out of order.");
                }
            }
        }
    }

    private static T[]? Attempt(Func<T[]> compute)
    {
        try
        {
            return compute();
        }
        catch (Exception exception) when (exception is ArithmeticException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private void Begin(object[][] carried, T[][] buffers)
    {
        Carried = carried;
        buffers.CopyTo(Buffers, 0);
    }

    private void Forget()
    {
        Array.Clear(uniforms);
        Array.Clear(values);
        Array.Clear(wideValues);
        Array.Clear(conditions);
    }

    private T[] Elements(int node) => [.. Enumerable.Range(0, layout.Count).Select(place => Value(node, place))];

    /// <summary>A value for each group, tensor, row or column.</summary>
    private object[] Each(Kind kind, Func<int, object> value)
    {
        var result = new object[layout.Numbers(kind)];
        for (int place = layout.Count - 1; place >= 0; place--)
        {
            result[layout.Number(kind, place)] = value(place);
        }

        return result;
    }

    private static ref V? Known<V>(V?[]?[] memory, int node, int place, int size)
        where V : struct => ref (memory[node] ??= new V?[size])[place];

    private static T Rounded(object uniform) => uniform is float single ? T.CreateTruncating(single) : T.CreateTruncating((double)uniform);

    private T Value(int index, int place)
        => nodes[index].PerElement ? Known(values, index, place, layout.Count) ??= Element(nodes[index], place)
        : Rounded(Uniform(index, place));

    /// <summary>What a reduction reads: in double, but for what differs from column to column, which an element was made of.</summary>
    private double Wide(int index, int place)
    {
        Expression node = nodes[index];
        if (!node.PerElement)
        {
            return node.Kind == Kind.Column ? double.CreateTruncating(Rounded(Uniform(index, place)))
                : System.Convert.ToDouble(Uniform(index, place), System.Globalization.CultureInfo.InvariantCulture);
        }

        return Known(wideValues, index, place, layout.Count) ??= node.Operation switch
        {
            Operation.Widen => double.CreateTruncating(Value(node.A, place)),
            _ when !IsWidened(index) => double.CreateTruncating(Value(index, place)),
            _ => Compute(node, operand => Wide(operand, place), place),
        };
    }

    /// <summary>Whether a value is made of what was widened in the same pass over the elements.</summary>
    private bool IsWidened(int index)
    {
        if (!widened.TryGetValue(index, out bool known))
        {
            Expression node = nodes[index];
            widened[index] = known = node.Operation != Operation.Reduction
                && (node.Operation == Operation.Widen || node.Operands.Any(IsWidened));
        }

        return known;
    }

    private bool Condition(int index, int place)
    {
        Expression node = nodes[index];
        if (!node.PerElement)
        {
            return (bool)Uniform(index, place);
        }

        return Known(conditions, index, place, layout.Count) ??= node.Operation switch
        {
            Operation.Not => !Condition(node.A, place),
            Operation.And or Operation.AndAlso => Condition(node.A, place) & Condition(node.B, place),
            Operation.Or or Operation.OrElse => Condition(node.A, place) | Condition(node.B, place),
            Operation.Conditional => Condition(node.A, place) ? Condition(node.B, place) : Condition(node.C, place),
            _ when IsWidened(index) => Arithmetic.Compare(node.Operation, Wide(node.A, place), Wide(node.B, place)),
            _ => Arithmetic.Compare(node.Operation, Value(node.A, place), Value(node.B, place)),
        };
    }

    private T Element(Expression node, int place)
    {
        switch (node.Operation)
        {
            case Operation.Parameter:
                return parameters[place];
            case Operation.Gradient:
                return gradients[place];
            case Operation.PointGradient:
                return PointGradient(filled[place], Value(node.A, place));
            case Operation.Buffer:
                return Buffers[(int)node.Bits][place];
            case Operation.Input:
                return ((T[])Inputs[(int)node.Bits]!)[place];
            case Operation.Noise:
                return Draw<T>(rule.Extras[(int)node.Bits], place);
            default:
                return Compute(node, operand => Value(operand, place), place);
        }
    }

    /// <summary>
    /// The gradient at another point, of the function that the comparison uses. A NaN of it has one sign: which one a point's has is not
    /// promised.
    /// </summary>
    internal static T PointGradient(T gradient, T point)
        => gradient + (T.CreateTruncating(0.25) * point) is var value && T.IsNaN(value) ? T.NaN : value;

    private N Compute<N>(Expression node, Func<int, N> value, int place)
        where N : unmanaged, IBinaryFloatingPointIeee754<N>
    {
        switch (node.Operation)
        {
            case Operation.Conditional:
                return Condition(node.A, place) ? value(node.B) : value(node.C);
            case Operation.Add when rule.Fused && IsProduct(node.A, out Expression product):
                return N.FusedMultiplyAdd(value(product.A), value(product.B), value(node.B));
            case Operation.Add when rule.Fused && IsProduct(node.B, out Expression product):
                return N.FusedMultiplyAdd(value(product.A), value(product.B), value(node.A));
            case Operation.Subtract when rule.Fused && IsProduct(node.A, out Expression product):
                return N.FusedMultiplyAdd(value(product.A), value(product.B), -value(node.B));
            case Operation.Subtract when rule.Fused && IsProduct(node.B, out Expression product):
                return N.FusedMultiplyAdd(-value(product.A), value(product.B), value(node.A));
            default:
                return Arithmetic.Compute(node.Operation, value(node.A), node.B < 0 ? N.Zero : value(node.B),
                    node.C < 0 ? N.Zero : value(node.C));
        }
    }

    private bool IsProduct(int index, out Expression product)
    {
        product = nodes[index];
        return product is { Operation: Operation.Multiply, PerElement: true };
    }
}
