using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OptDsl.Testing;

/// <summary>
/// What an assembly promises: a line for each public type and member, as the compiler reads it from the metadata, so with
/// nullability, defaults and constraints. Members that the compiler wrote, such as a record's equality, are left out.
/// </summary>
public static class PublicApi
{
    private const SymbolDisplayMiscellaneousOptions Names = SymbolDisplayMiscellaneousOptions.UseSpecialTypes
        | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
        | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
        | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral;

    private static readonly SymbolDisplayFormat NameFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeVariance,
        miscellaneousOptions: Names);

    private static readonly SymbolDisplayFormat ShortFormat = NameFormat.WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters);

    private static readonly SymbolDisplayFormat MemberFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeConstantValue,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: Names);

    /// <summary>The lines, sorted, each ended by a line feed.</summary>
    public static string Describe(Assembly assembly)
    {
        IEnumerable<MetadataReference> others = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => path != assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path));
        MetadataReference described = MetadataReference.CreateFromFile(assembly.Location);
        var compilation = CSharpCompilation.Create("Reader", references: others.Append(described));
        var symbol = (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(described)!;
        return string.Concat(Lines(symbol.GlobalNamespace)
            .OrderBy(line => line.Type, StringComparer.Ordinal).ThenBy(line => line.Name, StringComparer.Ordinal).ThenBy(line => line.Text, StringComparer.Ordinal)
            .Select(line => $"{line.Type}: {line.Text}\n"));
    }

    /// <summary>A type's own line has no name, and so is the first of its lines.</summary>
    private static IEnumerable<(string Type, string Name, string Text)> Lines(INamespaceOrTypeSymbol container)
    {
        foreach (ISymbol member in container.GetMembers())
        {
            if (member is INamespaceSymbol inner)
            {
                foreach ((string, string, string) line in Lines(inner))
                {
                    yield return line;
                }
            }
            else if (IsPromised(member) && member is INamedTypeSymbol type)
            {
                yield return (type.ToDisplayString(NameFormat), "", Describe(type));
                foreach ((string, string, string) line in Lines(type))
                {
                    yield return line;
                }
            }
            else if (IsPromised(member) && member is not IMethodSymbol { AssociatedSymbol: not null } && !(IsEnum(container) && member is IMethodSymbol))
            {
                yield return (member.ContainingType.ToDisplayString(NameFormat), member.Name, Describe(member));
            }
        }
    }

    private static bool IsEnum(INamespaceOrTypeSymbol container) => container is INamedTypeSymbol { TypeKind: TypeKind.Enum };

    private static bool IsPromised(ISymbol member)
        => member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
            && !member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute");

    private static string Describe(ISymbol member)
    {
        // The compiler's display leaves out the modifiers of an interface's members, which are mostly abstract.
        string modifiers = member is { ContainingType.TypeKind: TypeKind.Interface, IsStatic: true } ? member.IsAbstract ? "static abstract " : "static " : "";
        return modifiers + member.ToDisplayString(MemberFormat);
    }

    private static string Describe(INamedTypeSymbol type)
    {
        string modifiers = type switch
        {
            { TypeKind: not TypeKind.Class } => type.IsReadOnly ? "readonly " : "",
            { IsStatic: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsSealed: true } => "sealed ",
            _ => "",
        };
        string kind = (type.IsRecord ? "record " : "") + (type.IsRefLikeType ? "ref " : "") + type.TypeKind.ToString().ToLowerInvariant();
        IEnumerable<ITypeSymbol> bases = type.BaseType is { SpecialType: SpecialType.None } baseType ? [baseType] : [];
        string[] supertypes = [.. bases.Concat(type.Interfaces.Where(IsPromised)).Select(super => super.ToDisplayString(ShortFormat)).Order(StringComparer.Ordinal)];
        string constraints = type.ToDisplayString(NameFormat.AddGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeConstraints))[type.ToDisplayString(NameFormat).Length..];
        return modifiers + kind + (supertypes.Length == 0 ? "" : " : " + string.Join(", ", supertypes)) + constraints;
    }
}
