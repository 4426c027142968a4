using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;
using OptDsl.Generator.Parsing;

namespace OptDsl.Generator.Analysis;

/// <summary>Sums of what is one value for many parameters: each counts it once per parameter, which is seldom meant.</summary>
internal static class CoarseSums
{
    internal static void Report(List<MemberDeclaration> members, IReadOnlyList<ExtraSpec> extras, DiagnosticSink sink)
    {
        foreach (MemberDeclaration member in members.Where(member => member.Role == MemberRole.Reduce
            && member.Reduction.Operator == ReductionOperator.Sum && member.Inputs.Count > 0))
        {
            // Who reads how many parameters there are divides by it, or means it.
            if (ReadsHowMany(member, members))
            {
                continue;
            }

            Kind kind = member.Inputs.Select(KindOf).Aggregate(Kinds.Join);
            (string What, string Advice)? found = (kind, member.Reduction.Scope) switch
            {
                (Kind.Group, _) => ("is one number per group", $"divide it by 'count', or read '{member.Name}' as a [Derived] value"),
                (Kind.Tensor, ScopeKind.Row) => ("is one number per tensor", "divide it by 'columns', or make it a [Derived] value"),
                (Kind.Tensor, ScopeKind.Column) => ("is one number per tensor", "divide it by 'rows', or make it a [Derived] value"),
                (Kind.Tensor, _) => ("is one number per tensor", "divide it by 'count', so that each tensor counts once"),
                (Kind.Row, not ScopeKind.Column) => ("is one number per row", "divide it by 'columns', so that each row counts once"),
                (Kind.Column, not ScopeKind.Row) => ("is one number per column", "divide it by 'rows', so that each column counts once"),
                _ => null,
            };
            if (found is var (what, advice))
            {
                sink.Report(DiagnosticDescriptors.CoarseSum, member.Location, member.Name, what, advice);
            }
        }

        Kind KindOf(InputSpec input) => input.Kind switch
        {
            InputKind.Member => members[input.Member].Kind,
            InputKind.Extra => extras[input.Member].Kind,
            InputKind.Parameter or InputKind.Gradient => Kind.Parameter,
            InputKind.Rows or InputKind.Columns or InputKind.Count or InputKind.Rank => Kind.Tensor,
            InputKind.Correction => members[input.Member].SettingMember is >= 0 and int decay ? members[decay].Kind : Kind.Group,
            _ => Kind.Group,
        };
    }

    /// <summary>The member, or one that it is computed from: what an earlier reduction read is no part of this one.</summary>
    private static bool ReadsHowMany(MemberDeclaration sum, List<MemberDeclaration> members)
    {
        var seen = new HashSet<MemberDeclaration>();
        var pending = new Stack<MemberDeclaration>([sum]);
        while (pending.Count > 0)
        {
            MemberDeclaration member = pending.Pop();
            if (!seen.Add(member))
            {
                continue;
            }

            if (member.Inputs.Exists(input => input.Kind is InputKind.Rows or InputKind.Columns or InputKind.Count))
            {
                return true;
            }

            foreach (InputSpec input in member.Inputs.Where(input => input.Kind == InputKind.Member
                && members[input.Member].Role != MemberRole.Reduce))
            {
                pending.Push(members[input.Member]);
            }
        }

        return false;
    }
}
