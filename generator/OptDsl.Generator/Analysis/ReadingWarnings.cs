using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;
using OptDsl.Generator.Parsing;

namespace OptDsl.Generator.Analysis;

/// <summary>What a valid rule declares and does not read: hyperparameters, inputs, the past of a state, the parameter.</summary>
internal static class ReadingWarnings
{
    // The rule's kernel, which names every hyperparameter to copy the rule.
    private const string GeneratedFile = ".g.cs";

    internal static void Report(DeclaredRule declared, DiagnosticSink sink)
    {
        (RuleSpec rule, List<MemberDeclaration> members) = (declared.Rule, declared.Members);
        ReportHyperparameters(rule, declared.Type, declared.Values, declared.Translator, sink);
        members.ForEach(member => ReportInputs(member, members, rule, sink));
        ReportStates(members, rule, sink);
        if (!Reaches(rule, rule.Update, Operation.Parameter))
        {
            MemberDeclaration update = members.Find(member => member.Role == MemberRole.Update)!;
            sink.Report(DiagnosticDescriptors.UpdateIgnoresParameter, update.Location, update.Name,
                "returns the new content of the parameters", "their old content");
            return;
        }

        // Other places in the parameters' space; the caller may give one, too.
        IEnumerable<(string Name, int Node, string What)> places = rule.Extras.Where(extra => extra.Member >= 0)
            .Select(extra => (rule.Members[extra.Member].Name, rule.Members[extra.Member].Value, "is a point at which a gradient is taken"))
            .Concat(rule.Members.Where(member => member.Role == MemberRole.ReadAt)
                .Select(member => (member.Name, rule.ReadAt, "returns the model")));
        foreach ((string name, int node, string what) in places.Where(place =>
            !Reaches(rule, place.Node, Operation.Parameter, Operation.Input)))
        {
            sink.Report(DiagnosticDescriptors.UpdateIgnoresParameter, members.Find(member => member.Name == name)!.Location, name, what,
                "the parameters");
        }
    }

    /// <summary>
    /// Whether a value depends on a leaf, looking through states: what they store, or begin with, is read in a later step.
    /// </summary>
    internal static bool Reaches(RuleSpec rule, int root, params Operation[] leaves)
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
            if (leaves.Contains(node.Operation))
            {
                return true;
            }

            IEnumerable<int> kept = node.Operation switch
            {
                Operation.Buffer => [rule.Buffers[(int)node.Bits].Stored, rule.Buffers[(int)node.Bits].Initial],
                Operation.Carried => [rule.Carried[(int)node.Bits].Stored, rule.Carried[(int)node.Bits].Initial],
                _ => [],
            };
            foreach (int operand in node.Operands.Concat(kept))
            {
                pending.Push(operand);
            }
        }

        return false;
    }

    /// <summary>
    /// A value that no member reads, and nothing else in the rule's text either: a property that the caller reads may be made of it.
    /// </summary>
    private static void ReportHyperparameters(RuleSpec rule, INamedTypeSymbol type, RuleMembers values, ExpressionTranslator translator,
        DiagnosticSink sink)
    {
        var read = new HashSet<ISymbol>(translator.Read.Values.Select(value => value.Member), SymbolEqualityComparer.Default);
        HashSet<string>? mentioned = null;
        HashSet<string> held = [.. rule.Values.Select(value => value.Name)];
        foreach ((ISymbol member, MemberAccess access) in values.All.Where(value =>
            SymbolEqualityComparer.Default.Equals(value.Member.ContainingType, type) && !read.Contains(value.Member)))
        {
            if (!held.Contains(access.Name) || member is IFieldSymbol { DeclaredAccessibility: Accessibility.Private })
            {
                continue;
            }

            mentioned ??= [.. type.DeclaringSyntaxReferences.Where(part =>
                !part.SyntaxTree.FilePath.EndsWith(GeneratedFile, StringComparison.Ordinal))
                .SelectMany(part => part.GetSyntax().DescendantNodes().OfType<IdentifierNameSyntax>())
                .Select(name => name.Identifier.ValueText)];
            if (!mentioned.Contains(member.Name))
            {
                sink.Report(DiagnosticDescriptors.HyperparameterNeverRead, member.Locations[0], member.Name, type.Name);
            }
        }
    }

    private static void ReportInputs(MemberDeclaration member, List<MemberDeclaration> members, RuleSpec rule, DiagnosticSink sink)
    {
        if (member.Method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not MethodDeclarationSyntax declaration
            || ((SyntaxNode?)declaration.Body ?? declaration.ExpressionBody) is not { } body)
        {
            return;
        }

        HashSet<string> named = [.. body.DescendantNodes().OfType<IdentifierNameSyntax>().Select(name => name.Identifier.ValueText)];
        for (int i = 0; i < member.Inputs.Count; i++)
        {
            IParameterSymbol parameter = member.Method.Parameters[i];
            if (!named.Contains(parameter.Name) && parameter.Name != member.InitialInput)
            {
                sink.Report(DiagnosticDescriptors.InputIgnored, parameter.Locations[0], parameter.Name, member.Name,
                    Cost(member.Inputs[i], members, rule));
            }
        }
    }

    /// <summary>What is done for an input, whether it is used or not.</summary>
    private static string Cost(InputSpec input, List<MemberDeclaration> members, RuleSpec rule)
        => input is { Kind: InputKind.Extra, Previous: false } ? rule.Extras[input.Member].Extra switch
        {
            ExtraKind.PerParameter => ", which the caller must fill",
            ExtraKind.PerTensor => ", which the caller must set",
            ExtraKind.GradientAt => ", for which the loss is evaluated again",
            _ => ", which is drawn in every step",
        }
        : input.Previous
        && !(input.Kind == InputKind.Member && members[input.Member].HasMemory) ? ", which is kept from step to step for it"
        : "";

    /// <summary>
    /// A state of which nobody reads the past. One that the model is read from, or that checkpoints of others have by a name, is kept for
    /// that.
    /// </summary>
    private static void ReportStates(List<MemberDeclaration> members, RuleSpec rule, DiagnosticSink sink)
    {
        HashSet<int> past = [.. members.SelectMany(member => member.Inputs)
            .Where(input => input is { Kind: InputKind.Member, Previous: true }).Select(input => input.Member)];
        HashSet<int> model = ReadByModel(members);
        for (int i = 0; i < members.Count; i++)
        {
            MemberDeclaration member = members[i];
            if (member.Role == MemberRole.State && !past.Contains(i) && !model.Contains(i) && member.SavedAs is null
                && members.Exists(other => other.Inputs.Exists(input => input.Kind == InputKind.Member && input.Member == i)))
            {
                sink.Report(DiagnosticDescriptors.StateWithoutPast, RoleReader.AttributeLocation(member.Attribute), member.Name,
                    Names.Previous + member.Name);
            }
        }
    }

    private static HashSet<int> ReadByModel(List<MemberDeclaration> members)
    {
        var reached = new HashSet<int>();
        var pending = new Stack<int>(Enumerable.Range(0, members.Count).Where(i => members[i].Role == MemberRole.ReadAt));
        while (pending.Count > 0)
        {
            int index = pending.Pop();
            if (reached.Add(index))
            {
                foreach (InputSpec input in members[index].Inputs.Where(input => input.Kind == InputKind.Member))
                {
                    pending.Push(input.Member);
                }
            }
        }

        return reached;
    }
}
