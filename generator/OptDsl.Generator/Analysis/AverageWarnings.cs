using Microsoft.CodeAnalysis;
using OptDsl.Generator.Analysis.Ranges;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;
using OptDsl.Generator.Parsing;

namespace OptDsl.Generator.Analysis;

/// <summary>Running averages that start biased, are corrected although it does not fit, or whose sample is an average already.</summary>
internal static class AverageWarnings
{
    internal static void Report(DeclaredRule declared, DiagnosticSink sink)
    {
        (RuleSpec rule, List<MemberDeclaration> members) = (declared.Rule, declared.Members);
        var mixtures = new Mixtures(rule.Nodes);
        for (int i = 0; i < members.Count; i++)
        {
            MemberDeclaration member = members[i];
            if (member.Role != MemberRole.RunningAverage)
            {
                continue;
            }

            MemberSpec spec = rule.Members.First(other => other.Name == member.Name);
            ReportSample(rule, member, spec, mixtures, declared.Translator, sink);
            if (declared.Averages[i] is not { Averaging: Averaging.Decay } average
                || Averages.PartsOf(rule, spec) is not var (setting, past, _))
            {
                continue;
            }

            var corrections = new HandCorrections(rule, setting);
            List<InputSpec> reads = [.. members.SelectMany(reader => reader.Inputs).Where(input => input.Member == i)];
            bool saysNothing = average.Member < 0 && member.Correction is null && member.InitialArgument is null;

            // One that says there is to be no correction means it, and one that is corrected by hand is corrected.
            if (saysNothing && reads.Exists(input => input.Kind == InputKind.Member)
                && !reads.Exists(input => input.Kind == InputKind.Correction) && !corrections.Meet(spec.Value, past))
            {
                sink.Report(DiagnosticDescriptors.AverageStartsBiased, RoleReader.AttributeLocation(member.Attribute), member.Name);
            }

            ReportCorrection(rule, member, spec, corrections, declared.Translator, sink);
        }
    }

    /// <summary>A correction of what is corrected already, or does not begin at zero.</summary>
    private static void ReportCorrection(
        RuleSpec rule, MemberDeclaration member, MemberSpec spec, HandCorrections corrections, ExpressionTranslator translator,
        DiagnosticSink sink)
    {
        bool beginsElsewhere = BeginsElsewhere(rule, spec);
        if (member.Corrected && beginsElsewhere)
        {
            sink.Report(DiagnosticDescriptors.CorrectionDoesNotFit, member.ArgumentLocation("Correction"), member.Name,
                "does not begin at zero, but its correction, a division by 1 - b^t, is right only for an average that does",
                "remove Initial, or set BiasCorrection.None");
        }

        if ((member.Corrected || beginsElsewhere) && corrections.DivisionOf(spec.Value) is >= 0 and int division
            && translator.Places.TryGetValue(division, out Location? place))
        {
            sink.Report(DiagnosticDescriptors.CorrectionDoesNotFit, place, ExpressionWarnings.Text(place),
                member.Corrected ? $"corrects '{member.Name}' a second time: its readers see it corrected already"
                    : $"corrects '{member.Name}', which does not begin at zero, but a division by 1 - b^t is right only for an average that does",
                member.Corrected ? "remove the division, or set BiasCorrection.None" : "remove the division, or Initial");
        }
    }

    /// <summary>Whether it begins with what is certainly another number than zero where hyperparameters have their defaults.</summary>
    private static bool BeginsElsewhere(RuleSpec rule, MemberSpec spec)
    {
        int initial = spec.PerElement ? rule.Buffers[spec.Slot].Initial : rule.Carried[spec.Slot].Initial;
        return rule.Nodes[initial].PerElement || Constants.AtDefaults(rule, initial) is not (null or 0);
    }

    /// <summary>A sample that is an average of the average's past, or has a weight that averaging gives it once more.</summary>
    private static void ReportSample(
        RuleSpec rule, MemberDeclaration member, MemberSpec spec, Mixtures mixtures, ExpressionTranslator translator, DiagnosticSink sink)
    {
        if (PartsOf(rule, spec) is not var (setting, past, sample))
        {
            return;
        }

        bool averages = mixtures.Of(sample).Any(mixture => mixture.Past.Count == 1 && mixture.Past[0] == past)
            || (setting >= 0 && Terms(rule, sample).Any(term => IsWeighted(rule, mixtures.Factors(term), setting, past)));
        if (averages)
        {
            Location place = translator.Places.TryGetValue(sample, out Location? written) ? written : member.Location;
            sink.Report(DiagnosticDescriptors.CorrectionDoesNotFit, place, ExpressionWarnings.Text(place),
                $"is averaged a second time: [RunningAverage] averages what '{member.Name}' returns", "return only the sample");
        }
    }

    /// <summary>Whether a term has the past times the decay, or one less the decay.</summary>
    private static bool IsWeighted(RuleSpec rule, List<int> factors, int setting, int past)
    {
        List<int> plain = [.. factors.Select(factor => HandCorrections.Unconverted(rule, factor))];
        return (plain.Contains(setting) && plain.Contains(past))
            || plain.Exists(factor => rule.Nodes[factor] is { Operation: Operation.Subtract } rest
                && HandCorrections.Unconverted(rule, rest.B) == setting && Constants.LiteralOf(rule.Nodes, rest.A) is 1);
    }

    private static IEnumerable<int> Terms(RuleSpec rule, int sum)
    {
        var pending = new Stack<int>([sum]);
        while (pending.Count > 0)
        {
            int index = pending.Pop();
            Expression node = rule.Nodes[index];
            if (node.Operation is Operation.Add or Operation.Subtract)
            {
                pending.Push(node.A);
                pending.Push(node.B);
            }
            else
            {
                yield return index;
            }
        }
    }

    /// <summary>An average's decay, past and sample; of one by a window or weight the last two.</summary>
    private static (int Setting, int Past, int Sample)? PartsOf(RuleSpec rule, MemberSpec spec)
        => spec.Averaging == Averaging.Decay ? Averages.PartsOf(rule, spec)
            : spec.Stored >= 0 && rule.Nodes[spec.Stored] is { Operation: Operation.Add } sum
                && rule.Nodes[sum.B] is { Operation: Operation.Multiply } change
                && rule.Nodes[change.A] is { Operation: Operation.Subtract } difference && difference.B == sum.A ? (-1, sum.A, difference.A)
            : null;
}
