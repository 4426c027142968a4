using System.Globalization;
using Microsoft.CodeAnalysis;
using OptDsl.Generator.Analysis.Ranges;
using OptDsl.Generator.Analysis.Report;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;
using OptDsl.Generator.Parsing;

namespace OptDsl.Generator.Analysis;

/// <summary>Where a rule leads: uphill, or a state to infinity.</summary>
internal static class TrendWarnings
{
    /// <summary>
    /// An update that moves along the gradients, for every value its hyperparameters may have; or for a default that is negative.
    /// </summary>
    internal static void ReportAscent(RuleSpec rule, RangeAnalysis ranges, INamedTypeSymbol type, List<MemberDeclaration> members,
        ExpressionTranslator translator, DiagnosticSink sink)
    {
        var trends = new TrendAnalysis(rule, ranges);
        if (rule.SearchDirection >= 0 && trends[rule.SearchDirection] == Trend.Against)
        {
            Location direction = translator.Places.TryGetValue(rule.SearchDirection, out Location? written) ? written
                : members.Find(member => member.Role == MemberRole.SearchDirection)!.Location;
            sink.Report(DiagnosticDescriptors.UpdateAscends, direction, ExpressionWarnings.Text(direction),
                "points against the gradient, and a search tries parameter - rate * direction", "change its sign");
        }

        if (trends[rule.Update] != Trend.Along || !ReadingWarnings.Reaches(rule, rule.Update, Operation.Parameter))
        {
            return;
        }

        var negative = rule.Defaults.Where(given => given.Value < 0 && !rule.Domains.Any(domain => domain.Value.Name == given.Name))
            .ToList();
        RuleSpec positive =
            rule with
            {
                Defaults = new EquatableArray<DefaultSpec>(
                rule.Defaults.Select(given => negative.Contains(given) ? given with { Value = -given.Value } : given))
            };
        if (negative.Count > 0 && new TrendAnalysis(positive, new RangeAnalysis(positive))[rule.Update] == Trend.Against)
        {
            foreach (DefaultSpec given in negative)
            {
                if (DefaultValues.Of(type, translator.Read[given.Name].Member) is var (value, location))
                {
                    DefaultWarnings.Report(location, value, given.Name, "with a negative value the update follows the gradient uphill",
                        sink);
                }
            }

            return;
        }

        Location place = PlaceOf(rule, trends, translator) ?? members.Find(member => member.Role == MemberRole.Update)!.Location;
        sink.Report(DiagnosticDescriptors.UpdateAscends, place, ExpressionWarnings.Text(place),
            "moves the parameters in the direction of the gradient", "subtract what it adds, or change its sign");
    }

    /// <summary>
    /// An update that is the same where all gradients change their sign. For one loss or for its negative it climbs. A change that depends
    /// on more than gradients, such as noise, the loss or the parameter, may know where to go by that.
    /// </summary>
    internal static void ReportLostSign(RuleSpec rule, List<MemberDeclaration> members, ExpressionTranslator translator,
        DiagnosticSink sink)
    {
        Dictionary<int, int> spine = UpdateSpine.Of(rule);
        if (spine.Count == 0 || new ParityAnalysis(rule, Parity.None)[rule.Update] != Parity.Even)
        {
            return;
        }

        var parities = new ParityAnalysis(rule, Parity.Unknown);
        if (spine.Values.All(change => change >= 0 && parities[change] is Parity.None or Parity.Even))
        {
            int sum = spine.Where(step => parities[step.Value] == Parity.Even).Select(step => step.Key).DefaultIfEmpty(-1).Min();
            Location place = sum >= 0 && translator.Places.TryGetValue(sum, out Location? written) ? written
                : members.Find(member => member.Role == MemberRole.Update)!.Location;
            sink.Report(DiagnosticDescriptors.SignIsLost, place, ExpressionWarnings.Text(place));
        }
    }

    /// <summary>A state that has more than itself in its next value.</summary>
    internal static void ReportGrowth(RuleSpec rule, List<MemberDeclaration> members, ExpressionTranslator translator, DiagnosticSink sink)
    {
        StateFactors? factors = null;
        foreach (MemberSpec member in rule.Members.Where(member => member is { Role: MemberRole.State, Slot: >= 0, Stored: >= 0 }
            && member.Type.IsFloating()))
        {
            factors ??= new StateFactors(rule);
            if (factors.Of(member.PerElement ? Operation.Buffer : Operation.Carried, member.Slot, member.Stored) is var (factor, node)
                && Math.Abs(factor) > 1)
            {
                Location place = node >= 0 && translator.Places.TryGetValue(node, out Location? written) ? written
                    : members.Find(declared => declared.Name == member.Name)!.Location;
                sink.Report(DiagnosticDescriptors.StateGrows, place, ExpressionWarnings.Text(place),
                    factor.ToString("R", CultureInfo.InvariantCulture), member.Name);
            }
        }
    }

    /// <summary>The sum at which what leads uphill is added to a position.</summary>
    private static Location? PlaceOf(RuleSpec rule, TrendAnalysis trends, ExpressionTranslator translator)
        => UpdateSpine.Of(rule).Where(step => step.Value < 0 || trends[step.Value] is Trend.Along or Trend.Against)
        .OrderBy(step => step.Key)
            .Select(step => translator.Places.TryGetValue(step.Key, out Location? place) ? place : null)
            .FirstOrDefault(place => place is not null);
}
