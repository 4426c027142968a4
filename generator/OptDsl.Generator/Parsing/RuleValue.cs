using Microsoft.CodeAnalysis;
using OptDsl.Generator.Emission;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// A scalar that a value of the rule holds: a hyperparameter, read by the kernel or by a property that the kernel asks. All of them
/// make up what a file must hold of the rule.
/// </summary>
internal sealed record RuleValue(ValueSpec Spec, bool CanBeSet)
{
    /// <summary>The instance fields and the properties with a field of their own, base types' too, in the order of their names.</summary>
    internal static List<RuleValue> Of(INamedTypeSymbol rule, Compilation compilation)
    {
        var found = new Dictionary<string, RuleValue>(StringComparer.Ordinal);
        for (INamedTypeSymbol? type = rule; type is not null && type.SpecialType != SpecialType.System_Object; type = type.BaseType)
        {
            HashSet<ISymbol?> held = new(type.GetMembers().OfType<IFieldSymbol>().Select(field => field.AssociatedSymbol), SymbolEqualityComparer.Default);
            foreach (ISymbol member in type.GetMembers())
            {
                if (!member.IsStatic && member.CanBeReferencedByName && !found.ContainsKey(member.Name) && compilation.IsSymbolAccessibleWithin(member, rule) && Read(member, held, rule, compilation) is { } value)
                {
                    found.Add(member.Name, value);
                }
            }
        }

        return [.. found.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)];
    }

    /// <summary>A record's copy; of a class a new one, where all its values can be set and nothing else is asked for.</summary>
    internal static string? Copy(INamedTypeSymbol type, List<RuleValue> values)
    {
        List<string> set = [];
        for (int i = 0; i < values.Count; i++)
        {
            ScalarType scalar = values[i].Spec.Type;
            string value = $"values[{i.ToString(System.Globalization.CultureInfo.InvariantCulture)}]";
            if (values[i].CanBeSet)
            {
                set.Add($"{Names.Identifier(values[i].Spec.Name)} = {UniformEmitter.FromDouble(scalar, value)}");
            }
        }

        return set.Count == 0 ? null
            : type.IsRecord ? $"this with {{ {string.Join(", ", set)} }}"
            : set.Count == values.Count && CanBeMade(type, values) ? $"new {type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}() {{ {string.Join(", ", set)} }}"
            : null;
    }

    private static bool CanBeMade(INamedTypeSymbol type, List<RuleValue> values)
        => type.InstanceConstructors.Any(constructor => constructor.Parameters.Length == 0)
            && type.GetMembers().All(member => member is not (IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }) || values.Exists(value => value.Spec.Name == member.Name));

    private static RuleValue? Read(ISymbol member, HashSet<ISymbol?> held, INamedTypeSymbol rule, Compilation compilation)
    {
        switch (member)
        {
            case IFieldSymbol { IsImplicitlyDeclared: false } field when KnownTypes.ScalarOf(field.Type) is { } scalar:
                return new RuleValue(new ValueSpec(field.Name, scalar), !field.IsReadOnly);
            case IPropertySymbol { IsIndexer: false, GetMethod: not null, ExplicitInterfaceImplementations.IsEmpty: true } property
                when held.Contains(property) && KnownTypes.ScalarOf(property.Type) is { } scalar:
                return new RuleValue(new ValueSpec(property.Name, scalar), property.SetMethod is { } setter && compilation.IsSymbolAccessibleWithin(setter, rule));
            default:
                return null;
        }
    }
}
