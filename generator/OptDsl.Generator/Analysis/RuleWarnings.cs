using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;
using OptDsl.Generator.Parsing;

namespace OptDsl.Generator.Analysis;

/// <summary>
/// What can be said of a valid rule: members nobody reads, an update that ignores the gradient, values out of range; and, in classes of
/// their own, what expressions may do. Only the analyzer asks: nobody hears a generator's warning.
/// </summary>
internal static class RuleWarnings
{
    internal static void Report(DeclaredRule declared, DiagnosticSink sink)
    {
        (RuleSpec rule, List<MemberDeclaration> members) = (declared.Rule, declared.Members);
        ReportUnused(members, rule, declared.Translator, sink);
        ReportWithoutGradient(MemberRole.Update, rule.Update, Operation.Gradient, Operation.PointGradient);

        // A direction may be the caller's, as Newton's is.
        ReportWithoutGradient(MemberRole.SearchDirection, rule.SearchDirection, Operation.Gradient, Operation.PointGradient,
            Operation.Input);
        DefaultWarnings.Report(declared, sink);
        ReadingWarnings.Report(declared, sink);
        ExpressionWarnings.Report(declared, sink);
        CoarseSums.Report(members, declared.Extras, sink);

        void ReportWithoutGradient(MemberRole role, int root, params Operation[] gradients)
        {
            if (root >= 0 && !ReadingWarnings.Reaches(rule, root, gradients))
            {
                MemberDeclaration member = members.Find(member => member.Role == role)!;
                sink.Report(DiagnosticDescriptors.UpdateIgnoresGradient, member.Location, member.Name);
            }
        }
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
                IEnumerable<int> points = members[member].Inputs.Where(input => input.Kind == InputKind.Extra
                    && rule.Extras[input.Member].Member >= 0)
                    .Select(input => members.FindIndex(other => other.Name == rule.Members[rule.Extras[input.Member].Member].Name));
                foreach (int read in members[member].Inputs.Where(input => input.Kind is InputKind.Member or InputKind.Correction)
                    .Select(input => input.Member)
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
                (string what, string advice) = !IsCalled(members[i])
                    ? ($"Nothing that the update reads depends on '{members[i].Name}'", ", or remove it")
                    : ($"Calling '{members[i].Name}' gives only {OfCall(members[i].Role)}", $", in place of the call");
                sink.Report(DiagnosticDescriptors.MemberNeverUsed, members[i].Location, what, members[i].InputName, advice);
            }
        }

        bool IsCalled(MemberDeclaration member)
            => translator.Called.Contains(member.Method.PartialImplementationPart ?? member.Method)
            || translator.Called.Contains(member.Method);
    }

    /// <summary>What a call of a member's method computes, and what it leaves out.</summary>
    private static string OfCall(MemberRole role) => role switch
    {
        MemberRole.RunningAverage => "its sample, and nothing reads the average",
        MemberRole.Reduce => "what it reduces, and nothing reads the reduction",
        _ => "the value of its formula, and nothing reads what is kept",
    };
}
