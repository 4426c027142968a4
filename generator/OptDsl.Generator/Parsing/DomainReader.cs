using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>Reads where hyperparameters must lie: the intervals that <c>[Domain]</c> declares.</summary>
internal static class DomainReader
{
    /// <summary>The domains of the values that the kernel can read.</summary>
    internal static List<DomainSpec> Read(INamedTypeSymbol rule, RuleMembers members, DiagnosticSink sink)
    {
        CheckPlaces(rule, sink);
        var domains = new List<DomainSpec>();
        foreach ((ISymbol member, MemberAccess access) in members.All)
        {
            if (AttributeOf(member) is { } attribute
                && KnownTypes.ScalarOf(RuleMembers.TypeOf(member)) is { } scalar and not ScalarType.Boolean
                && IntervalOf(attribute, member, sink) is { } interval)
            {
                domains.Add(new DomainSpec(access.Spec(scalar), interval.In(scalar)));
            }
        }

        return [.. domains.OrderBy(domain => domain.Value.Name, StringComparer.Ordinal)];
    }

    /// <summary>The domain that a value declares, or null.</summary>
    internal static IntervalSpec? Of(ISymbol member)
        => AttributeOf(member) is { } attribute && Parse(RuleAttributes.Text(attribute)) is (IntervalSpec interval, null)
        ? interval.In(KnownTypes.ScalarOf(RuleMembers.TypeOf(member))) : null;

    /// <summary>
    /// An attribute of a positional record's parameter is the parameter's; the property it becomes has none. An override has the domain of
    /// what it overrides, and what implements an interface's property has that one's, where it declares none of its own.
    /// </summary>
    private static AttributeData? AttributeOf(ISymbol member)
        => OwnAttributeOf(member) ?? (member is not IPropertySymbol property ? null
            : property.OverriddenProperty is { } overridden ? AttributeOf(overridden)
            : property.ContainingType.AllInterfaces.SelectMany(type => type.GetMembers(property.Name))
                .Where(declared =>
                    SymbolEqualityComparer.Default.Equals(property.ContainingType.FindImplementationForInterfaceMember(declared), property))
                .Select(OwnAttributeOf).FirstOrDefault(attribute => attribute is not null));

    private static AttributeData? OwnAttributeOf(ISymbol member)
        => member.GetAttributes().Concat(ParameterOf(member)?.GetAttributes() ?? []).FirstOrDefault(KnownTypes.IsDomain);

    private static IParameterSymbol? ParameterOf(ISymbol member) => member is not IPropertySymbol { ContainingType.IsRecord: true } ? null
        : member.ContainingType.InstanceConstructors.SelectMany(constructor => constructor.Parameters)
            .FirstOrDefault(parameter => parameter.Name == member.Name && parameter.GetAttributes().Any(KnownTypes.IsDomain));

    private static IntervalSpec? IntervalOf(AttributeData attribute, ISymbol member, DiagnosticSink sink)
    {
        (IntervalSpec? interval, string? problem) = Parse(RuleAttributes.Text(attribute));
        if (problem is not null)
        {
            sink.Report(DiagnosticDescriptors.DomainIsNoInterval, ArgumentLocation(attribute, member),
                RuleAttributes.Text(attribute) ?? "null", member.Name, problem);
        }

        return interval;
    }


    private static (IntervalSpec? Interval, string? Problem) Parse(string? written)
    {
        string text = (written ?? "").Trim();
        if (text.Length < 2 || text[0] is not ('[' or '(') || text[text.Length - 1] is not (']' or ')'))
        {
            return (null, "it must begin with '[' or '(' and end with ']' or ')'");
        }

        string[] ends = text.Substring(1, text.Length - 2).Split(',');
        if (ends.Length != 2)
        {
            return (null, "it must have two ends with a comma between them");
        }

        if (End(ends[0]) is not { } low || End(ends[1]) is not { } high)
        {
            return (null, $"'{(End(ends[0]) is null ? ends[0] : ends[1]).Trim()}' is not a number");
        }

        var interval = new IntervalSpec(low, high, text[0] == '[', text[text.Length - 1] == ']');
        return low > high || (low == high && !(interval.IncludesLow && interval.IncludesHigh)) ? (null, "it contains no number")
            : (interval, null);
    }

    private static double? End(string text) => text.Trim() switch
    {
        "inf" or "+inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        var number => double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && !double.IsNaN(value)
            && !double.IsInfinity(value) ? value : null,
    };

    /// <summary>A domain on what is no hyperparameter would be checked by nobody.</summary>
    private static void CheckPlaces(INamedTypeSymbol rule, DiagnosticSink sink)
    {
        foreach (ISymbol member in rule.GetMembers())
        {
            if (member is IMethodSymbol method)
            {
                foreach (IParameterSymbol parameter in method.Parameters.Where(parameter => !Becomes(parameter, rule)))
                {
                    bool isValue = method.MethodKind == MethodKind.Constructor && rule.IsRecord
                        && rule.GetMembers(parameter.Name).OfType<IPropertySymbol>().Any();
                    Report(parameter, isValue ? OfNoNumber(parameter.Type)
                        : "only a value that the rule stores has a domain; put it on a hyperparameter", sink);
                }
            }
            else if (member.IsStatic || KnownTypes.ScalarOf(RuleMembers.TypeOf(member)) is null or ScalarType.Boolean)
            {
                Report(member,
                    member.IsStatic ? "a static value is not a hyperparameter; remove it"
                        : OfNoNumber(RuleMembers.TypeOf(member)), sink);
            }
        }
    }

    private static string OfNoNumber(ITypeSymbol? type)
        => (type?.SpecialType == SpecialType.System_Boolean ? "a bool has no domain, "
            : type?.TypeKind == TypeKind.Enum ? "an enum has no domain, " : "")
            + "only a double, float or int has a domain; remove it";

    private static bool Becomes(IParameterSymbol parameter, INamedTypeSymbol rule)
        => parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } && rule.IsRecord
            && rule.GetMembers(parameter.Name).OfType<IPropertySymbol>()
            .Any(property => KnownTypes.ScalarOf(property.Type) is not (null or ScalarType.Boolean));

    private static void Report(ISymbol symbol, string problem, DiagnosticSink sink)
    {
        foreach (AttributeData attribute in symbol.GetAttributes().Where(KnownTypes.IsDomain))
        {
            sink.Report(DiagnosticDescriptors.MisplacedAttribute, RoleReader.AttributeLocation(attribute), "Domain", symbol.Name, problem);
        }
    }

    private static Location ArgumentLocation(AttributeData attribute, ISymbol member)
        => attribute.ApplicationSyntaxReference?.GetSyntax() is AttributeSyntax syntax
        ? (syntax.ArgumentList?.Arguments.FirstOrDefault() ?? (SyntaxNode)syntax).GetLocation() : member.Locations[0];
}
