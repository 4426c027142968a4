using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Report;

/// <summary>
/// The units of a rule. The parameter has unit P and the gradient L/P, for a loss of unit L. A step, a decay, a window and
/// an integer are pure numbers. Values that are added, compared or chosen between have the same unit. A state keeps its unit. The
/// units of the hyperparameters follow from this.
/// </summary>
/// <remarks>
/// A literal is a pure number. Zero and the infinities have any unit, and so has a literal that is compared, chosen or an
/// initial value: a threshold says where something happens, and is not added to it. A literal that is added takes the unit of what
/// it is added to, as an epsilon does; but one is a pure number, as in 1 - x. A step to which no hyperparameter but
/// pure numbers contributes, such as parameter - gradient, has a rate of one, which carries the unit it needs.
/// </remarks>
internal sealed class UnitAnalysis
{
    private readonly RuleSpec rule;
    private readonly UnitSolver solver = new();

    // Null is a value of any unit, such as zero.
    private readonly Unit?[] units;
    private readonly bool[] done;
    private readonly List<UnitConflict> conflicts = [];
    private readonly Dictionary<int, string> names = [];
    private readonly Dictionary<string, Unit> hyperparameters = [];
    private readonly Unit[] buffers;
    private readonly Unit[] carried;
    private readonly Dictionary<int, int> spine;
    private readonly List<(int Node, int Literal, int Other)> literals = [];
    private readonly int excused;

    /// <param name="rule">The rule.</param>
    /// <param name="excused">A node whose operands need not agree; -1 where all do.</param>
    internal UnitAnalysis(RuleSpec rule, int excused = -1)
    {
        this.rule = rule;
        this.excused = excused;
        spine = UpdateSpine.Of(rule);
        units = new Unit?[rule.Nodes.Count];
        done = new bool[rule.Nodes.Count];
        foreach (Expression node in rule.Nodes.Where(node => node.Operation == Operation.Hyperparameter))
        {
            hyperparameters[node.Text] = node.Type.IsFloating() ? Fresh(node.Text) : Unit.Number;
        }

        buffers = [.. rule.Buffers.Select(buffer => LeafUnit(rule.Nodes[buffer.Stored]) ?? Fresh(buffer.Name))];
        carried = [.. rule.Carried.Select(value => value.Type.IsFloating() ? Fresh(value.Name) : Unit.Number)];
        Solve();
    }

    internal IReadOnlyList<UnitConflict> Conflicts => conflicts;

    /// <summary>Literals that take the unit of what they are added to, where that is not a pure number.</summary>
    internal IEnumerable<(int Node, int Literal, int Other, string Unit)> Literals
        => literals.Where(literal => units[literal.Other] is { } unit && solver.Resolve(unit) is { IsKnown: true, IsNumber: false })
            .Select(literal => (literal.Node, literal.Literal, literal.Other, Print(solver.Resolve(units[literal.Other]!))));

    /// <summary>The unit of a node in words; null where it is not known.</summary>
    internal string? WordsOf(int node) => units[node] is { } unit && solver.Resolve(unit).IsKnown ? Words(unit) : null;

    /// <summary>Every hyperparameter that the rule computes with, and its unit in words, in the order of its names.</summary>
    internal IEnumerable<(string Name, string Unit)> Hyperparameters
        => hyperparameters.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Where(pair =>
                rule.Nodes.Any(node => node.Operation == Operation.Hyperparameter && node.Text == pair.Key
                    && node.Type != ScalarType.Boolean))
            .Select(pair => (pair.Key, solver.Resolve(pair.Value) is { IsKnown: true } unit ? Print(unit) : "not determined"));

    private void Solve()
    {
        // What is certain comes first, so that a contradiction shows at what is not.
        for (int i = 0; i < rule.Members.Count; i++)
        {
            if (Averages.SettingOf(rule, rule.Members[i]) is { } setting)
            {
                Visit(setting);
                Require(setting, Unit.Number, "a decay or window", i,
                    $"averages by a {(rule.Members[i].Averaging == Averaging.Window ? "window" : "decay")} that is not a pure number");
            }
        }

        for (int i = 0; i < units.Length; i++)
        {
            Visit(i);
        }

        for (int i = 0; i < buffers.Length; i++)
        {
            Keep(buffers[i], rule.Buffers[i].Stored, rule.Buffers[i].Initial, rule.Buffers[i].Name);
        }

        for (int i = 0; i < carried.Length; i++)
        {
            if (rule.Carried[i].Type.IsFloating())
            {
                Keep(carried[i], rule.Carried[i].Stored, rule.Carried[i].Initial, rule.Carried[i].Name);
            }
        }

        foreach (KeyValuePair<int, int> step in spine.OrderBy(step => step.Key))
        {
            RequireStep(step.Key, step.Value);
        }

        int update = Enumerable.Range(0, rule.Members.Count).First(i => rule.Members[i].Role == MemberRole.Update);
        Require(rule.Update, Unit.OfParameter, "the parameter", update, "returns another unit than the parameter's");
    }

    private static Unit? LeafUnit(Expression node) => node.Operation switch
    {
        Operation.Parameter => Unit.OfParameter,
        Operation.Gradient => Unit.OfGradient,
        _ => null,
    };

    private void Keep(Unit state, int stored, int initial, string name)
    {
        // What is kept to be read as previousX has no member of its own.
        int member = Enumerable.Range(0, rule.Members.Count).Where(i => rule.Members[i].Name == name).DefaultIfEmpty(-1).First();
        Require(stored, state, "its previous value", member, "keeps a value whose unit changes from step to step");
        if (Constants.LiteralOf(rule.Nodes, initial) is null)
        {
            Require(initial, state, "what it keeps", member, "begins with another unit than it keeps");
        }
    }

    private void Require(int node, Unit expected, string other, int member, string what)
    {
        if (units[node] is { } unit && !solver.Equate(unit, expected))
        {
            conflicts.Add(new UnitConflict(node, member, what, node, Words(unit), -1, other, Words(expected)));
        }
    }

    /// <summary>A change that is added to the parameter: in its unit, unless the rule has no rate that could give it.</summary>
    private void RequireStep(int sum, int change)
    {
        Expression node = rule.Nodes[sum];
        Unit? unit = change >= 0 ? units[change] : units[node.A] is { } a && units[node.B] is { } b ? a.Times(b) : null;
        if (unit is not null && !solver.Equate(unit, Unit.OfParameter) && HasRate(sum))
        {
            string what = node.Operation == Operation.Subtract ? "subtracts different units" : "adds different units";
            conflicts.Add(change == node.B
                ? new UnitConflict(sum, -1, what, node.A, Words(Unit.OfParameter), change, "", Words(unit))
                : new UnitConflict(sum, -1, what, change >= 0 ? change : node.A, Words(unit), change >= 0 ? node.B : node.C, "",
                    Words(Unit.OfParameter)));
        }
    }

    /// <summary>Whether a hyperparameter that is not a pure number leads to a value, looking through states.</summary>
    private bool HasRate(int root)
    {
        var seen = new HashSet<int>();
        var pending = new Stack<int>([root]);
        while (pending.Count > 0)
        {
            int index = pending.Pop();
            if (!seen.Add(index))
            {
                continue;
            }

            Expression node = rule.Nodes[index];
            if (node.Operation == Operation.Hyperparameter && node.Type.IsFloating()
                && !solver.Resolve(hyperparameters[node.Text]).IsNumber)
            {
                return true;
            }

            if (node.Operation == Operation.Buffer)
            {
                pending.Push(rule.Buffers[(int)node.Bits].Stored);
            }
            else if (node.Operation == Operation.Carried)
            {
                pending.Push(rule.Carried[(int)node.Bits].Stored);
            }

            foreach (int operand in node.Operands)
            {
                pending.Push(operand);
            }
        }

        return false;
    }

    /// <summary>In a loop: the operands of a node come before it, but may be far from it.</summary>
    private void Visit(int root)
    {
        var pending = new Stack<int>([root]);
        while (pending.Count > 0)
        {
            int node = pending.Peek();
            var open = done[node] ? [] : rule.Nodes[node].Operands.Where(operand => !done[operand]).ToList();
            if (open.Count > 0)
            {
                open.ForEach(pending.Push);
                continue;
            }

            pending.Pop();
            if (!done[node])
            {
                done[node] = true;
                Unit? unit = UnitOf(node);
                units[node] = unit is { IsTooLarge: true } ? Fresh("") : unit;
            }
        }
    }

    private Unit? UnitOf(int index)
    {
        Expression node = rule.Nodes[index];
        Unit? a = node.A >= 0 ? units[node.A] : null, b = node.B >= 0 ? units[node.B] : null;
        switch (node.Operation)
        {
            case Operation.Constant:
                return node.Type == ScalarType.Boolean
                    || Constants.ValueOf(node) is 0 or double.NaN or double.PositiveInfinity or double.NegativeInfinity ? null
                    : Unit.Number;
            case var _ when node.Operation.IsComparison():
                if (rule.Nodes[node.A].Type.IsFloating())
                {
                    Choose(index, node.A, node.B, node.Operation.Spec().Dimension.Conflict);
                }

                return null;
            case Operation.Hyperparameter:
                return node.Type == ScalarType.Boolean ? null : hyperparameters[node.Text];
            case Operation.Parameter or Operation.Gradient:
                return LeafUnit(node);
            case Operation.Buffer:
                return buffers[(int)node.Bits];
            case Operation.Carried:
                return carried[(int)node.Bits];
            case var _ when node.Type == ScalarType.Boolean:
                return null;
            case var _ when node.Type == ScalarType.Int32:
                return Unit.Number;
            case Operation.Add or Operation.Subtract or Operation.FusedMultiplyAdd when spine.ContainsKey(index):
                return Unit.OfParameter;
            case Operation.StaticValue:
                return Fresh("");
            case Operation.SwitchFailure:
                return null;
            case Operation.Conditional:
                return Choose(index, node.B, node.C, "chooses between different units");
            case Operation.FusedMultiplyAdd when index == excused:
                return Fresh("");
            case Operation.FusedMultiplyAdd:
                Unit? product = a is null || b is null ? null : a.Times(b);
                return product is null ? units[node.C]
                    : units[node.C] is not { } addend || solver.Equate(product, addend) ? product
                    : Conflict(index, "adds different units", node.C, addend, -1, "the product", product);
            default:
                return ByTable(index, node, node.Operation.Spec().Dimension, a, b);
        }
    }

    private Unit? ByTable(int index, Expression node, Dimension dimension, Unit? a, Unit? b)
    {
        switch (dimension.Rule)
        {
            case DimensionRule.Number or DimensionRule.Draw:
                return Unit.Number;
            case DimensionRule.Loss:
                return Unit.OfLoss;
            case DimensionRule.Gradient:
                return Unit.OfGradient;
            case DimensionRule.Same or DimensionRule.Rounded:
                return a;
            case DimensionRule.Sum:
                return Meet(index, node.A, node.B, dimension.Conflict);
            case DimensionRule.Choice when node.C >= 0:
                Choose(index, node.A, node.B, dimension.Conflict);
                return Choose(index, node.A, node.C, dimension.Conflict);
            case DimensionRule.Choice:
                return Choose(index, node.A, node.B, dimension.Conflict);
            case DimensionRule.Product:
                return a is null || b is null ? null : a.Times(b);
            case DimensionRule.Quotient:
                return a is null || b is null ? null : a.Times(b, -1);
            case DimensionRule.Root when dimension.Exponent == 0:
                return Unit.Number;
            case DimensionRule.Root:
                return a?.Power(dimension.Exponent);
            case DimensionRule.PureFunction:
                return a is null || solver.Equate(a, Unit.Number) ? Unit.Number
                    : Conflict(index, $"takes {node.Operation.Spec().Name} of a value that is not a pure number", node.A, a, -1,
                        "the required argument", Unit.Number);
            case DimensionRule.Angle:
                Meet(index, node.A, node.B, dimension.Conflict);
                return Unit.Number;
            case DimensionRule.Power:
                return a is null || solver.Resolve(a).IsNumber ? a
                    : Constants.LiteralOf(rule.Nodes, node.B) is { } exponent ? a.Power(exponent) : Fresh("");
            default:
                return Fresh("");
        }
    }

    /// <summary>Two values that are added: of one unit.</summary>
    private Unit? Meet(int index, int left, int right, string what)
    {
        bool isLeft = TakesUnit(left), isRight = TakesUnit(right);
        if (isLeft != isRight)
        {
            (int literal, int other) = isLeft ? (left, right) : (right, left);
            if (Constants.LiteralOf(rule.Nodes, other) is null)
            {
                literals.Add((index, literal, other));
                return units[other] ?? Unit.Number;
            }
        }

        return index == excused ? Fresh("")
            : units[left] is not { } a ? units[right]
            : units[right] is not { } b || solver.Equate(a, b) ? a
            : Conflict(index, what, left, a, right, "", b);
    }

    /// <summary>A literal that is no multiple of one by its sign, such as an epsilon.</summary>
    private bool TakesUnit(int node) => Constants.LiteralOf(rule.Nodes, node) is { } value && Math.Abs(value) is not (0 or 1);

    /// <summary>Two values one of which is taken: of one unit, but a literal takes the other's.</summary>
    private Unit? Choose(int index, int left, int right, string what)
    {
        bool isLeft = Constants.LiteralOf(rule.Nodes, left) is not null, isRight = Constants.LiteralOf(rule.Nodes, right) is not null;
        return index == excused ? Fresh("")
            : isLeft && isRight ? units[left]
            ?? units[right] : isLeft ? units[right] : isRight ? units[left] : Meet(index, left, right, what);
    }

    /// <summary>Reported once: what is made of the two has a unit that nothing contradicts.</summary>
    private Unit Conflict(int index, string what, int left, Unit a, int right, string rightText, Unit b)
    {
        conflicts.Add(new UnitConflict(index, -1, what, left, Words(a), right, rightText, Words(b)));
        return Fresh("");
    }

    private Unit Fresh(string name)
    {
        int unknown = solver.NewUnknown();
        names[unknown] = name;
        return Unit.Of(unknown);
    }

    private string Words(Unit unit)
    {
        Unit resolved = solver.Resolve(unit);
        return resolved.IsNumber ? "a pure number" : "in " + Print(resolved);
    }

    private string Print(Unit unit) => unit.Print(unknown => names[unknown].Length == 0 ? "?" : $"[{names[unknown]}]");
}
