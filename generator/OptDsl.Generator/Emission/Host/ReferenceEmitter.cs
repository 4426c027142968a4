using OptDsl.Generator.Emission.Text;
using OptDsl.Generator.Language;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Host;

/// <summary>
/// Emits the reference: member after member, each a loop over what it is one of that calls the author's own method. It shares
/// nothing with the kernel but the factors of running averages; it knows neither passes nor what is stored when.
/// </summary>
internal sealed class ReferenceEmitter
{
    private readonly SourceWriter writer;
    private readonly RuleSpec rule;
    private readonly EmissionNames names;
    private readonly string element;
    private readonly KernelPlan plan;
    private readonly UniformPrinter printer;

    private ReferenceEmitter(SourceWriter writer, KernelPlan plan, EmissionNames names)
    {
        this.plan = plan;
        rule = plan.Rule;
        printer = new UniformPrinter(plan.Nodes);
        InitialEmitter.Name(plan, printer);
        this.writer = writer;
        this.names = names;
        element = rule.Element.Keyword();
    }

    internal static void Write(SourceWriter writer, KernelPlan plan, EmissionNames names)
        => new ReferenceEmitter(writer, plan, names).Write();

    private void Write()
    {
        writer.Line("// The declaration itself: one member, over all of one tensor.");
        writer.Open($"internal static void Reference({names.Rule} rule, int member, {EmissionNames.Contract}ReferenceFrame frame)");
        writer.Line("int step = frame.Step;");
        writer.Open("switch (member)");
        HashSet<int> inStep = MemberNeeds.OfStep(rule), inFirst = MemberNeeds.OfInitials(rule);
        for (int i = 0; i < rule.Members.Count; i++)
        {
            if (!inStep.Contains(i) && !inFirst.Contains(i))
            {
                continue;
            }

            writer.Line($"case {i}{(inStep.Contains(i) ? "" : " when step == 1")}:");
            writer.Open();
            WriteMember(i);
            writer.Line("break;");
            writer.Close();
        }

        WriteKept();
        writer.Close();
        writer.Close();
    }

    /// <summary>After all members: the values of this step that the next one, or a reader, asks for.</summary>
    private void WriteKept()
    {
        writer.Line($"case {rule.Members.Count}:");
        writer.Indent();
        for (int i = 0; i < rule.Buffers.Count; i++)
        {
            BufferSpec buffer = rule.Buffers[i];
            string? text = buffer.Role == MemoryRole.Previous ? Input(buffer.Previous with { Previous = false }, Kind.Parameter)
                : buffer.Role == MemoryRole.ReadAt ? Value(IndexOf(MemberRole.ReadAt), Kind.Parameter)
                : null;
            WriteKept(text, $"frame.NextBuffers({i})", Kind.Parameter, rule.Element);
        }

        for (int i = 0; i < rule.Carried.Count; i++)
        {
            CarriedSpec value = rule.Carried[i];
            WriteKept(value.Role == MemoryRole.Previous ? Input(value.Previous with { Previous = false }, value.Kind) : null,
                $"frame.NextCarried({i})", value.Kind, value.Type);
        }

        writer.Line("break;");
        writer.Outdent();
    }

    private void WriteKept(string? text, string target, Kind kind, ScalarType type)
    {
        if (text is not null)
        {
            writer.Open($"for (int i = 0; i < frame.Size({EmissionNames.Contract}ValueKind.{kind}); i++)");
            writer.Line($"{target}[i] = {UniformEmitter.AsDouble(type, type == ScalarType.Boolean ? $"({text})" : text)};");
            writer.Close();
        }
    }

    private int IndexOf(MemberRole role)
    {
        int index = 0;
        while (rule.Members[index].Role != role)
        {
            index++;
        }

        return index;
    }

    private void WriteMember(int index)
    {
        MemberSpec member = rule.Members[index];

        // What a reduction reduces is computed for every parameter.
        Kind over = member.Role == MemberRole.Reduce ? Kind.Parameter : member.Kind;
        var local = new Identifiers(["rule", "member", "frame", "step", "i", .. InitialEmitter.Names(plan)]);
        WriteFactor(index, local, out string factor);
        writer.Open($"for (int i = 0; i < frame.Size({EmissionNames.Contract}ValueKind.{over}); i++)");
        string receiver = member.IsStatic ? names.QualifiedRule : "rule";
        string call = $"{receiver}.{Names.Identifier(member.Name)}({string.Join(", ", member.Inputs.Select(input => Input(input, over)))})";
        if (member.Role == MemberRole.Reduce)
        {
            writer.Line($"frame.Contributions[i] = {call};");
        }
        else if (member.Role == MemberRole.RunningAverage)
        {
            WriteAverage(index, call, factor, local);
        }
        else
        {
            string name = local.Claim(Names.Camel(member.Name));
            writer.Line($"{member.Type.Keyword()} {name} = {call};");
            writer.Line($"frame.Values({index})[i] = {UniformEmitter.AsDouble(member.Type, name)};");
            if (member.Slot >= 0)
            {
                writer.Line($"{Next(member)}[i] = {name};");
            }

            if (member.Role == MemberRole.Update)
            {
                writer.Line($"frame.NextParameter[i] = {name};");
            }
        }

        writer.Close();
    }

    private void WriteAverage(int index, string call, string factor, Identifiers local)
    {
        MemberSpec member = rule.Members[index];
        string name = Names.Camel(member.Name);
        string sample = local.Claim(name + "Sample"), past = local.Claim("past"), stored = local.Claim(name);
        writer.Line($"{element} {sample} = {call};");
        writer.Line(
            $"{element} {past} = {Past(member.PerElement ? "Buffers" : "Carried", member.Slot, member.Initial, rule.Element, member.Kind, member.Kind)};");
        if (member.Averaging == Averaging.Decay)
        {
            // As the kernel has it: the decay in the element, and one less it in the element.
            string setting = member.SettingMember >= 0 ? Value(member.SettingMember, member.Kind) : SettingOf(member);
            string decay = local.Claim("decay");
            writer.Line($"{element} {decay} = {(member.SettingType == rule.Element ? setting : $"({element}){setting}")};");
            writer.Line($"{element} {stored} = {decay} * {past} + (1 - {decay}) * {sample};");
        }
        else
        {
            string weight = member.Averaging == Averaging.Window ? factor
                : member.SettingMember >= 0 ? Value(member.SettingMember, member.Kind)
                : member.SettingType == rule.Element ? SettingOf(member)
                : $"({element}){SettingOf(member)}";
            writer.Line($"{element} {stored} = {past} + ({sample} - {past}) * {weight};");
        }

        writer.Line($"{Next(member)}[i] = {stored};");
        writer.Line($"frame.Values({index})[i] = {stored}{(member.Corrected ? $" * {factor}" : "")};");
    }

    /// <summary>The factor of an average, computed once per step by the function that the kernel's uniform values use too.</summary>
    private void WriteFactor(int index, Identifiers local, out string factor)
    {
        MemberSpec member = rule.Members[index];
        string cast = rule.Element == ScalarType.Float32 ? "(float)" : "";
        factor = "";
        if (member.Averaging == Averaging.Window)
        {
            factor = local.Claim("weight");
            writer.Line($"{element} {factor} = {cast}{EmissionNames.Contract}RunningAverages.Weight({SettingOf(member)}, step);");
        }
        else if (member.Corrected && member.SettingMember < 0)
        {
            factor = local.Claim("correction");
            writer.Line($"{element} {factor} = {cast}{EmissionNames.Contract}RunningAverages.Correction({SettingOf(member)}, step);");
            WriteFactorSlot(index, factor, "0");
        }
        else if (CarriedOf(index, MemoryRole.DecayProduct) >= 0)
        {
            // One less the product of the decays used, which the rule carries: one for each decay there is.
            int product = CarriedOf(index, MemoryRole.DecayProduct);
            Kind kind = rule.Carried[product].Kind;
            string all = local.Claim("product");
            writer.Open($"for (int i = 0; i < frame.Size({EmissionNames.Contract}ValueKind.{kind}); i++)");
            writer.Line(
                $"{element} {all} = (step == 1 ? 1 : ({element})frame.Carried({product})[i]) * {Value(member.SettingMember, kind)};");
            writer.Line($"frame.NextCarried({product})[i] = {all};");
            WriteFactorSlot(index, $"1 / (1 - {all})", "i");
            writer.Close();
            factor = $"(1 / (1 - ({element})frame.NextCarried({product})[{Place(kind, member.Kind)}]))";
        }
    }

    private static string SettingOf(MemberSpec member) => EmissionNames.Read(member.Setting!.Value);

    private void WriteFactorSlot(int index, string factor, string place)
    {
        int slot = CarriedOf(index, MemoryRole.Correction);
        if (slot >= 0)
        {
            writer.Line($"frame.NextCarried({slot})[{place}] = {factor};");
        }
    }

    private static string Next(MemberSpec member) => $"frame.{(member.PerElement ? "NextBuffers" : "NextCarried")}({member.Slot})";

    private string Input(InputSpec input, Kind over)
    {
        if (input.Previous)
        {
            return Previous(input, over);
        }

        return input.Kind switch
        {
            InputKind.Step => "step",
            InputKind.Member => Value(input.Member, over),
            InputKind.Extra =>
                UniformEmitter.FromDouble(rule.Element, $"frame.Inputs({input.Member})[{Place(rule.Extras[input.Member].Kind, over)}]"),
            InputKind.Parameter or InputKind.Gradient => UniformEmitter.FromDouble(rule.Element, $"frame.{input.Kind}[i]"),
            InputKind.Correction => Mass(input.Member, over),
            InputKind.Loss => UniformEmitter.FromDouble(rule.Element, "frame.Loss"),
            _ => $"frame.{input.Kind}",
        };
    }

    /// <summary>What the correction of an average divides by.</summary>
    private string Mass(int index, Kind over)
    {
        MemberSpec member = rule.Members[index];
        int product = CarriedOf(index, MemoryRole.DecayProduct);
        return member.SettingMember < 0
            ? $"{(rule.Element == ScalarType.Float32 ? "(float)" : "")}{EmissionNames.Contract}RunningAverages.Mass({SettingOf(member)}, step)"
            : $"(1 - ({element})frame.NextCarried({product})[{Place(rule.Carried[product].Kind, over)}])";
    }

    private string Value(int member, Kind over)
        => UniformEmitter.FromDouble(rule.Members[member].Type, $"frame.Values({member})[{Place(rule.Members[member].Kind, over)}]");

    private string Previous(InputSpec input, Kind over)
    {
        if (input.Kind == InputKind.Member && rule.Members[input.Member] is { Slot: >= 0 } member)
        {
            string raw = Past(member.PerElement ? "Buffers" : "Carried", member.Slot, member.Initial, member.Type, member.Kind, over);
            if (!member.Corrected)
            {
                return raw;
            }

            int slot = CarriedOf(input.Member, MemoryRole.Correction);
            return $"{raw} * (step == 1 ? 1 : ({element})frame.Carried({slot})[{Place(rule.Carried[slot].Kind, over)}])";
        }

        for (int i = 0; i < rule.Buffers.Count; i++)
        {
            if (rule.Buffers[i].Role == MemoryRole.Previous && rule.Buffers[i].Previous == input)
            {
                return Past("Buffers", i, null, rule.Element, Kind.Parameter, over);
            }
        }

        int carried = 0;
        while (rule.Carried[carried].Role != MemoryRole.Previous || rule.Carried[carried].Previous != input)
        {
            carried++;
        }

        return Past("Carried", carried, null, rule.Carried[carried].Type, rule.Carried[carried].Kind, over);
    }

    /// <summary>What a memory held at the end of the last step; in the first, what the named member or input gives.</summary>
    private string Past(string memory, int slot, InputSpec? initial, ScalarType type, Kind kind, Kind over)
    {
        string past = UniformEmitter.FromDouble(type, $"frame.{memory}({slot})[{Place(kind, over)}]");
        return initial is { } input ? $"(step == 1 ? {Input(input, over)} : {past})"
            : memory == "Carried" ? $"(step == 1 ? {printer.PrintBare(plan.Carried[slot].Initial)} : {past})"
            : past;
    }

    private int CarriedOf(int member, MemoryRole role)
    {
        for (int i = 0; i < rule.Carried.Count; i++)
        {
            if (rule.Carried[i].Role == role && rule.Carried[i].Previous.Member == member)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The place of a value in the loop over finer ones.</summary>
    private static string Place(Kind kind, Kind over) => kind == over && kind is not (Kind.Group or Kind.Tensor) ? "i"
        : kind switch
        {
            Kind.Parameter => "i",
            Kind.Row => "i / frame.Columns",
            Kind.Column => "i % frame.Columns",
            _ => "0",
        };
}
