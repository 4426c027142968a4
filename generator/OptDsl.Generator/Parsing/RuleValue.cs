using Microsoft.CodeAnalysis;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// A scalar that a value of the rule holds: a hyperparameter, read by the kernel or by a property that the kernel asks. All of them
/// make up what a file must hold of the rule.
/// </summary>
internal sealed record RuleValue(ValueSpec Spec, ISymbol Member, bool CanBeSet)
{
    /// <summary>
    /// The instance fields and the properties with a field of their own, base types' and hidden ones too, in the order of their names.
    /// </summary>
    internal static List<RuleValue> Of(INamedTypeSymbol rule, RuleMembers members, Compilation compilation)
    {
        HashSet<ISymbol?> held = new(RuleMembers.ChainOf(rule).SelectMany(type => type.GetMembers().OfType<IFieldSymbol>())
            .Select(field => field.AssociatedSymbol), SymbolEqualityComparer.Default);
        var found = new List<RuleValue>();
        foreach ((ISymbol member, MemberAccess access) in members.All)
        {
            if (KnownTypes.InBody(RuleMembers.TypeOf(member)) is not { } scalar)
            {
                continue;
            }

            ValueSpec spec = access.Spec(scalar) with
            {
                Enum = KnownTypes.IsEnum(RuleMembers.TypeOf(member))
                ? RuleMembers.TypeOf(member)!.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) : ""
            };
            if (member is IFieldSymbol field)
            {
                found.Add(new RuleValue(spec, member, !field.IsReadOnly));
            }
            else if (held.Contains(member))
            {
                found.Add(new RuleValue(spec, member,
                    ((IPropertySymbol)member).SetMethod is { } setter
                        && compilation.IsSymbolAccessibleWithin(setter, rule, access.Owner.Length == 0 ? rule : member.ContainingType)));
            }
        }

        return [.. found.OrderBy(value => value.Spec.Name, StringComparer.Ordinal)];
    }

    /// <summary>A record's copy; of a class a new one, where all its values can be set and nothing else is asked for.</summary>
    internal static CopySpec? Copy(INamedTypeSymbol type, List<RuleValue> values)
    {
        // A base type's hidden value is set on a copy made as that type, which is a rule all the same.
        List<CopyLayer> layers = [.. Enumerable.Range(0, values.Count).Where(i => values[i].CanBeSet).GroupBy(i => values[i].Spec.Owner)
            .OrderBy(layer => layer.Key.Length > 0).Select(layer => new CopyLayer(layer.Key, new EquatableArray<int>(layer)))];
        bool isWhole = layers.Count == 1 && layers[0].Owner.Length == 0 && layers[0].Values.Count == values.Count;
        return layers.Count > 0 && (type.IsRecord || (isWhole && CanBeMade(type, values)))
            ? new CopySpec(type.IsRecord, new EquatableArray<CopyLayer>(layers)) : null;
    }

    private static bool CanBeMade(INamedTypeSymbol type, List<RuleValue> values)
        => type.InstanceConstructors.Any(constructor => constructor.Parameters.Length == 0)
            && RuleMembers.ChainOf(type).SelectMany(layer => layer.GetMembers())
                .All(member => member is not (IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true })
                    || values.Exists(value => SymbolEqualityComparer.Default.Equals(value.Member, member)));
}
