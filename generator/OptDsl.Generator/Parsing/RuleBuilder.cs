using Microsoft.CodeAnalysis;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>Builds the expressions of a rule from its bound members: bodies, averages, corrections and what is kept.</summary>
internal sealed partial class RuleBuilder(
    List<MemberDeclaration> members,
    List<AverageSettings?> averages,
    List<InitialValue> initials,
    List<ExtraSpec> extras,
    ScalarType element,
    ExpressionGraph graph,
    ExpressionTranslator translator)
{
    private readonly List<(string Name, MemoryRole Role, int Member, InputSpec Previous)> buffers = [];
    private readonly List<(string Name, MemoryRole Role, ScalarType Type, Kind Kind, int Member, InputSpec Previous)> carried = [];
    private readonly Dictionary<InputSpec, int> previousSlots = [];
    private readonly Dictionary<int, int> values = [];
    private readonly Dictionary<int, int> stored = [];
    private readonly IReadOnlyList<CheckSpec>[] checks = new IReadOnlyList<CheckSpec>[members.Count];

    internal RuleSpec? Build(TypeHierarchy hierarchy, INamedTypeSymbol type, List<int> order, DiagnosticSink sink)
    {
        AllocateSlots();
        foreach (int index in order)
        {
            BuildMember(index);
            checks[index] = translator.TakeChecks();
            if (sink.HasErrors)
            {
                return null;
            }
        }

        order = InLevels(order);
        int update = members.FindIndex(member => member.Role == MemberRole.Update);
        var bufferSpecs = buffers.Select((buffer, slot) => new BufferSpec(
            buffer.Name, buffer.Role,
                buffer.Role == MemoryRole.Previous ? Value(buffer.Previous with { Previous = false }) : stored[buffer.Member],
            InitialOf(Operation.Buffer, slot, sink), buffer.Previous)
        {
            SavedAs = buffer.Member < 0 ? null : members[buffer.Member].SavedAs,
        }).ToList();
        var carriedSpecs = carried.Select((value, slot) => new CarriedSpec(
            value.Name, value.Role, value.Type, value.Kind, StoredOf(value), InitialOf(Operation.Carried, slot, sink), value.Previous))
                .ToList();
        List<ObservedSpec> observed = [.. members.Select((member, index) => (member, index)).Where(pair => pair.member.IsObserved)
            .Select(pair =>
                new ObservedSpec(pair.member.Name,
                    pair.member.Role == MemberRole.Update ? Change(values[pair.index]) : Number(values[pair.index])))];
        int read = ValueOf(MemberRole.ReadAt), zero = read < 0 ? -1 : graph.Default(element);
        List<CheckSpec> initialChecks = sink.HasErrors ? [] : [.. InitialChecks(sink)];
        if (sink.HasErrors)
        {
            return null;
        }

        // What is read after the step is no part of its expressions.
        List<Expression> nodes = [.. graph.Nodes];
        (int Node, IReadOnlyList<CheckSpec> Checks)? reading = read < 0 ? null : Reading(order);
        if (read >= 0 && reading is null)
        {
            MemberDeclaration member = members.Find(member => member.Role == MemberRole.ReadAt)!;
            bufferSpecs.Add(new BufferSpec(member.Name, MemoryRole.ReadAt, read, zero, default));
            reading = (Buffer(bufferSpecs.Count - 1), []);
        }

        return new RuleSpec(
            hierarchy,
            type.Name,
            element,
            RuleAttributes.IsFused(type),
            new EquatableArray<MemberSpec>(order.Select(index => Spec(index, order))),
            new EquatableArray<Expression>(nodes),
            new EquatableArray<BufferSpec>(bufferSpecs.Select(buffer => buffer with { Previous = Renumber(buffer.Previous, order) })),
            new EquatableArray<CarriedSpec>(carriedSpecs.Select(value => value with { Previous = Renumber(value.Previous, order) })),
            values[update],
            read,
            ValueOf(MemberRole.SearchDirection),
            new EquatableArray<ExtraSpec>(
                extras.Select(extra => extra.Member < 0 ? extra : extra with { Member = order.IndexOf(extra.Member) })),
            new EquatableArray<ObservedSpec>(observed),
            new EquatableArray<ValueSpec>(translator.Read.Values.Where(value => value.Spec.Type.IsFloating()).Select(value => value.Spec)),
            new EquatableArray<NameHint>(translator.NameHints.OrderBy(hint => hint.Key).Select(hint => new NameHint(hint.Key, hint.Value))))
        {
            Reading = reading?.Node ?? -1,
            ReadingNodes = new EquatableArray<Expression>(graph.Nodes.Skip(nodes.Count)),
            ReadingChecks = new EquatableArray<CheckSpec>(reading?.Checks ?? []),
            InitialChecks = new EquatableArray<CheckSpec>(initialChecks),
        };
    }

    /// <summary>States first, in the order written, then what is read as previousX without being one.</summary>
    private void AllocateSlots()
    {
        for (int i = 0; i < members.Count; i++)
        {
            MemberDeclaration member = members[i];
            if (member.HasMemory)
            {
                member.Slot = member.PerElement ? buffers.Count : carried.Count;
                if (member.PerElement)
                {
                    buffers.Add((member.Name, RoleOf(member), i, default));
                }
                else
                {
                    carried.Add((member.Name, RoleOf(member), member.Type, member.Kind, i, default));
                }
            }
        }

        foreach (InputSpec input in members.SelectMany(member => member.Inputs).Where(input => input.Previous).Distinct().ToList())
        {
            if (input.Kind == InputKind.Member && members[input.Member].HasMemory)
            {
                continue;
            }

            Expression read = Leaf(input);
            string name = "Previous"
                + (input.Kind == InputKind.Member ? members[input.Member].Name
                    : input.Kind == InputKind.Extra ? Names.Pascal(extras[input.Member].Name) : input.Kind.ToString());
            previousSlots[input] = read.PerElement ? buffers.Count : carried.Count;
            if (read.PerElement)
            {
                buffers.Add((name, MemoryRole.Previous, -1, input));
            }
            else
            {
                carried.Add((name, MemoryRole.Previous, read.Type, read.Kind, -1, input));
            }
        }

        // Corrections are no states of the rule, so they come after those that are.
        for (int i = 0; i < members.Count; i++)
        {
            var self = new InputSpec(InputKind.Member, i, Previous: true);
            Kind kind = members[i].SettingMember < 0 ? Kind.Group : members[members[i].SettingMember].Kind;
            if (members[i].SettingMember >= 0
                && (members[i].Corrected
                    || members.Exists(member => member.Inputs.Contains(new InputSpec(InputKind.Correction, i, Previous: false)))))
            {
                members[i].ProductSlot = carried.Count;
                carried.Add(("DecayProductOf" + members[i].Name, MemoryRole.DecayProduct, element, kind, i, self));
            }

            if (members[i].Corrected && members.Exists(member => member.Inputs.Contains(self)))
            {
                members[i].CorrectionSlot = carried.Count;
                carried.Add(("CorrectionOf" + members[i].Name, MemoryRole.Correction, element, kind, i, self));
            }
        }
    }

    private void BuildMember(int index)
    {
        MemberDeclaration member = members[index];
        IEnumerable<int> inputs = member.Inputs.Select(Value);
        int body = translator.Inline(member.Method, [.. member.Role == MemberRole.Reduce ? inputs.Select(Widened) : inputs],
            member.Location);
        if (body == ExpressionTranslator.Failed)
        {
            return;
        }

        if (member.Role == MemberRole.Reduce)
        {
            values[index] = Reduction(body, member);
        }
        else if (member.Role == MemberRole.RunningAverage)
        {
            if (!BuildAverage(index, body))
            {
                return;
            }
        }
        else
        {
            values[index] = body;
            if (member.HasMemory)
            {
                stored[index] = body;
            }
        }

        // The stored content of an average takes the member's name; its readers see another value where it is corrected.
        NameHint(member.HasMemory ? stored[index] : values[index], member.InputName);
        if (member.Corrected)
        {
            NameHint(values[index], member.InputName + "Corrected");
        }
    }

    /// <summary>A condition as 1 or 0; anything else as it is.</summary>
    private int Number(int node) => graph[node].Type != ScalarType.Boolean ? node
        : graph.Add(Operation.Conditional, element, node, graph.Constant(1.0, element), graph.Constant(0.0, element));

    private int Change(int update)
        => graph.Add(Operation.Subtract, element, update, graph.Add(new Expression(Operation.Parameter, element, Kind.Parameter)));

    private int ValueOf(MemberRole role)
    {
        int index = members.FindIndex(member => member.Role == role);
        return index < 0 ? -1 : values[index];
    }

    /// <summary>The node an input reads.</summary>
    private int Value(InputSpec input) => input.Previous ? PreviousValue(input)
        : input.Kind == InputKind.Member ? values[input.Member]
        : input.Kind == InputKind.Correction ? Mass(input.Member, Setting(input.Member))
        : graph.Add(Leaf(input));

    /// <summary>The leaf an input is; of a member, one of its kind and type.</summary>
    private Expression Leaf(InputSpec input)
    {
        switch (input.Kind)
        {
            case InputKind.Member:
                MemberDeclaration member = members[input.Member];
                return new Expression(Operation.Carried, member.Type, member.Kind, Bits: -1);
            case InputKind.Extra:
                ExtraSpec extra = extras[input.Member];
                return extra.Extra == ExtraKind.GradientAt
                    ? new Expression(Operation.PointGradient, element, Kind.Parameter,
                        values.TryGetValue(extra.Member, out int point) ? point : -1)
                    : new Expression(extra.IsNoise ? Operation.Noise : Operation.Input, element, extra.Kind, Bits: input.Member);
            default:
                Kind kind = input.Kind is InputKind.Parameter or InputKind.Gradient ? Kind.Parameter
                    : input.Kind is InputKind.Step or InputKind.Loss ? Kind.Group : Kind.Tensor;
                ScalarType type = input.Kind is InputKind.Parameter or InputKind.Gradient or InputKind.Loss ? element : ScalarType.Int32;
                return new Expression(OperationOf(input.Kind), type, kind);
        }
    }

    private static Operation OperationOf(InputKind input) => input switch
    {
        InputKind.Parameter => Operation.Parameter,
        InputKind.Gradient => Operation.Gradient,
        InputKind.Step => Operation.Step,
        InputKind.Loss => Operation.Loss,
        InputKind.Rows => Operation.Rows,
        InputKind.Columns => Operation.Columns,
        InputKind.Count => Operation.Count,
        _ => Operation.Rank,
    };

    private static MemoryRole RoleOf(MemberDeclaration member) => member.Role == MemberRole.State ? MemoryRole.State
        : MemoryRole.RunningAverage;

    private int PreviousValue(InputSpec input)
    {
        if (previousSlots.TryGetValue(input, out int slot))
        {
            return Leaf(input).PerElement ? Buffer(slot) : Carried(slot);
        }

        MemberDeclaration member = members[input.Member];
        return member.Corrected
            ? graph.Add(Operation.Multiply, element, Memory(member), Carried(member.CorrectionSlot))
            : Memory(member);
    }

    /// <summary>The content of a state before the step.</summary>
    private int Memory(MemberDeclaration member) => member.PerElement ? Buffer(member.Slot) : Carried(member.Slot);

    private int Buffer(int slot) => graph.Add(new Expression(Operation.Buffer, element, Kind.Parameter, Bits: slot));

    private int Carried(int slot) => graph.Add(new Expression(Operation.Carried, carried[slot].Type, carried[slot].Kind, Bits: slot));

    private int StoredOf((string Name, MemoryRole Role, ScalarType Type, Kind Kind, int Member, InputSpec Previous) value)
        => value.Role switch
        {
            MemoryRole.Previous => Value(value.Previous with { Previous = false }),
            MemoryRole.DecayProduct => DecayProduct(value.Member),
            MemoryRole.Correction => Correction(value.Member, Setting(value.Member)),
            _ => stored[value.Member],
        };

    private int ToElement(int node) => To(node, element);

    private int To(int node, ScalarType type) => graph[node].Type == type ? node : graph.Add(Operation.Convert, type, node);

    private void NameHint(int node, string name)
    {
        // A reduction keeps the name of its member, by which the runtime names it, although an average or another member passes it on.
        Operation operation = graph[node].Operation;
        if (operation is not (Operation.Parameter or Operation.Gradient or Operation.Constant or Operation.Hyperparameter or Operation.Step)
            && !(operation == Operation.Reduction && translator.NameHints.ContainsKey(node)))
        {
            translator.NameHints[node] = name;
        }
    }

    private MemberSpec Spec(int index, List<int> order)
    {
        MemberDeclaration member = members[index];
        AverageSettings? average = averages[index];
        return new MemberSpec(
            member.Name, member.Role, member.Method.IsStatic, member.Type, member.Kind,
            new EquatableArray<InputSpec>(member.Inputs.Select(input => Renumber(input, order))),
            values[index], member.HasMemory ? stored[index] : -1, member.Slot, member.CorrectionSlot,
            average is null or { Member: >= 0 } ? null : average.Path, average?.Type ?? element, average?.Source.Name ?? "",
            member.SettingMember < 0 ? -1 : order.IndexOf(member.SettingMember), average?.Averaging ?? Averaging.None,
            member.Corrected, member.Initial is { } initial ? Renumber(initial, order) : null, member.Reduction)
        {
            Checks = new EquatableArray<CheckSpec>(checks[index]),
        };
    }

    /// <summary>Inputs name members by their place in the emitted order.</summary>
    private static InputSpec Renumber(InputSpec input, List<int> order)
        => input.Kind is InputKind.Member or InputKind.Correction ? input with { Member = order.IndexOf(input.Member) } : input;
}
