using Microsoft.CodeAnalysis;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;
using OptDsl.Generator.Parsing;

namespace OptDsl.Generator.Analysis;

/// <summary>
/// What can be said of a valid rule: members nobody reads, an update that ignores the gradient, values out of range; and, in classes of their own,
/// what expressions may do. Only the analyzer asks: nobody hears a generator's warning.
/// </summary>
internal static class RuleWarnings
{
    internal static void Report(DeclaredRule declared, DiagnosticSink sink)
    {
        (RuleSpec rule, INamedTypeSymbol type, List<MemberDeclaration> members) = (declared.Rule, declared.Type, declared.Members);
        ReportUnused(members, rule, declared.Translator, sink);
        if (!ReadingWarnings.Reaches(rule, Operation.Gradient, Operation.PointGradient))
        {
            MemberDeclaration update = members.Find(member => member.Role == MemberRole.Update)!;
            sink.Report(DiagnosticDescriptors.UpdateIgnoresGradient, update.Location, update.Name);
        }

        ReportDefaults(type, members, declared.Averages, sink);
        ReportDomains(type, declared.Averages, declared.Values, sink);
        ReadingWarnings.Report(declared, sink);
        if (rule.Element == ScalarType.Float64)
        {
            ReportLost(rule, type, declared.Translator, sink);
        }

        ExpressionWarnings.Report(declared, sink);
        CoarseSums.Report(members, declared.Extras, sink);
    }

    private static void ReportUnused(List<MemberDeclaration> members, RuleSpec rule, ExpressionTranslator translator, DiagnosticSink sink)
    {
        var used = new HashSet<int>();
        var pending = new Stack<int>(Enumerable.Range(0, members.Count).Where(i => members[i].IsObserved
            || members[i].Role is MemberRole.Update or MemberRole.Rate or MemberRole.ReadAt or MemberRole.SearchDirection
            || (members[i].Role == MemberRole.Derived && IsCalled(members[i]))));
        while (pending.Count > 0)
        {
            int member = pending.Pop();
            if (used.Add(member))
            {
                IEnumerable<int> points = members[member].Inputs.Where(input => input.Kind == InputKind.Extra && rule.Extras[input.Member].Member >= 0)
                    .Select(input => members.FindIndex(other => other.Name == rule.Members[rule.Extras[input.Member].Member].Name));
                foreach (int read in members[member].Inputs.Where(input => input.Kind is InputKind.Member or InputKind.Correction).Select(input => input.Member)
                    .Concat(points).Append(members[member].SettingMember).Append(members[member].InitialMember).Where(read => read >= 0))
                {
                    pending.Push(read);
                }
            }
        }

        for (int i = 0; i < members.Count; i++)
        {
            if (!used.Contains(i))
            {
                (string what, string advice) = !IsCalled(members[i]) ? ($"Nothing that the update reads depends on '{members[i].Name}'", ", or remove it")
                    : ($"Calling '{members[i].Name}' gives only {OfCall(members[i].Role)}", $", in place of the call");
                sink.Report(DiagnosticDescriptors.MemberNeverUsed, members[i].Location, what, members[i].InputName, advice);
            }
        }

        bool IsCalled(MemberDeclaration member) => translator.Called.Contains(member.Method.PartialImplementationPart ?? member.Method) || translator.Called.Contains(member.Method);
    }

    /// <summary>What a call of a member's method computes, and what it leaves out.</summary>
    private static string OfCall(MemberRole role) => role switch
    {
        MemberRole.RunningAverage => "its sample, and nothing reads the average",
        MemberRole.Reduce => "what it reduces, and nothing reads the reduction",
        _ => "the value of its formula, and nothing reads what is kept",
    };

    private static void ReportDefaults(INamedTypeSymbol type, List<MemberDeclaration> members, List<AverageSettings?> averages, DiagnosticSink sink)
    {
        for (int i = 0; i < members.Count; i++)
        {
            if (averages[i] is not { Averaging: not Averaging.Weight } average || DefaultValues.Of(type, average.Source) is not var (value, location))
            {
                continue;
            }

            bool inRange = average.IsWindow ? value >= 1 && !double.IsInfinity(value) : value >= 0 && value < 1;
            if (!inRange)
            {
                sink.Report(DiagnosticDescriptors.DefaultOutOfRange, location, Text(value), average.Source.Name,
                    average.IsWindow ? "a window is at least 1 and finite" : "a decay lies in [0, 1)");
            }
        }
    }

    /// <summary>Defaults outside of the domain that is declared beside them; what averages require is said there.</summary>
    private static void ReportDomains(INamedTypeSymbol type, List<AverageSettings?> averages, RuleMembers values, DiagnosticSink sink)
    {
        foreach ((ISymbol member, _) in values.All.Where(value => !averages.Exists(average => SymbolEqualityComparer.Default.Equals(average?.Source, value.Member))))
        {
            if (DefaultValues.Of(type, member) is not var (value, location))
            {
                continue;
            }

            if (DomainReader.Of(member) is { } domain && !domain.Contains(value))
            {
                sink.Report(DiagnosticDescriptors.DefaultOutOfRange, location, Text(value), member.Name, $"its domain is {domain}");
            }
            else if (double.IsNaN(value))
            {
                sink.Report(DiagnosticDescriptors.DefaultOutOfRange, location, Text(value), member.Name, "whatever is computed with it is NaN as well");
            }
        }
    }

    /// <summary>Defaults of hyperparameters the rule reads, and constants that meet a per-parameter value.</summary>
    private static void ReportLost(RuleSpec rule, INamedTypeSymbol type, ExpressionTranslator translator, DiagnosticSink sink)
    {
        foreach ((ValueSpec spec, ISymbol member) in translator.Read.Values)
        {
            if (spec.Type.IsFloating() && DefaultValues.Of(type, member) is var (value, location) && IsLost(value))
            {
                sink.Report(DiagnosticDescriptors.ConstantLostInFloat, location, $"The default {Text(value)} of '{spec.Name}'", Text((float)value));
            }
        }

        foreach (Expression node in rule.Nodes.Where(node => node.PerElement))
        {
            foreach (int operand in node.Operands)
            {
                Expression constant = rule.Nodes[operand];
                if (constant is { Operation: Operation.Constant, Type: ScalarType.Float64 }
                    && BitConverter.Int64BitsToDouble(constant.Bits) is var value && IsLost(value)
                    && translator.FirstRead.TryGetValue(operand, out Location? location))
                {
                    sink.Report(DiagnosticDescriptors.ConstantLostInFloat, location, $"The constant {Text(value)}", Text((float)value));
                }
            }
        }
    }

    private static bool IsLost(double value) => (value != 0 && (float)value == 0) || (!double.IsInfinity(value) && float.IsInfinity((float)value));

    internal static string Text(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
