using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>Reads the type itself: whether a kernel can be added to it, and where.</summary>
internal static class DeclarationReader
{
    internal static void Check(INamedTypeSymbol type, Compilation compilation, DiagnosticSink sink)
    {
        Location location = type.Locations[0];
        if (compilation is CSharpCompilation { LanguageVersion: < LanguageVersion.CSharp12 } csharp)
        {
            sink.Report(DiagnosticDescriptors.LanguageTooOld, location, type.Name,
                $"the language version is {csharp.LanguageVersion.ToDisplayString()} and the kernel needs 12",
                    "set <LangVersion> to 12 or later");
        }

        if (compilation.GetTypeByMetadataName(KnownTypes.UpdateRule) is null)
        {
            sink.Report(DiagnosticDescriptors.LanguageTooOld, location, type.Name,
                "OptDsl's runtime is not referenced", "target net10.0 or later and reference the package OptDsl");
        }

        if (type.TypeKind == TypeKind.Struct)
        {
            sink.Report(DiagnosticDescriptors.RuleIsStruct, location, type.Name);
        }
        else if (Unsuitable(type) is var (what, advice))
        {
            sink.Report(DiagnosticDescriptors.TypeNotSealed, location, type.Name, what, advice);
        }

        if (!IsPartial(type))
        {
            sink.Report(DiagnosticDescriptors.TypeNotPartial, location, type.Name);
        }

        if (!CanBeReopened(type))
        {
            sink.MarkInvalid();
        }

        for (INamedTypeSymbol? outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            if (!IsPartial(outer))
            {
                sink.Report(DiagnosticDescriptors.ContainingTypeNotPartial, outer.Locations[0], [location],
                    ImmutableDictionary<string, string?>.Empty, [outer.Name, type.Name]);
            }
        }
    }

    internal static TypeHierarchy Hierarchy(INamedTypeSymbol type)
    {
        var layers = new List<TypeLayer>();
        for (INamedTypeSymbol? layer = type; layer is not null; layer = layer.ContainingType)
        {
            layers.Insert(0, new TypeLayer(
                Keyword(layer),
                layer.Name,
                new EquatableArray<string>(layer.TypeParameters.Select(parameter => parameter.Name))));
        }

        var spaces = new List<string>();
        for (INamespaceSymbol space = type.ContainingNamespace; !space.IsGlobalNamespace; space = space.ContainingNamespace)
        {
            spaces.Insert(0, Names.Identifier(space.Name));
        }

        return new TypeHierarchy(string.Join(".", spaces), new EquatableArray<TypeLayer>(layers), HintNames.Of(type));
    }

    /// <summary>What is told of a rule with errors.</summary>
    internal static InvalidRule Invalid(INamedTypeSymbol type, Compilation compilation, IReadOnlyList<ReportSpec> errors)
    {
        bool isFloat = type.GetMembers().OfType<IMethodSymbol>().Any(method =>
            method.ReturnType.SpecialType == SpecialType.System_Single
            && method.GetAttributes().Any(attribute => KnownTypes.RoleOf(attribute) == MemberRole.Update));
        string error = errors.Count == 0 ? "it does not compile." : errors[0].Words();
        bool extends = CanBeExtended(type, compilation);

        // Where nothing is added, each use of the rule is the compiler's error, and it may not come to ask the analyzer: the generator
        // reports.
        IEnumerable<ReportSpec> reports = extends ? [] : errors;
        return new InvalidRule(type.Name, extends ? Hierarchy(type) : null, isFloat,
            errors.Any(reported => reported.Id == DiagnosticIds.ReservedName), error, new EquatableArray<ReportSpec>(reports));
    }

    /// <summary>
    /// Whether a part in another file can give the type interfaces. One that is not partial it would give an error of its declaration
    /// (CS0260), after which the compiler shows no analyzer's diagnostics, of other rules either; where it lacks the interfaces, uses of it
    /// within bodies hide nothing.
    /// </summary>
    private static bool CanBeExtended(INamedTypeSymbol type, Compilation compilation)
        => type.TypeKind == TypeKind.Class && !type.IsStatic && Layers(type).All(IsPartial)
            && compilation is CSharpCompilation { LanguageVersion: >= LanguageVersion.CSharp12 }
            && compilation.GetTypeByMetadataName(KnownTypes.UpdateRule) is not null && !Layers(type).Any(layer => layer.IsFileLocal)
            && CanBeReopened(type);

    private static IEnumerable<INamedTypeSymbol> Layers(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? layer = type; layer is not null; layer = layer.ContainingType)
        {
            yield return layer;
        }
    }

    private static (string What, string Advice)? Unsuitable(INamedTypeSymbol type)
    {
        if (type.IsStatic)
        {
            return ("static", "make it a sealed partial record, whose values are its hyperparameters");
        }

        if (type.IsAbstract)
        {
            return ("abstract", "make it sealed, and move what is shared into static helper methods");
        }

        for (INamedTypeSymbol? layer = type; layer is not null; layer = layer.ContainingType)
        {
            if (layer.IsFileLocal)
            {
                return (layer.Equals(type, SymbolEqualityComparer.Default) ? "local to its file"
                    : $"inside '{layer.Name}', which is local to its file",
                    "remove the 'file' modifier, so that the generated part can lie in another file");
            }
        }

        return type.IsSealed ? null : ("not sealed", "add the 'sealed' modifier");
    }

    private static bool IsPartial(INamedTypeSymbol type)
        => type.DeclaringSyntaxReferences.All(reference =>
            reference.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    /// <summary>
    /// Whether the kernel's part would join the type. While it is typed it may have no name yet, or share it with another
    /// type; the compiler says so, and a part emitted all the same would only add errors of its own.
    /// </summary>
    private static bool CanBeReopened(INamedTypeSymbol type)
    {
        for (INamespaceSymbol space = type.ContainingNamespace; !space.IsGlobalNamespace; space = space.ContainingNamespace)
        {
            if (space.Name.Length == 0)
            {
                return false;
            }
        }

        for (INamedTypeSymbol? layer = type; layer is not null; layer = layer.ContainingType)
        {
            var twins = ((INamespaceOrTypeSymbol?)layer.ContainingType ?? layer.ContainingNamespace)
                .GetTypeMembers(layer.Name, layer.Arity);
            if (layer.Name.Length == 0
                || twins.Count(twin => twin.Locations.Any(location => location.IsInSource)) > 1
                || layer.TypeParameters.Select(parameter => parameter.Name).Distinct().Count() < layer.Arity
                || layer.TypeParameters.Any(parameter => parameter.Name.Length == 0
                    || parameter.ConstraintTypes.Any(constraint => constraint.TypeKind == TypeKind.Error)))
            {
                return false;
            }
        }

        return true;
    }

    private static string Keyword(INamedTypeSymbol type) => (type.TypeKind, type.IsRecord) switch
    {
        (TypeKind.Struct, true) => "record struct",
        (TypeKind.Struct, false) => "struct",
        (TypeKind.Interface, _) => "interface",
        (_, true) => "record",
        _ => "class",
    };
}
