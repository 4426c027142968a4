using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Report;

/// <summary>
/// The degree of the update's change, that is of update - parameter, in the gradient or in the parameters: by which power of
/// a factor it grows when all of them, of every step, are multiplied by it. States are looked through to a fixed point.
/// </summary>
/// <remarks>
/// A constant beside something that grows, such as Adam's epsilon, is left out of the degree and noted: the degree is that
/// of the rule where the constant does not matter. Terms that depend on the one or the other and disagree have none.
/// </remarks>
internal sealed class DegreeAnalysis : StateFixedPoint<Degree>
{
    private const string BoundsDegree = "bounds degree {1} by degree {0}";

    private const int MostRounds = 16;
    private const int DeepestCondition = 16;

    private readonly Operation scaled;
    private readonly FormulaPrinter formulas;
    private readonly Degree?[] changes;
    private readonly Dictionary<(int Node, bool Change), string> notes = [];

    internal DegreeAnalysis(RuleSpec rule, Operation scaled, FormulaPrinter formulas)
        : base(rule, MostRounds)
    {
        (this.scaled, this.formulas) = (scaled, formulas);
        changes = new Degree?[Rule.Nodes.Count];
        Solve();
        for (int i = 0; i < Rule.Nodes.Count; i++)
        {
            changes[i] = ChangeOf(i, Rule.Nodes[i]);
        }
    }

    /// <summary>The degree of the update's change; null where it has none.</summary>
    internal double? OfChange => changes[Rule.Update] is { IsMixed: false } change ? change.Value : null;

    /// <summary>What keeps the change from being homogeneous, in the order of the rule's expressions.</summary>
    internal IEnumerable<string> Notes
    {
        get
        {
            if (changes[Rule.Update] is null)
            {
                return ["the update is not the parameter and what is added to it"];
            }

            var reached = new HashSet<(int Node, bool Change)>();
            var pending = new Stack<(int Node, bool Change)>([(Rule.Update, true)]);
            while (pending.Count > 0)
            {
                (int Node, bool Change) place = pending.Pop();
                if (reached.Add(place))
                {
                    foreach ((int, bool) next in Below(place.Node, place.Change))
                    {
                        pending.Push(next);
                    }
                }
            }

            string[] found = [.. reached.OrderBy(place => place.Node).ThenBy(place => place.Change).Where(notes.ContainsKey)
                .Select(place => notes[place])
                .Concat(reached.Select(place => place.Node).Distinct().OrderBy(node => node).Select(InitialNote).OfType<string>())
                .Distinct()];
            return found.Length == 0 && OfChange is null ? ["the states' degrees change from step to step"] : found;
        }
    }

    /// <summary>A state that begins with a number beside which what it keeps grows.</summary>
    private string? InitialNote(int index)
    {
        Expression node = Rule.Nodes[index];
        (int initial, int stored, string name) = node.Operation == Operation.Buffer
            ? (Rule.Buffers[(int)node.Bits].Initial, Rule.Buffers[(int)node.Bits].Stored, Rule.Buffers[(int)node.Bits].Name)
            : node.Operation == Operation.Carried
            ? (Rule.Carried[(int)node.Bits].Initial, Rule.Carried[(int)node.Bits].Stored, Rule.Carried[(int)node.Bits].Name)
            : (-1, -1, "");
        if (initial < 0 || this[stored].IsMixed || this[initial].Agrees(this[stored]))
        {
            return null;
        }

        Degree begins = this[initial], keeps = this[stored];
        return begins.IsMixed ? $"what {name} begins with has no degree"
            : $"{name} begins with {formulas.Mention(initial)}, of degree {Exponents.Print(begins.Value)}, and keeps degree {Exponents.Print(keeps.Value)}";
    }

    protected override Degree Unknown => Degree.Mixed;

    protected override Degree Begin(int initial) => Constants.LiteralOf(Rule.Nodes, initial) is 0 ? Degree.Any : Degree.Constant;

    protected override Degree Join(Degree state, int stored, int initial) => state.With(this[stored]);

    protected override Degree Evaluate(int index, Expression node)
    {
        // A round before may have seen other states.
        notes.Remove((index, false));
        Degree a = At(node.A, default), b = At(node.B, default), c = At(node.C, default);
        switch (node.Operation)
        {
            case Operation.Constant:
                return node.Type != ScalarType.Boolean && Constants.ValueOf(node) == 0 ? Degree.Any : Degree.Constant;
            case Operation.Hyperparameter or Operation.StaticValue or Operation.SwitchFailure:
                return Degree.Constant;
            case Operation.Parameter or Operation.Gradient:
                return node.Operation == scaled ? Degree.Of(1) : Degree.Zero;
            case Operation.Buffer or Operation.Carried:
                return StateOf(node);
            case Operation.Conditional:
                Degree chosen = Choice(index, node, b, c);
                return a.IsMixed ? Degree.Mixed : chosen.IsConstant && !a.IsConstant ? Degree.Zero : chosen;
            case Operation.FusedMultiplyAdd:
                return Sum(index, node.A, a.Times(b), node.C, c, "adds degree {0} to degree {1}");
            default:
                return ByTable(index, node, node.Operation.Spec().Dimension, a, b, c);
        }
    }

    private Degree ByTable(int index, Expression node, Dimension dimension, Degree a, Degree b, Degree c) => dimension.Rule switch
    {
        DimensionRule.Number => Degree.Constant,
        DimensionRule.Draw => Degree.Zero,
        DimensionRule.Gradient or DimensionRule.Loss => scaled == Operation.Gradient ? Degree.Of(1) : Degree.Zero,
        DimensionRule.Same => a,
        DimensionRule.Rounded or DimensionRule.PureFunction => OfNumber(index, a),
        DimensionRule.Sum => Sum(index, node.A, a, node.B, b, "adds degree {0} to degree {1}"),
        DimensionRule.Choice when node.C >= 0 => Sum(index, node.A, Bounded(index, node, a, b), node.C, c, BoundsDegree),
        DimensionRule.Choice => Bounded(index, node, a, b),
        DimensionRule.Comparison => Joint(Sum(index, node.A, a, node.B, b, "compares degree {1} with degree {0}"), a, b),
        DimensionRule.Logic => a.IsMixed || b.IsMixed ? Degree.Mixed : a.IsConstant && b.IsConstant ? Degree.Constant : Degree.Zero,
        DimensionRule.Product => Noted(index, a.Times(b), "has no degree that stays within bounds", a, b),
        DimensionRule.Quotient => Noted(index, a.Times(b, -1), "has no degree that stays within bounds", a, b),
        DimensionRule.Root => a.Power(dimension.Exponent),
        DimensionRule.Angle => Angle(index, a, b),
        DimensionRule.Power => Constants.LiteralOf(Rule.Nodes, node.B) is { } exponent ? a.Power(exponent)
            : b.IsConstant ? OfNumber(index, a)
            : Noted(index, Degree.Mixed, "has an exponent that is no constant", a, b),
        _ => Noted(index, Degree.Mixed, "is given by the caller, who knows its degree", a, b),
    };

    private Degree Bounded(int index, Expression node, Degree a, Degree b) => Sum(index, node.A, a, node.B, b, BoundsDegree);

    /// <summary>Of a value that is the same where both operands are scaled alike.</summary>
    private static Degree Joint(Degree sum, Degree a, Degree b)
        => sum.IsMixed ? Degree.Mixed : a.Kind <= DegreeKind.Constant && b.Kind <= DegreeKind.Constant ? Degree.Constant : Degree.Zero;

    /// <summary>
    /// Scaling both sides alike leaves the angle as it is. A constant side is no epsilon: beside it the angle is what an arctangent makes
    /// of the other.
    /// </summary>
    private Degree Angle(int index, Degree a, Degree b)
        => !a.IsMixed && !b.IsMixed && a.Agrees(b) ? Joint(Degree.Zero, a, b)
            : Noted(index, Degree.Mixed, $"is the angle of degree {Exponents.Print(a.Value)} beside degree {Exponents.Print(b.Value)}", a,
                b);

    /// <summary>A degree, and where it has none, although what it is made of has, why.</summary>
    private Degree Noted(int index, Degree degree, string why, params Degree[] operands)
    {
        if (degree.IsMixed && !operands.Any(operand => operand.IsMixed))
        {
            notes[(index, false)] = $"{formulas.Print(index)} {why}";
        }

        return degree;
    }

    /// <summary>A function that is not homogeneous keeps degree zero, and nothing else.</summary>
    private Degree OfNumber(int index, Degree a) => a.Kind switch
    {
        DegreeKind.Any => Degree.Constant,
        DegreeKind.Constant => a,
        _ => a.Agrees(Degree.Zero) ? Degree.Zero
            : Noted(index, Degree.Mixed, $"is a function of degree {Exponents.Print(a.Value)} that is not homogeneous", a),
    };

    /// <summary>
    /// The degree of update - parameter; null where a node is no parameter to which something was added. A factor 1 - x of the
    /// parameter, as weight decay has, adds -x times it.
    /// </summary>
    private Degree? ChangeOf(int index, Expression node)
    {
        switch (node.Operation)
        {
            case Operation.Parameter:
                return Degree.Any;
            case Operation.Add when changes[node.A] is { } left:
                return Sum(index, node.A, left, node.B, this[node.B], "adds degree {0} to degree {1}", isChange: true);
            case Operation.Add when changes[node.B] is { } right:
                return Sum(index, node.A, this[node.A], node.B, right, "adds degree {0} to degree {1}", isChange: true);
            case Operation.Subtract when changes[node.A] is { } from:
                return Sum(index, node.A, from, node.B, this[node.B], "adds degree {0} to degree {1}", isChange: true);
            case Operation.FusedMultiplyAdd when changes[node.C] is { } addend:
                return Sum(index, node.A, this[node.A].Times(this[node.B]), node.C, addend, "adds degree {0} to degree {1}",
                    isChange: true);
            case Operation.Multiply when Rule.Nodes[node.A].Operation == Operation.Parameter:
                return this[node.A].Times(LessOne(node.B));
            case Operation.Multiply when Rule.Nodes[node.B].Operation == Operation.Parameter:
                return this[node.B].Times(LessOne(node.A));
            case Operation.Conditional when changes[node.B] is { } whenTrue && changes[node.C] is { } whenFalse:
                return this[node.A].IsMixed ? Degree.Mixed : Choice(index, node, whenTrue, whenFalse, isChange: true);
            default:
                return null;
        }
    }

    private Degree LessOne(int factor)
    {
        Expression node = Rule.Nodes[factor];
        return node.Operation is Operation.Add or Operation.Subtract && Constants.LiteralOf(Rule.Nodes, node.A) is 1 ? this[node.B]
            : node.Operation is Operation.Add && Constants.LiteralOf(Rule.Nodes, node.B) is 1 ? this[node.A]
            : this[factor];
    }

    /// <summary>
    /// A choice of two degrees has none, but for a constant that stands in where something is zero, as it does for a norm.
    /// </summary>
    private Degree Choice(int index, Expression node, Degree whenTrue, Degree whenFalse, bool isChange = false)
    {
        Degree chosen = Sum(index, node.B, whenTrue, node.C, whenFalse, "puts degree {0} beside degree {1}", isChange);
        return whenTrue.Agrees(whenFalse) || TestsZero(node.A) ? chosen : Degree.Mixed;
    }

    private bool TestsZero(int condition, int depth = 0)
    {
        Expression node = Rule.Nodes[condition];
        return node.Operation switch
        {
            _ when node.Operation.IsComparison() => Constants.LiteralOf(Rule.Nodes, node.A) is 0
                || Constants.LiteralOf(Rule.Nodes, node.B) is 0,
            Operation.And or Operation.Or or Operation.AndAlso or Operation.OrElse => depth < DeepestCondition
                && TestsZero(node.A, depth + 1) && TestsZero(node.B, depth + 1),
            Operation.Not => depth < DeepestCondition && TestsZero(node.A, depth + 1),
            _ => false,
        };
    }

    private Degree Sum(int index, int left, Degree a, int right, Degree b, string how, bool isChange = false)
    {
        Degree sum = a.With(b);
        if (a.Agrees(b) || a.IsMixed || b.IsMixed)
        {
            return sum;
        }

        if (!a.IsConstant && !b.IsConstant)
        {
            notes[(index,
                isChange)] =
                    $"{formulas.Mention(left)} has degree {Exponents.Print(a.Value)} and {formulas.Mention(right)} degree {Exponents.Print(b.Value)}";
            return sum;
        }

        (int node, Degree degree, Degree other) = a.IsConstant ? (left, a, b) : (right, b, a);
        notes[(index,
            isChange)] =
                $"{formulas.Mention(node)} in {formulas.Print(index)} {string.Format(System.Globalization.CultureInfo.InvariantCulture, how, Exponents.Print(degree.Value), Exponents.Print(other.Value))}";
        return sum;
    }

    /// <summary>What a value, or the change it makes to the parameter, is made of.</summary>
    private IEnumerable<(int Node, bool Change)> Below(int index, bool isChange)
    {
        Expression node = Rule.Nodes[index];
        bool isTerm = isChange
            && node.Operation is Operation.Add or Operation.Subtract or Operation.FusedMultiplyAdd or Operation.Conditional;
        int kept = !isChange ? -1
            : node.Operation == Operation.FusedMultiplyAdd ? node.C
            : node.Operation == Operation.Add && changes[node.A] is null ? node.B
            : node.A;
        foreach (int operand in node.Operands)
        {
            bool change = isTerm && (node.Operation == Operation.Conditional ? operand != node.A : operand == kept);
            yield return (operand, change);
        }

        if (node.Operation == Operation.Buffer)
        {
            yield return (Rule.Buffers[(int)node.Bits].Stored, false);
        }
        else if (node.Operation == Operation.Carried)
        {
            yield return (Rule.Carried[(int)node.Bits].Stored, false);
        }
    }
}
