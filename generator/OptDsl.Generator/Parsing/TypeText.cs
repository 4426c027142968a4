using Microsoft.CodeAnalysis;

namespace OptDsl.Generator.Parsing;

/// <summary>Types as emitted text names them: from the global namespace, in a file of its own.</summary>
internal static class TypeText
{
    /// <summary>Why emitted text cannot name a type, or null where it can.</summary>
    internal static string? Unnameable(ITypeSymbol type, INamedTypeSymbol rule, Compilation compilation)
    {
        if (type is not INamedTypeSymbol named)
        {
            return type switch
            {
                IArrayTypeSymbol array => Unnameable(array.ElementType, rule, compilation),
                IPointerTypeSymbol or IFunctionPointerTypeSymbol => "a pointer is part of its type, and the kernel is safe code",
                ITypeParameterSymbol parameter when IsHidden(parameter, rule) =>
                    $"the type parameter '{parameter.Name}' is hidden by another one of that name",
                _ => null,
            };
        }

        for (INamedTypeSymbol? layer = named; layer is not null; layer = layer.ContainingType)
        {
            string? reason = layer.IsFileLocal ? $"'{layer.Name}' is local to its file, and the kernel lies in another"
                : layer.TypeArguments.Select(argument => Unnameable(argument, rule, compilation)).FirstOrDefault(text => text is not null);
            if (reason is not null)
            {
                return reason;
            }
        }

        INamedTypeSymbol outermost = named;
        while (outermost.ContainingType is { } outer)
        {
            outermost = outer;
        }

        return IsGlobal(outermost.ContainingAssembly, compilation)
            && !compilation.GetTypesByMetadataName(MetadataName(outermost)).Any(other => IsTwin(other, outermost, compilation))
                ? null
                : $"'{outermost.Name}' of {outermost.ContainingAssembly.Name} has no name that the kernel's file could use, only one behind an alias";
    }

    /// <summary>Whether the parameter's name stands for that of a type further in.</summary>
    private static bool IsHidden(ITypeParameterSymbol parameter, INamedTypeSymbol rule)
    {
        for (INamedTypeSymbol? layer = rule; layer is not null; layer = layer.ContainingType)
        {
            if (layer.TypeParameters.FirstOrDefault(other => other.Name == parameter.Name) is { } first)
            {
                return !SymbolEqualityComparer.Default.Equals(first, parameter);
            }
        }

        return false;
    }

    /// <summary>Whether another type takes the name: the compilation's own wins, and two referenced ones are ambiguous.</summary>
    private static bool IsTwin(INamedTypeSymbol other, INamedTypeSymbol type, Compilation compilation)
        => !SymbolEqualityComparer.Default.Equals(other, type.OriginalDefinition)
            && !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly)
            && !other.IsFileLocal
            && compilation.IsSymbolAccessibleWithin(other, compilation.Assembly)
            && IsGlobal(other.ContainingAssembly, compilation);

    private static bool IsGlobal(IAssemblySymbol assembly, Compilation compilation)
        => compilation.GetMetadataReference(assembly)?.Properties.Aliases is not { IsDefaultOrEmpty: false } aliases
        || aliases.Contains("global");

    private static string MetadataName(INamedTypeSymbol type)
        => type.ContainingNamespace.IsGlobalNamespace ? type.MetadataName
            : type.ContainingNamespace.ToDisplayString(
                SymbolDisplayFormat.CSharpErrorMessageFormat.WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.None)) + "."
                    + type.MetadataName;
}
