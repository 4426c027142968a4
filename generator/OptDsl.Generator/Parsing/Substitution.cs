using Microsoft.CodeAnalysis;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// The type arguments of a generic type whose method is inlined: its body names the type's parameters, and the kernel knows the arguments.
/// </summary>
internal sealed class Substitution(Compilation compilation, IMethodSymbol? method)
{
    /// <summary>A member of a type, of which the type's parameters are replaced.</summary>
    internal TSymbol Of<TSymbol>(TSymbol member)
        where TSymbol : class, ISymbol
    {
        if (method is null || member.ContainingType is not { } type || Of(type) is not INamedTypeSymbol other
            || SymbolEqualityComparer.Default.Equals(other, type))
        {
            return member;
        }

        return other.GetMembers(member.Name).OfType<TSymbol>()
            .FirstOrDefault(twin => SymbolEqualityComparer.Default.Equals(twin.OriginalDefinition, member.OriginalDefinition)) ?? member;
    }

    private ITypeSymbol Of(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => ArgumentOf(parameter) ?? parameter,
        IArrayTypeSymbol array => compilation.CreateArrayTypeSymbol(Of(array.ElementType), array.Rank),
        INamedTypeSymbol named => Of(named),
        _ => type,
    };

    private INamedTypeSymbol Of(INamedTypeSymbol type)
    {
        if (type.TypeArguments.IsEmpty && type.ContainingType is null)
        {
            return type;
        }

        INamedTypeSymbol definition = type.ContainingType is null ? type.OriginalDefinition
            : Of(type.ContainingType).GetTypeMembers(type.Name, type.Arity)
            .FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(member.OriginalDefinition, type.OriginalDefinition))
            ?? type.OriginalDefinition;
        return type.Arity == 0 ? definition : definition.Construct([.. type.TypeArguments.Select(Of)]);
    }

    private ITypeSymbol? ArgumentOf(ITypeParameterSymbol parameter)
    {
        for (INamedTypeSymbol? layer = method?.ContainingType; layer is not null; layer = layer.ContainingType)
        {
            if (SymbolEqualityComparer.Default.Equals(layer.OriginalDefinition, parameter.DeclaringType))
            {
                return layer.TypeArguments[parameter.Ordinal];
            }
        }

        return null;
    }
}
