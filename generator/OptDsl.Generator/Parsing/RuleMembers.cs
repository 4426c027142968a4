using Microsoft.CodeAnalysis;
using OptDsl.Generator.Language;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// The values of a rule, told apart as the language does it: by symbol. A name may stand for several of them, where a type hides
/// what its base types declare.
/// </summary>
internal sealed class RuleMembers
{
    private readonly INamedTypeSymbol rule;
    private readonly Compilation compilation;
    private readonly Dictionary<ISymbol, MemberAccess> accesses = new(SymbolEqualityComparer.Default);

    internal RuleMembers(INamedTypeSymbol rule, Compilation compilation)
    {
        this.rule = rule;
        this.compilation = compilation;
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (INamedTypeSymbol type in Chain)
        {
            foreach (ISymbol member in type.GetMembers().Where(IsValue))
            {
                if (AccessOf(member, type, taken) is { } access)
                {
                    accesses.Add(member, access);
                }
            }
        }
    }

    /// <summary>The values that the kernel can read, those of the rule first, then those of its base types.</summary>
    internal IEnumerable<(ISymbol Member, MemberAccess Access)> All
        => Chain.SelectMany(type => type.GetMembers()).Where(accesses.ContainsKey).Select(member => (member, accesses[member]));

    private IEnumerable<INamedTypeSymbol> Chain => ChainOf(rule);

    /// <summary>The type and its base types but <c>object</c>, in that order.</summary>
    internal static IEnumerable<INamedTypeSymbol> ChainOf(INamedTypeSymbol rule)
    {
        for (INamedTypeSymbol? type = rule; type is not null && type.SpecialType != SpecialType.System_Object; type = type.BaseType)
        {
            yield return type;
        }
    }

    /// <summary>How the kernel reads a value, or null where it cannot.</summary>
    internal MemberAccess? Access(ISymbol member) => accesses.TryGetValue(member, out MemberAccess? access) ? access : null;

    /// <summary>
    /// What an instance member is in the rule: of a generic base type, the member of its construction; of an interface, what implements
    /// it; of a virtual one, unless it is read through <c>base</c>, the override that runs.
    /// </summary>
    internal TSymbol InRule<TSymbol>(TSymbol member, bool isVirtualRead)
        where TSymbol : class, ISymbol
    {
        if (member.ContainingType.TypeKind == TypeKind.Interface)
        {
            return rule.FindImplementationForInterfaceMember(member) as TSymbol ?? member;
        }

        ISymbol found = member;
        INamedTypeSymbol? declaring = Chain.FirstOrDefault(type =>
            SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, member.ContainingType.OriginalDefinition));
        if (declaring is not null)
        {
            found = declaring.GetMembers(member.Name)
                .FirstOrDefault(other => SymbolEqualityComparer.Default.Equals(other.OriginalDefinition, member.OriginalDefinition))
                ?? member;
        }

        return (TSymbol)(isVirtualRead ? OverrideOf(found) ?? found : found);
    }

    /// <summary>Why the kernel cannot read a value, and what to do, in words.</summary>
    internal (string Why, string Advice) Unreachable(ISymbol member)
    {
        string owner = member.ContainingType.Name;
        if (compilation.IsSymbolAccessibleWithin(member, rule)
            && TypeText.Unnameable(member.ContainingType, rule, compilation) is { } reason)
        {
            return (reason, "move the value to a type that every file can name, or make it a constant");
        }

        return OverrideOf(member) is { } other
            ? ($"'{other.ContainingType.Name}' overrides it, and only the rule itself can read past an override",
                "give the two values different names")
            : member is IFieldSymbol { IsImplicitlyDeclared: true }
            ? ("it is the field behind a property", "let the getter return it as it is: { get; init; }")
            : !member.CanBeReferencedByName ? ("it implements an interface explicitly", "make it a property of the rule's own")
            : IsValue(member)
            && IsReadable(member, rule)
            ? ($"it is protected in '{owner}' and hidden by another member of its name",
                "make it internal or public, or give it another name")
            : ($"it is not accessible outside of '{owner}'", "make it internal, protected or public");
    }

    /// <summary>
    /// The property or field that a name stands for where the rule is what is asked; null where it stands for anything else.
    /// </summary>
    internal ISymbol? Find(string? name)
    {
        if (name is null)
        {
            return null;
        }

        ISymbol? found = Chain.SelectMany(type => type.GetMembers(name))
            .FirstOrDefault(member => compilation.IsSymbolAccessibleWithin(member, rule));
        return found is IPropertySymbol { IsIndexer: false } or IFieldSymbol ? found : null;
    }

    internal static ITypeSymbol? TypeOf(ISymbol member) => (member as IPropertySymbol)?.Type ?? (member as IFieldSymbol)?.Type;

    private static bool IsValue(ISymbol member)
        => member is { IsStatic: false, CanBeReferencedByName: true } and (IFieldSymbol { IsImplicitlyDeclared: false }
        or IPropertySymbol { IsIndexer: false, GetMethod: not null, ExplicitInterfaceImplementations.IsEmpty: true });

    /// <summary>The access of a member that is read by its name, or, where that stands for another one, by its type.</summary>
    private MemberAccess? AccessOf(ISymbol member, INamedTypeSymbol type, HashSet<string> taken)
    {
        if (!IsReadable(member, rule) || OverrideOf(member) is not null)
        {
            return null;
        }

        // Names of the generated part are its own, although it is not there yet.
        bool isGenerated = member.Name is KnownTypes.KernelTypeName or KnownTypes.ReportName
            && !SymbolEqualityComparer.Default.Equals(type, rule);
        if (!isGenerated && SymbolEqualityComparer.Default.Equals(Find(member.Name), member))
        {
            taken.Add(member.Name);
            return new MemberAccess(member.Name, member.Name, "");
        }

        // A protected member is reached through the rule's own type only, whose name stands for another member.
        if (!IsReadable(member, type) || TypeText.Unnameable(type, rule, compilation) is not null)
        {
            return null;
        }

        string name = $"{type.ToDisplayString(NestedName)}.{member.Name}";
        name = taken.Add(name) ? name : $"{type.ToDisplayString()}.{member.Name}";
        return new MemberAccess(name, member.Name, type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat));
    }

    private bool IsReadable(ISymbol member, INamedTypeSymbol through)
        => compilation.IsSymbolAccessibleWithin(member, rule, through)
        && (member is not IPropertySymbol property || compilation.IsSymbolAccessibleWithin(property.GetMethod!, rule, through));

    /// <summary>The last override of a property or method in the rule, or null.</summary>
    private ISymbol? OverrideOf(ISymbol member)
        => member is not { IsVirtual: true } and not { IsAbstract: true } and not { IsOverride: true } ? null
        : Chain.TakeWhile(type => !SymbolEqualityComparer.Default.Equals(type, member.ContainingType))
            .SelectMany(type => type.GetMembers(member.Name)).FirstOrDefault(other => Overrides(other, member));

    private static bool Overrides(ISymbol member, ISymbol overridden)
    {
        for (ISymbol? next = Overridden(member); next is not null; next = Overridden(next))
        {
            if (SymbolEqualityComparer.Default.Equals(next, overridden))
            {
                return true;
            }
        }

        return false;
    }

    private static ISymbol? Overridden(ISymbol member)
        => (ISymbol?)(member as IPropertySymbol)?.OverriddenProperty ?? (member as IMethodSymbol)?.OverriddenMethod;

    private static readonly SymbolDisplayFormat NestedName = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);
}
