using OptDsl.Generator.Model;
using OptDsl.Generator.Parsing;

namespace OptDsl.Generator.Emission;

/// <summary>
/// Emits the reference: a loop that calls the author's own methods, one element at a time. It shares nothing with the
/// kernel but the factors of running averages.
/// </summary>
internal sealed class ReferenceEmitter
{
    private readonly SourceWriter writer;
    private readonly RuleSpec rule;
    private readonly EmissionNames names;
    private readonly Identifiers identifiers;
    private readonly string element;
    private readonly Dictionary<int, string> values = [];
    private readonly List<string> memory = [];
    private readonly Dictionary<int, string> factors = [];
    private List<string> carried = [];

    private ReferenceEmitter(SourceWriter writer, RuleSpec rule, EmissionNames names)
    {
        this.writer = writer;
        this.rule = rule;
        this.names = names;
        identifiers = new Identifiers(["rule", "frame", "block", "step", "i", .. InitialEmitter.Names(rule)]);
        element = rule.Element.Keyword();
    }

    internal static void Write(SourceWriter writer, RuleSpec rule, EmissionNames names) => new ReferenceEmitter(writer, rule, names).Write();

    private void Write()
    {
        writer.Line("// The declaration itself, one element at a time.");
        writer.Line($"internal static void SweepReference<{names.Element}>({names.Rule} rule, {EmissionNames.Kernels}UniformFrame<{names.Element}> frame, {EmissionNames.Kernels}KernelBlock<{names.Element}> block)");
        writer.Indent();
        writer.Line(names.ElementConstraint);
        writer.Outdent();
        writer.Open();
        writer.Line("int step = frame.Step;");
        carried = UniformEmitter.WriteCarried(writer, rule, identifiers, new UniformPrinter(rule.Nodes));
        for (int i = 0; i < rule.Members.Count; i++)
        {
            WriteFactor(i);
            if (!rule.Members[i].PerElement)
            {
                WriteMember(i);
            }
        }

        for (int i = 0; i < rule.Carried.Count; i++)
        {
            CarriedSpec value = rule.Carried[i];
            writer.Line($"frame.NextCarried[{i}] = {UniformEmitter.AsDouble(value.Type, NextCarried(i, value))};");
        }

        WriteLoop();
        writer.Close();
    }

    private void WriteLoop()
    {
        string t = names.Element;
        writer.Open("for (nuint i = 0; i < block.Length; i++)");
        string parameter = identifiers.Claim("parameter"), gradient = identifiers.Claim("gradient");
        writer.Line($"{element} {parameter} = {element}.CreateTruncating({EmissionNames.UnsafeAdd}(ref block.Parameters, i));");
        writer.Line($"{element} {gradient} = {element}.CreateTruncating({EmissionNames.UnsafeAdd}(ref global::System.Runtime.CompilerServices.Unsafe.AsRef(in block.Gradients), i));");
        for (int i = 0; i < rule.Buffers.Count; i++)
        {
            memory.Add(identifiers.Claim(EmissionNames.PreviousName(rule.Buffers[i])));
            writer.Line($"{element} {memory[i]} = {element}.CreateTruncating({EmissionNames.UnsafeAdd}(ref block.State({i}), i));");
        }

        builtIn = (parameter, gradient);
        for (int i = 0; i < rule.Members.Count; i++)
        {
            if (rule.Members[i].PerElement)
            {
                WriteMember(i);
            }
        }

        for (int i = 0; i < rule.Buffers.Count; i++)
        {
            BufferSpec buffer = rule.Buffers[i];
            string text = buffer.Role == "Previous"
                ? Input(buffer.Previous with { Previous = false })
                : stored[IndexOf(member => member.PerElement && member.Slot == i)];
            writer.Line($"{EmissionNames.UnsafeAdd}(ref block.State({i}), i) = {t}.CreateTruncating({text});");
        }

        int update = IndexOf(member => member.Role == MemberRole.Update);
        writer.Line($"{EmissionNames.UnsafeAdd}(ref block.Parameters, i) = {t}.CreateTruncating({values[update]});");
        writer.Close();
    }

    private readonly Dictionary<int, string> stored = [];
    private (string Parameter, string Gradient) builtIn;

    /// <summary>The factor of an average, once a step: by the function the kernel's uniforms use, too.</summary>
    private void WriteFactor(int index)
    {
        MemberSpec member = rule.Members[index];
        string cast = rule.Element == ScalarType.Float32 ? "(float)" : "";
        string name = Names.Camel(member.Name);
        if (member.IsWindow)
        {
            factors[index] = identifiers.Claim(name + "Weight");
            writer.Line($"{element} {factors[index]} = {cast}{EmissionNames.Kernels}RunningAverages.Weight({member.Setting}, step);");
        }
        else if (member.Corrected)
        {
            factors[index] = identifiers.Claim(name + "Correction");
            writer.Line($"{element} {factors[index]} = {cast}{EmissionNames.Kernels}RunningAverages.Correction({member.Setting}, step);");
        }
    }

    private void WriteMember(int index)
    {
        MemberSpec member = rule.Members[index];
        string receiver = member.IsStatic ? names.QualifiedRule : "rule";
        string call = $"{receiver}.{Names.Identifier(member.Name)}({string.Join(", ", member.Inputs.Select(Input))})";
        string name = Names.Camel(member.Name);
        if (member.Role != MemberRole.RunningAverage)
        {
            values[index] = identifiers.Claim(name);
            writer.Line($"{member.Type.Keyword()} {values[index]} = {call};");
            stored[index] = values[index];
            return;
        }

        string past = member.PerElement ? memory[member.Slot] : carried[member.Slot];
        string sample = identifiers.Claim(name + "Sample");
        writer.Line($"{element} {sample} = {call};");
        stored[index] = values[index] = identifiers.Claim(name);

        // As the kernel has it: the decay in the element, and one less it in the element.
        string decay = member.SettingType == rule.Element ? member.Setting : $"({element}){member.Setting}";
        writer.Line(member.IsWindow
            ? $"{element} {stored[index]} = {past} + ({sample} - {past}) * {factors[index]};"
            : $"{element} {stored[index]} = {decay} * {past} + (1 - {decay}) * {sample};");
        if (member.Corrected)
        {
            values[index] = identifiers.Claim(name + "Corrected");
            writer.Line($"{element} {values[index]} = {stored[index]} * {factors[index]};");
        }
    }

    private string Input(InputSpec input)
    {
        if (input.Previous)
        {
            return Previous(input);
        }

        return input.Kind switch
        {
            InputKind.Parameter => builtIn.Parameter,
            InputKind.Gradient => builtIn.Gradient,
            InputKind.Step => "step",
            _ => values[input.Member],
        };
    }

    private string Previous(InputSpec input)
    {
        if (input.Kind == InputKind.Member && rule.Members[input.Member] is { Slot: >= 0 } member)
        {
            string raw = member.PerElement ? memory[member.Slot] : carried[member.Slot];
            return member.Corrected ? $"{raw} * {carried[member.CorrectionSlot]}" : raw;
        }

        for (int i = 0; i < rule.Buffers.Count; i++)
        {
            if (rule.Buffers[i].Role == "Previous" && rule.Buffers[i].Previous == input)
            {
                return memory[i];
            }
        }

        int slot = 0;
        while (rule.Carried[slot].Role != "Previous" || rule.Carried[slot].Previous != input)
        {
            slot++;
        }

        return carried[slot];
    }

    private string NextCarried(int index, CarriedSpec value) => value.Role switch
    {
        "Previous" => Input(value.Previous with { Previous = false }),
        "" => factors[value.Previous.Member],
        _ => stored[IndexOf(member => !member.PerElement && member.Slot == index)],
    };

    private int IndexOf(Func<MemberSpec, bool> condition)
    {
        int index = 0;
        while (!condition(rule.Members[index]))
        {
            index++;
        }

        return index;
    }
}
