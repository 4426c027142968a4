using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// What attributes of the author's make the compiler, or an analyzer that comes with the framework, say of text that names what they stand
/// on. It was said where the author wrote it, or settled there; of the kernel's text nobody wants to hear it again.
/// </summary>
internal static class AttributeEffects
{
    internal static TypeHierarchy Describe(TypeHierarchy hierarchy, IEnumerable<ISymbol> named)
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        bool isObsolete = false;
        foreach (AttributeData attribute in named.SelectMany(WithOuter).Distinct(SymbolEqualityComparer.Default)
            .SelectMany(symbol => symbol!.GetAttributes()))
        {
            switch (attribute.AttributeClass?.ToDisplayString())
            {
                case "System.ObsoleteAttribute":
                    isObsolete |= attribute.ConstructorArguments is { Length: 2 } arguments && arguments[1].Value is true;
                    Add(attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "DiagnosticId").Value.Value);
                    break;
                case "System.Diagnostics.CodeAnalysis.ExperimentalAttribute":
                    Add(attribute.ConstructorArguments.FirstOrDefault().Value);
                    break;
                case "System.Diagnostics.CodeAnalysis.RequiresUnreferencedCodeAttribute":
                    ids.Add("IL2026");
                    break;
                case "System.Diagnostics.CodeAnalysis.RequiresDynamicCodeAttribute":
                    ids.Add("IL3050");
                    break;
                case "System.Diagnostics.CodeAnalysis.RequiresAssemblyFilesAttribute":
                    ids.Add("IL3002");
                    break;
                case "System.Runtime.Versioning.RequiresPreviewFeaturesAttribute":
                    ids.Add("CA2252");
                    break;
            }
        }

        return hierarchy with { IsObsolete = isObsolete, Suppressed = new EquatableArray<string>(ids) };

        void Add(object? id)
        {
            if (id is string text && SyntaxFacts.IsValidIdentifier(text))
            {
                ids.Add(text);
            }
        }
    }

    /// <summary>The symbol, its accessors, and what it lies in.</summary>
    private static IEnumerable<ISymbol> WithOuter(ISymbol symbol)
    {
        if (symbol is IPropertySymbol property)
        {
            foreach (IMethodSymbol? accessor in (ImmutableArray<IMethodSymbol?>)[property.GetMethod, property.SetMethod])
            {
                if (accessor is not null)
                {
                    yield return accessor;
                }
            }
        }

        for (ISymbol? outer = symbol; outer is not null and not INamespaceSymbol; outer = outer.ContainingSymbol)
        {
            yield return outer;
        }

        if (symbol.ContainingModule is { } module)
        {
            yield return module;
            yield return module.ContainingAssembly;
        }
    }
}
