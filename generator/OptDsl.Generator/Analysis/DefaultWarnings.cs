using System.Globalization;
using Microsoft.CodeAnalysis;
using OptDsl.Generator.Analysis.Ranges;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;
using OptDsl.Generator.Parsing;

namespace OptDsl.Generator.Analysis;

/// <summary>Defaults of hyperparameters, and what is computed of them alone, that are out of range or lost in float.</summary>
internal static class DefaultWarnings
{
    private const string AnotherDefault = "choose another default";

    internal static void Report(DeclaredRule declared, DiagnosticSink sink)
    {
        ReportDefaults(declared.Type, declared.Members, declared.Averages, sink);
        ReportDomains(declared.Type, declared.Averages, declared.Values, sink);
        if (declared.Rule.Element == ScalarType.Float64)
        {
            ReportLost(declared.Rule, declared.Type, declared.Translator, sink);
        }
    }

    /// <summary>A default that is out of range.</summary>
    internal static void Report(Location location, double value, string name, string why, DiagnosticSink sink)
        => sink.Report(DiagnosticDescriptors.DefaultOutOfRange, location, $"default {Text(value)}", name, why, AnotherDefault);

    /// <summary>Decays and windows that the rule computes.</summary>
    internal static void ReportSettings(DeclaredRule declared, RangeAnalysis ranges, DiagnosticSink sink)
    {
        (RuleSpec rule, List<MemberDeclaration> members) = (declared.Rule, declared.Members);
        double?[] defaults = Constants.AtDefaults(rule);
        for (int i = 0; i < members.Count; i++)
        {
            if (declared.Averages[i] is not { Averaging: not Averaging.Weight } average
                || DefaultValues.Of(declared.Type, average.Source) is not null
                || Averages.SettingOf(rule, rule.Members.First(member => member.Name == members[i].Name)) is not { } setting
                || !rule.Nodes[setting].Operands.Any())
            {
                continue;
            }

            ValueRange allowed = average.IsWindow ? ValueRange.FromOne : ValueRange.Decay;
            double? value = defaults[setting];
            bool isOut = value is { } known ? !IsAllowed(average, known)
                : ranges.Unassumed(setting) is { IsEmpty: false } range && ValueRange.Both(range, allowed).IsEmpty;
            if (isOut)
            {
                string what = value is { } given ? $"value {Text(given)} (at the defaults)" : "value";
                sink.Report(DiagnosticDescriptors.DefaultOutOfRange, average.Source.Locations[0], what, average.Source.Name,
                    Allowed(average), "correct its formula");
            }
        }
    }

    /// <summary>A division of integers by what is zero at the defaults, which throws in every step.</summary>
    internal static void ReportDivisor(DeclaredRule declared, int divisor, Location place, DiagnosticSink sink)
    {
        Expression node = declared.Rule.Nodes[divisor];
        string text = ExpressionWarnings.Text(place);
        if (node.Operation == Operation.Hyperparameter
            && DefaultValues.Of(declared.Type, declared.Translator.Read[node.Text].Member) is var (value, location))
        {
            Report(location, value, node.Text, $"'{text}' divides integers by it, and throws in every step", sink);
        }
        else
        {
            sink.Report(DiagnosticDescriptors.DivisionReachesZero, place, text, "an integer division throws");
        }
    }

    private static bool IsAllowed(AverageSettings average, double value)
        => average.IsWindow ? value >= 1 && !double.IsInfinity(value) : value >= 0 && value < 1;

    private static string Allowed(AverageSettings average)
        => average.IsWindow ? "a window is at least 1 and finite" : "a decay lies in [0, 1)";

    private static void ReportDefaults(INamedTypeSymbol type, List<MemberDeclaration> members, List<AverageSettings?> averages,
        DiagnosticSink sink)
    {
        for (int i = 0; i < members.Count; i++)
        {
            if (averages[i] is not { Averaging: not Averaging.Weight } average
                || DefaultValues.Of(type, average.Source) is not var (value, location))
            {
                continue;
            }

            if (!IsAllowed(average, value))
            {
                Report(location, value, average.Source.Name, Allowed(average), sink);
            }
        }
    }

    /// <summary>Defaults outside of the domain that is declared beside them; what averages require is said there.</summary>
    private static void ReportDomains(INamedTypeSymbol type, List<AverageSettings?> averages, RuleMembers values, DiagnosticSink sink)
    {
        foreach ((ISymbol member, _) in values.All.Where(value =>
            !averages.Exists(average => SymbolEqualityComparer.Default.Equals(average?.Source, value.Member))))
        {
            if (DefaultValues.Of(type, member) is not var (value, location))
            {
                continue;
            }

            if (DomainReader.Of(member) is { } domain && !domain.Contains(value))
            {
                Report(location, value, member.Name, $"its domain is {domain}", sink);
            }
            else if (double.IsNaN(value))
            {
                Report(location, value, member.Name, "every value computed with it is NaN too", sink);
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
                sink.Report(DiagnosticDescriptors.ConstantLostInFloat, location, $"The default {Text(value)} of '{spec.Name}'",
                    Text((float)value));
            }
        }

        double?[] defaults = Constants.AtDefaults(rule);
        var isWide = new bool[rule.Nodes.Count];
        for (int i = 0; i < isWide.Length; i++)
        {
            Expression node = rule.Nodes[i];
            isWide[i] = node.Operation == Operation.Widen
                || (node.Operation != Operation.Reduction && node.Operands.Any(operand => isWide[operand]));
            foreach (int operand in node.PerElement && !isWide[i] ? node.Operands : [])
            {
                ReportLost(rule, operand, defaults[operand], translator, sink);
            }
        }
    }

    /// <summary>A constant, or what is made of hyperparameters, that meets a per-parameter value.</summary>
    private static void ReportLost(RuleSpec rule, int index, double? atDefaults, ExpressionTranslator translator, DiagnosticSink sink)
    {
        Expression node = rule.Nodes[index];
        if (node is { Operation: Operation.Constant, Type: ScalarType.Float64 })
        {
            double value = Constants.ValueOf(node);
            if (IsLost(value) && translator.FirstRead.TryGetValue(index, out Location? location))
            {
                sink.Report(DiagnosticDescriptors.ConstantLostInFloat, location, $"The constant {Text(value)}", Text((float)value));
            }
        }
        else if (node is { PerElement: false, Type: ScalarType.Float64 } && node.Operands.Any()
            && atDefaults is { } product && IsLost(product) && translator.Places.TryGetValue(index, out Location? place))
        {
            string rounded = product.ToString("G4", CultureInfo.InvariantCulture);
            sink.Report(DiagnosticDescriptors.ConstantLostInFloat, place,
                $"The value {rounded} of '{ExpressionWarnings.Text(place)}' at the defaults", Text((float)product));
        }
    }

    private static bool IsLost(double value)
        => (value != 0 && (float)value == 0) || (!double.IsInfinity(value) && float.IsInfinity((float)value));

    internal static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
