using Microsoft.CodeAnalysis;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>Builds the expressions of a rule from its bound members: bodies, averages, corrections and what is kept.</summary>
internal sealed class RuleBuilder(
    List<MemberDeclaration> members,
    List<AverageSettings?> averages,
    List<InitialValue> initials,
    ScalarType element,
    ExpressionGraph graph,
    ExpressionTranslator translator)
{
    private readonly List<(string Name, string Role, int Member, InputSpec Previous)> buffers = [];
    private readonly List<(string Name, string Role, ScalarType Type, int Member, InputSpec Previous)> carried = [];
    private readonly Dictionary<InputSpec, int> previousSlots = [];
    private readonly Dictionary<int, int> values = [];
    private readonly Dictionary<int, int> stored = [];

    internal RuleSpec? Build(TypeHierarchy hierarchy, INamedTypeSymbol type, List<int> order, DiagnosticSink sink)
    {
        AllocateSlots();
        foreach (int index in order)
        {
            BuildMember(index);
            if (sink.HasErrors)
            {
                return null;
            }
        }

        int update = members.FindIndex(member => member.Role == MemberRole.Update);
        var bufferSpecs = buffers.Select(buffer => new BufferSpec(
            buffer.Name, buffer.Role, buffer.Role == "Previous" ? Value(buffer.Previous with { Previous = false }) : stored[buffer.Member],
            Initial(buffer.Member, element), buffer.Previous)).ToList();
        var carriedSpecs = carried.Select(value => new CarriedSpec(
            value.Name, value.Role, value.Type, StoredOf(value), value.Role.Length == 0 ? graph.Constant(1.0, element) : Initial(value.Member, value.Type), value.Previous)).ToList();
        return sink.HasErrors ? null : new RuleSpec(
            hierarchy,
            type.Name,
            element,
            IsFused(type),
            new EquatableArray<MemberSpec>(order.Select(index => Spec(index, order))),
            new EquatableArray<Expression>(graph.Nodes),
            new EquatableArray<BufferSpec>(bufferSpecs.Select(buffer => buffer with { Previous = Renumber(buffer.Previous, order) })),
            new EquatableArray<CarriedSpec>(carriedSpecs.Select(value => value with { Previous = Renumber(value.Previous, order) })),
            values[update],
            new EquatableArray<string>(translator.Numbers),
            new EquatableArray<ClampBoundsSpec>(translator.ClampBounds),
            new EquatableArray<NameHint>(translator.NameHints.OrderBy(hint => hint.Key).Select(hint => new NameHint(hint.Key, hint.Value))));
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
                    buffers.Add((member.Name, member.Role.ToString(), i, default));
                }
                else
                {
                    carried.Add((member.Name, member.Role.ToString(), member.Type, i, default));
                }
            }
        }

        foreach (InputSpec input in members.SelectMany(member => member.Inputs).Where(input => input.Previous).Distinct().ToList())
        {
            if (input.Kind == InputKind.Member && members[input.Member].HasMemory)
            {
                continue;
            }

            bool perElement = input.Kind is InputKind.Parameter or InputKind.Gradient || (input.Kind == InputKind.Member && members[input.Member].PerElement);
            string name = "Previous" + (input.Kind == InputKind.Member ? members[input.Member].Name : input.Kind.ToString());
            ScalarType type = input.Kind == InputKind.Step ? ScalarType.Int32 : input.Kind == InputKind.Member ? members[input.Member].Type : element;
            previousSlots[input] = perElement ? buffers.Count : carried.Count;
            if (perElement)
            {
                buffers.Add((name, "Previous", -1, input));
            }
            else
            {
                carried.Add((name, "Previous", type, -1, input));
            }
        }

        // Corrections are no states of the rule, so they come after those that are.
        for (int i = 0; i < members.Count; i++)
        {
            var self = new InputSpec(InputKind.Member, i, Previous: true);
            if (members[i].Corrected && members.Exists(member => member.Inputs.Contains(self)))
            {
                members[i].CorrectionSlot = carried.Count;
                carried.Add(("CorrectionOf" + members[i].Name, "", element, i, self));
            }
        }
    }

    private void BuildMember(int index)
    {
        MemberDeclaration member = members[index];
        int body = translator.Inline(member.Method, [.. member.Inputs.Select(Value)], member.Location);
        if (body == ExpressionTranslator.Failed)
        {
            return;
        }

        if (member.Role == MemberRole.RunningAverage)
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

    private bool BuildAverage(int index, int sample)
    {
        MemberDeclaration member = members[index];
        int setting = translator.ReadMember(averages[index]!.Source, member.Location);
        if (setting == ExpressionTranslator.Failed)
        {
            return false;
        }

        int past = Memory(member);
        NameHint(sample, member.InputName + "Sample");
        if (averages[index]!.IsWindow)
        {
            int weight = ToElement(graph.Add(Operation.Weight, ScalarType.Float64, To(setting, ScalarType.Float64)));
            NameHint(weight, member.InputName + "Weight");
            int change = graph.Add(Operation.Multiply, element, graph.Add(Operation.Subtract, element, sample, past), weight);
            stored[index] = values[index] = graph.Add(Operation.Add, element, past, change);
            return true;
        }

        int decay = ToElement(setting);
        int rest = graph.Add(Operation.Subtract, element, graph.Constant(1.0, element), decay);
        NameHint(rest, "oneMinus" + Names.Pascal(averages[index]!.Source.Name));
        stored[index] = values[index] = graph.Add(
            Operation.Add, element, graph.Add(Operation.Multiply, element, decay, past), graph.Add(Operation.Multiply, element, rest, sample));
        if (member.Corrected)
        {
            values[index] = graph.Add(Operation.Multiply, element, stored[index], Correction(index, setting));
        }

        return true;
    }

    private int Correction(int index, int decay)
    {
        int correction = ToElement(graph.Add(Operation.Correction, ScalarType.Float64, To(decay, ScalarType.Float64)));
        NameHint(correction, members[index].InputName + "Correction");
        return correction;
    }

    /// <summary>The node an input reads.</summary>
    private int Value(InputSpec input)
    {
        if (input.Previous)
        {
            return PreviousValue(input);
        }

        return input.Kind switch
        {
            InputKind.Parameter => graph.Add(new Expression(Operation.Parameter, element, PerElement: true)),
            InputKind.Gradient => graph.Add(new Expression(Operation.Gradient, element, PerElement: true)),
            InputKind.Step => graph.Add(new Expression(Operation.Step, ScalarType.Int32, PerElement: false)),
            _ => values[input.Member],
        };
    }

    private int PreviousValue(InputSpec input)
    {
        if (previousSlots.TryGetValue(input, out int slot))
        {
            bool perElement = input.Kind is InputKind.Parameter or InputKind.Gradient || (input.Kind == InputKind.Member && members[input.Member].PerElement);
            return perElement
                ? graph.Add(new Expression(Operation.Buffer, element, PerElement: true, Bits: slot))
                : graph.Add(new Expression(Operation.Carried, carried[slot].Type, PerElement: false, Bits: slot));
        }

        MemberDeclaration member = members[input.Member];
        return member.Corrected
            ? graph.Add(Operation.Multiply, element, Memory(member), graph.Add(new Expression(Operation.Carried, element, PerElement: false, Bits: member.CorrectionSlot)))
            : Memory(member);
    }

    /// <summary>The content of a state before the step.</summary>
    private int Memory(MemberDeclaration member) => member.PerElement
        ? graph.Add(new Expression(Operation.Buffer, element, PerElement: true, Bits: member.Slot))
        : graph.Add(new Expression(Operation.Carried, member.Type, PerElement: false, Bits: member.Slot));

    private int StoredOf((string Name, string Role, ScalarType Type, int Member, InputSpec Previous) value) => value.Role switch
    {
        "Previous" => Value(value.Previous with { Previous = false }),
        "" => Correction(value.Member, translator.ReadMember(averages[value.Member]!.Source, members[value.Member].Location)),
        _ => stored[value.Member],
    };

    private int Initial(int member, ScalarType type)
    {
        if (member < 0)
        {
            return graph.Default(type);
        }

        InitialValue initial = initials[member];
        if (initial.Source is null)
        {
            return graph.Constant(initial.Constant, type);
        }

        int source = translator.ReadMember(initial.Source, members[member].ArgumentLocation("Initial"));
        return source == ExpressionTranslator.Failed ? graph.Default(type) : To(source, type);
    }

    private int ToElement(int node) => To(node, element);

    private int To(int node, ScalarType type) => graph[node].Type == type ? node : graph.Add(Operation.Convert, type, node);

    private void NameHint(int node, string name)
    {
        Operation operation = graph[node].Operation;
        if (operation is not (Operation.Parameter or Operation.Gradient or Operation.Constant or Operation.Hyperparameter or Operation.Step))
        {
            translator.NameHints[node] = name;
        }
    }

    private MemberSpec Spec(int index, List<int> order)
    {
        MemberDeclaration member = members[index];
        AverageSettings? average = averages[index];
        return new MemberSpec(
            member.Name, member.Role, member.Method.IsStatic, member.Type, member.PerElement,
            new EquatableArray<InputSpec>(member.Inputs.Select(input => Renumber(input, order))),
            values[index], member.HasMemory ? stored[index] : -1, member.Slot, member.CorrectionSlot,
            average is null ? "" : average.Access, average?.Type ?? element, average?.Source.Name ?? "", average is { IsWindow: true }, member.Corrected);
    }

    /// <summary>Inputs name members by their place in the emitted order.</summary>
    private static InputSpec Renumber(InputSpec input, List<int> order)
        => input.Kind == InputKind.Member ? input with { Member = order.IndexOf(input.Member) } : input;

    private static bool IsFused(INamedTypeSymbol type)
        => type.GetAttributes().First(KnownTypes.IsOptimizerAttribute).NamedArguments.Any(argument => argument is { Key: "Arithmetic", Value.Value: 1 });
}
