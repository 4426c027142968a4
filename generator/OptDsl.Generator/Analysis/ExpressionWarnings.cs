using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Analysis.Ranges;
using OptDsl.Generator.Analysis.Report;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;
using OptDsl.Generator.Parsing;

namespace OptDsl.Generator.Analysis;

/// <summary>
/// What a valid rule's expressions may do that nobody wants: divide by zero, take the root of a negative value, add different units.
/// </summary>
internal static class ExpressionWarnings
{
    internal static void Report(DeclaredRule declared, DiagnosticSink sink)
    {
        (RuleSpec rule, List<MemberDeclaration> members, ExpressionTranslator translator) = (declared.Rule, declared.Members,
            declared.Translator);
        var ranges = new RangeAnalysis(rule);
        DefaultWarnings.ReportSettings(declared, ranges, sink);
        ReportRanges(declared, ranges, sink);
        TrendWarnings.ReportAscent(rule, ranges, declared.Type, members, translator, sink);
        TrendWarnings.ReportLostSign(rule, members, translator, sink);
        TrendWarnings.ReportGrowth(rule, members, translator, sink);
        AverageWarnings.Report(declared, sink);
        ReportUnits(rule, members, translator, sink);
    }

    /// <summary>Only what the author wrote has a place: what the library adds to averages is sound.</summary>
    private static void ReportRanges(DeclaredRule declared, RangeAnalysis ranges, DiagnosticSink sink)
    {
        (RuleSpec rule, ExpressionTranslator translator) = (declared.Rule, declared.Translator);
        var formulas = new FormulaPrinter(rule.Nodes, FormulaNames.Of(rule));
        double?[] defaults = Constants.AtDefaults(rule);
        var demand = new Demand(rule, ranges);
        ILookup<int, int> users = Enumerable.Range(0, rule.Nodes.Count)
            .SelectMany(user => rule.Nodes[user].Operands.Select(operand => (user, operand)))
            .Concat(Demand.Roots(rule).Select(root => (user: root, operand: root)))
            .ToLookup(pair => pair.operand, pair => pair.user);
        ValueRange Where(int node, int reader) => demand[reader] is { } facts ? ranges.Of(node, facts) : ranges[node];
        for (int i = 0; i < rule.Nodes.Count; i++)
        {
            Expression node = rule.Nodes[i];
            if (!translator.Places.TryGetValue(i, out Location? place) || demand[i] is not { } known)
            {
                continue;
            }

            ValueRange Of(int operand) => ranges.Of(operand, known);
            if (InverseOfZero(rule, i, new Absorption(rule, users, Of, Where), Of))
            {
                sink.Report(DiagnosticDescriptors.DivisionReachesZero, place, Text(place), "the quotient is infinite or NaN");
            }
            else if (OutsideDomain(rule, node, Of) is var (function, value))
            {
                sink.Report(DiagnosticDescriptors.OutsideDomain, place, Text(place), function, value);
            }
            else if (node is { Operation: Operation.Divide or Operation.Remainder, Type: ScalarType.Int32 }
                && defaults[node.B] is 0 && Of(node.B).HasZero)
            {
                DefaultWarnings.ReportDivisor(declared, node.B, place, sink);
            }
            else if (ConditionWarnings.OneOutcome(rule, i, ranges) is var (why, advice))
            {
                sink.Report(DiagnosticDescriptors.OneOutcome, place, Text(place), why, advice);
            }
            else if (ConditionWarnings.OutOfOrder(rule, i, Of) is var (lower, upper))
            {
                sink.Report(DiagnosticDescriptors.BoundsOutOfOrder, place, Text(place), formulas.Mention(lower), formulas.Mention(upper));
            }
        }
    }

    /// <summary>Whether a node divides by a value that can be zero, or raises one to a negative power.</summary>
    private static bool InverseOfZero(RuleSpec rule, int index, Absorption absorption, Func<int, ValueRange> of)
    {
        Expression node = rule.Nodes[index];
        if (node.Operation == Operation.Pow)
        {
            return of(node.A).HasZero && of(node.B).Low < 0;
        }

        return node.Operation == Operation.Divide && node.Type.IsFloating() && of(node.B).HasZero
            && !absorption.Covers(index, absorption.FaultsOf(node));
    }

    /// <summary>A function of a value for which it is NaN or infinite, and what that value can be.</summary>
    private static (string Function, string Value)? OutsideDomain(RuleSpec rule, Expression node, Func<int, ValueRange> of)
        => node.Operation switch
        {
            Operation.Sqrt when of(node.A).Low < 0 => ("square root", "negative"),
            Operation.Log or Operation.Log2 when of(node.A).Low < 0 => ("logarithm", "negative"),
            Operation.Log or Operation.Log2 when of(node.A).HasZero => ("logarithm", "zero"),
            Operation.Pow when of(node.A).Low < 0 && !IsWhole(rule, node.B, of(node.B)) => ("power", "negative"),
            _ => null,
        };

    private static bool IsWhole(RuleSpec rule, int exponent, ValueRange range)
        => (range.IsPoint && range.Low % 1 == 0)
            || rule.Nodes[exponent].Type == ScalarType.Int32
            || (rule.Nodes[exponent] is { Operation: Operation.Convert, A: var converted }
                && rule.Nodes[converted].Type == ScalarType.Int32);

    private static void ReportUnits(RuleSpec rule, List<MemberDeclaration> members, ExpressionTranslator translator, DiagnosticSink sink)
    {
        var formulas = new FormulaPrinter(rule.Nodes, FormulaNames.Of(rule));
        var analysis = new UnitAnalysis(rule);
        var blame = new UnitBlame(rule);
        bool ignoresParameter = !ReadingWarnings.Reaches(rule, rule.Update, Operation.Parameter);
        foreach (UnitConflict found in analysis.Conflicts)
        {
            UnitConflict conflict = blame.Smallest(found, analysis.Conflicts.Count,
                node => translator.Places.TryGetValue(node, out Location? text) ? text.SourceSpan.Length : 0);
            MemberDeclaration? member = conflict.Member < 0 ? null
                : members.Find(candidate => candidate.Name == rule.Members[conflict.Member].Name);
            Location? place = translator.Places.TryGetValue(conflict.Node, out Location? written) ? written
                : member?.Location ?? PlaceAround(rule, conflict.Node, translator);
            if (place is null || (ignoresParameter && member?.Role == MemberRole.Update))
            {
                continue;
            }

            string right = conflict.Right < 0 ? conflict.RightText : $"'{formulas.Mention(conflict.Right)}'";
            sink.Report(DiagnosticDescriptors.UnitsDisagree, place, member?.Name ?? Text(place), conflict.What,
                $"'{(member is null ? formulas.Mention(conflict.Left) : formulas.Print(conflict.Left))}' is {conflict.LeftUnit}",
                    $"{right} is {conflict.RightUnit}");
        }

        foreach ((int node, int literal, int other, string unit) in analysis.Literals)
        {
            if (translator.Places.TryGetValue(node, out Location? sum))
            {
                Location place = OperandOf(sum, translator, literal) ?? sum;
                sink.Report(DiagnosticDescriptors.LiteralTakesUnit, place, Text(place), formulas.Mention(other), unit);
            }
        }
    }

    /// <summary>The literal within the text of its sum: elsewhere there may be an equal one.</summary>
    private static Location? OperandOf(Location sum, ExpressionTranslator translator, int literal)
    {
        SyntaxNode written = sum.SourceTree!.GetRoot().FindNode(sum.SourceSpan, getInnermostNodeForTie: true);
        return written is BinaryExpressionSyntax binary
            ? new[] { binary.Left, binary.Right }.FirstOrDefault(operand => translator.IsWritten(operand, literal))?.GetLocation()
            : null;
    }

    /// <summary>
    /// Of a node that one expression of the author's became together with others, such as a comparison of a clamp: that expression.
    /// </summary>
    private static Location? PlaceAround(RuleSpec rule, int node, ExpressionTranslator translator)
    {
        for (int user = node + 1; user < rule.Nodes.Count; user++)
        {
            if (rule.Nodes[user].Operands.Contains(node))
            {
                if (translator.Places.TryGetValue(user, out Location? place))
                {
                    return place;
                }

                node = user;
            }
        }

        return null;
    }

    internal static string Text(Location place) => Regex.Replace(place.SourceTree!.GetText().ToString(place.SourceSpan), @"\s+", " ");
}
