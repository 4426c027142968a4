using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission;

/// <summary>Emits what runs once a step: the checks of the rule's values and the uniforms of the body.</summary>
internal static class UniformEmitter
{
    internal static void Write(SourceWriter writer, RuleSpec rule, KernelPlan plan, EmissionNames names)
    {
        WriteValidate(writer, rule, names);
        InitialEmitter.Write(writer, rule, names);
        WritePrepare(writer, rule, plan, names);
    }

    /// <summary>Declares the values carried from the last step, and returns their names by slot.</summary>
    internal static List<string> WriteCarried(SourceWriter writer, RuleSpec rule, Identifiers identifiers, UniformPrinter printer)
    {
        InitialEmitter.Name(rule, printer);
        var carried = new List<string>();
        for (int i = 0; i < rule.Carried.Count; i++)
        {
            CarriedSpec value = rule.Carried[i];
            string name = identifiers.Claim(EmissionNames.PreviousName(value));
            string read = $"frame.Carried[{i}]";
            string typed = value.Type switch
            {
                ScalarType.Boolean => $"{read} != 0",
                ScalarType.Float64 => read,
                _ => $"({value.Type.Keyword()}){read}",
            };
            writer.Line($"{value.Type.Keyword()} {name} = step == 1 ? {printer.PrintBare(value.Initial)} : {typed};");
            carried.Add(name);
        }

        return carried;
    }

    /// <summary>A carried value as the double it is kept in; a condition's text must be a name or stand in parentheses.</summary>
    internal static string AsDouble(ScalarType type, string text) => type == ScalarType.Boolean ? $"{text} ? 1 : 0" : text;

    private static void WriteValidate(SourceWriter writer, RuleSpec rule, EmissionNames names)
    {
        writer.Line($"internal static void Validate<{names.Element}>({names.Rule} rule)");
        writer.Indent();
        writer.Line(names.ElementConstraint);
        writer.Outdent();
        writer.Open();
        foreach (string name in rule.Numbers)
        {
            writer.Line($"{EmissionNames.Kernels}RuleChecks.Number<{names.Element}>(rule.{Parsing.Names.Identifier(name)}, {Literals.String(name)});");
        }

        var checks = rule.Members.Where(member => member.Setting.Length > 0)
            .Select(member => $"{EmissionNames.Kernels}RuleChecks.{(member.IsWindow ? "Window" : "Decay")}({member.Setting}, {Literals.String(member.SettingName)});");
        foreach (string check in checks.Distinct())
        {
            writer.Line(check);
        }

        writer.Close();
        writer.Line();
    }

    private static void WritePrepare(SourceWriter writer, RuleSpec rule, KernelPlan plan, EmissionNames names)
    {
        writer.Line($"internal static void Prepare<{names.Element}>({names.Rule} rule, {EmissionNames.Kernels}UniformFrame<{names.Element}> frame)");
        writer.Indent();
        writer.Line(names.ElementConstraint);
        writer.Outdent();
        writer.Open();
        var identifiers = new Identifiers(["rule", "frame", "step", .. InitialEmitter.Names(rule)]);
        var printer = new UniformPrinter(plan.Nodes);
        writer.Line("int step = frame.Step;");
        List<string> carried = WriteCarried(writer, rule, identifiers, printer);
        for (int i = 0; i < plan.Nodes.Count; i++)
        {
            if (plan.Nodes[i].Operation == Operation.Carried)
            {
                printer.Names[i] = carried[(int)plan.Nodes[i].Bits];
            }
        }

        WriteShared(writer, rule, plan, identifiers, printer);
        foreach (ClampBoundsSpec bounds in rule.ClampBounds.Distinct())
        {
            writer.Line($"{EmissionNames.Kernels}RuleChecks.ClampBounds({printer.PrintBare(bounds.Min)}, {printer.PrintBare(bounds.Max)}, {Literals.String(bounds.Text)});");
        }

        for (int slot = 0; slot < plan.Uniforms.Count; slot++)
        {
            writer.Line($"frame.Set({slot}, {printer.PrintBare(plan.Uniforms[slot])});");
        }

        WriteInitials(writer, rule, plan, names, printer);
        for (int i = 0; i < rule.Carried.Count; i++)
        {
            CarriedSpec value = rule.Carried[i];
            string text = value.Type == ScalarType.Boolean ? printer.Print(value.Stored) : printer.PrintBare(value.Stored);
            writer.Line($"frame.NextCarried[{i}] = {AsDouble(value.Type, text)};");
        }

        writer.Close();
        writer.Line();
    }

    private static void WriteShared(SourceWriter writer, RuleSpec rule, KernelPlan plan, Identifiers identifiers, UniformPrinter printer)
    {
        IEnumerable<int> roots = plan.Uniforms
            .Concat(rule.Carried.Select(value => value.Stored))
            .Concat(rule.ClampBounds.Distinct().SelectMany(bounds => new[] { bounds.Min, bounds.Max }));
        UniformLocals.Write(writer, plan.Nodes, rule.NameHints, roots, identifiers, printer);
    }

    private static void WriteInitials(SourceWriter writer, RuleSpec rule, KernelPlan plan, EmissionNames names, UniformPrinter printer)
    {
        var initials = rule.Buffers
            .Select((buffer, index) => (Node: buffer.Initial, Index: index))
            .Where(pair => plan.Nodes[pair.Node] is not { Operation: Operation.Constant, Bits: 0 })
            .ToList();
        if (initials.Count == 0)
        {
            return;
        }

        writer.Open("if (step == 1)");
        foreach ((int node, int index) in initials)
        {
            writer.Line($"frame.Initials[{index}] = {names.Element}.CreateTruncating({printer.PrintBare(node)});");
        }

        writer.Close();
    }
}
